import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openAdmission } from "./admission.ts";
import { admitRequest, findRoom } from "./answer-room.ts";

// Goal: what clients do not read is bounded over all connections, whoever else asks is answered, and all of it comes back.

const LONG = 16 * 1_048_576;
const answers = openAdmission(Number.POSITIVE_INFINITY, 2 * LONG + 65_536);
const sockets: Socket[] = [];
let server: Server | undefined;
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.close();
});

/** Answers with as many bytes as the path says, or that there is no room. */
async function listen(): Promise<number> {
  server = createServer((request, response) => {
    if (!admitRequest(answers, request, response)) return;
    const length = Number(request.url!.slice(1));
    if (findRoom(answers, response, length)) response.end(Buffer.alloc(length));
    else response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function askWithoutReading(port: number, length: number, times: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.pause();
  socket.write(`GET /${length} HTTP/1.1\r\nHost: id.example.cn\r\n\r\n`.repeat(times));
  sockets.push(socket);
  return socket;
}

test("long answers that are not read take room until their clients are gone", async () => {
  const port = await listen();
  const ask = async (length: number): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${port}/${length}`);
    await response.arrayBuffer();
    return response.status;
  };
  expect(await ask(LONG)).toBe(200);
  await expect.poll(() => answers.bytes()).toBe(0);
  const slow = [1, 2].map(() => askWithoutReading(port, LONG, 1));
  await expect.poll(() => answers.count()).toBe(2);
  expect(await ask(LONG)).toBe(503);
  expect(await ask(100)).toBe(200);
  for (const socket of slow) socket.destroy();
  await expect.poll(() => answers.bytes()).toBe(0);
  expect(await ask(LONG)).toBe(200);
  await expect.poll(() => answers.bytes()).toBe(0);
});

test("so do short ones that wait for others on their connection", async () => {
  const port = await listen();
  const socket = askWithoutReading(port, 30_000, 700);
  await expect.poll(() => answers.bytes()).toBeGreaterThan(5_000_000);
  expect(answers.bytes()).toBeLessThanOrEqual(2 * LONG + 65_536);
  socket.destroy();
  await expect.poll(() => answers.bytes()).toBe(0);
});

test("who sends more at once than there is room for is cut off", async () => {
  const port = await listen();
  const isCut = new Promise((resolve) =>
    server!.once("connection", (socket) => socket.once("close", resolve)),
  );
  askWithoutReading(port, 60_000, 5_000);
  await isCut;
  await expect.poll(() => answers.bytes()).toBe(0);
});
