import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import type { PayloadStore } from "../payload/payload-store.ts";
import { openCity, type Running, startServer } from "./city.testing.ts";

// Goal: clients that ask for payloads and do not take them keep neither the memory of a server nor other clients waiting.

const SIZE_BYTES = 64 * 1_048_576;
const NAME = "ab".repeat(32);
const sockets: Socket[] = [];
let server: Running | undefined;
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.close();
});

/** Gives a payload as long as no socket holds, and counts those who have not taken it yet. */
function longPayload(under: PayloadStore): PayloadStore & { readonly open: () => number } {
  let open = 0;
  const read: PayloadStore["read"] = async () => {
    let left = SIZE_BYTES;
    open += 1;
    const bytes = new Readable({
      read() {
        left -= 65_536;
        this.push(left < 0 ? null : Buffer.alloc(65_536));
      },
    });
    bytes.once("close", () => {
      open -= 1;
    });
    return { sizeBytes: SIZE_BYTES, bytes };
  };
  return { ...under, read, open: () => open };
}

function askWithoutReading({ base }: Running): Promise<void> {
  const socket = connect(Number(new URL(base).port), "127.0.0.1");
  sockets.push(socket);
  socket.pause();
  socket.write(`GET /v1/payloads/${NAME} HTTP/1.1\r\nhost: x\r\n\r\n`);
  return new Promise((resolve) => socket.on("error", () => {}).on("close", () => resolve()));
}

test("whoever takes a payload slowly makes room for others", async () => {
  const { registry } = await openCity();
  const payloads = longPayload(registry.payloads);
  server = await startServer(registry, { payloads, limits: { downloadsMax: 2 } });
  const cut = [askWithoutReading(server), askWithoutReading(server)];
  await expect.poll(payloads.open).toBe(2);
  const { base } = server;
  const take = async (): Promise<number> => {
    const response = await fetch(`${base}/v1/payloads/${NAME}`);
    const { length } = Buffer.from(await response.arrayBuffer());
    if (response.status === 200) expect(length).toBe(SIZE_BYTES);
    return response.status;
  };
  expect(await take()).toBe(503);
  await expect.poll(take, { timeout: 10_000, interval: 100 }).toBe(200);
  for (const socket of sockets) socket.resume();
  await Promise.race(cut);
  await expect.poll(payloads.open).toBeLessThanOrEqual(1);
});
