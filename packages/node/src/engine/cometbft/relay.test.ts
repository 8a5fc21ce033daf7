import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, expect, test } from "vitest";
import { startRelay } from "./relay.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A relay before a server that does with its connections what a test wants. */
async function relayTo(
  serve: (socket: Socket) => void,
  allowHalfOpen = false,
): Promise<{ from: string; server: Server }> {
  const folder = mkdtempSync(`${tmpdir()}/cityroot-relay-`);
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const server = createServer({ allowHalfOpen }, serve);
  await new Promise<void>((resolve) => server.listen(`${folder}/engine`, resolve));
  undo.push(() => server.close());
  const from = `${folder}/application`;
  const relay = await startRelay({ from, to: `${folder}/engine` }, () => undefined);
  undo.push(relay.close);
  return { from, server };
}

function open(path: string): Socket {
  const socket = connect(path);
  undo.push(() => socket.destroy());
  return socket;
}

test("what is sent arrives whole and in order, both ways", async () => {
  const { from } = await relayTo((socket) => socket.pipe(socket), true);
  const socket = open(from);
  const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7 + (at >> 8)) & 255));
  const parts: Buffer[] = [];
  socket.on("data", (part) => parts.push(part));
  socket.end(sent);
  await new Promise((resolve) => socket.on("end", resolve));
  expect(Buffer.concat(parts).equals(sent)).toBe(true);
});

test("more is taken than the socket of a busy application holds", async () => {
  let resume = (): void => undefined;
  let received = 0;
  const { from } = await relayTo((socket) => {
    socket.pause();
    resume = () => {
      socket.on("data", (part) => {
        received += part.length;
      });
      socket.resume();
    };
  });
  const socket = open(from);
  const BYTES = 8_000_000;
  // The callback comes when all was handed to the system, which holds some hundred thousand bytes itself.
  await new Promise((resolve) => socket.write(Buffer.alloc(BYTES), resolve));
  expect(received).toBe(0);
  resume();
  await expect.poll(() => received).toBe(BYTES);
});

test("when one side goes, the other is told", async () => {
  const sockets: Socket[] = [];
  const { from } = await relayTo((socket) => {
    socket.on("error", () => undefined);
    sockets.push(socket);
  });
  const [first, second] = [open(from), open(from)];
  await expect.poll(() => sockets.length).toBe(2);
  const ended = new Promise((resolve) => first.on("close", resolve).resume());
  sockets[0]!.destroy();
  await ended;
  const gone = new Promise((resolve) => sockets[1]!.on("close", resolve).resume());
  second.destroy();
  await gone;
});
