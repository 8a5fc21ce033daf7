// Sends requests over keep-alive connections and reads the answers, with as little work as that takes.
import { connect, type Socket } from "node:net";

/** What a load did. */
export type LoadResult = {
  readonly requests: number;
  readonly failures: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytes: number;
  /** What one of the failures said; empty where there was none. */
  readonly failure: string;
};

/** Runs a load: `next` gives each request's bytes, or undefined when there are no more. Another status is a failure. */
export async function runLoad(
  address: string,
  connections: number,
  next: () => Uint8Array | undefined,
  good: readonly number[] = [200],
): Promise<LoadResult> {
  const { hostname, port } = new URL(address);
  const times: number[] = [];
  let failures = 0;
  let failure = "";
  let bytes = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(Number(port), hostname);
      socket.setNoDelay(true);
      const read = answerReader(socket);
      await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
      for (let request = next(); request !== undefined; request = next()) {
        const sent = performance.now();
        socket.write(request);
        const answer = await read();
        times.push(performance.now() - sent);
        bytes += answer.bytes;
        if (good.includes(answer.status)) continue;
        failures += 1;
        failure = answer.text;
      }
      socket.destroy();
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  times.sort((a, b) => a - b);
  const at = (part: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return { requests: times.length, failures, seconds, p50Ms: at(0.5), p99Ms: at(0.99), bytes, failure };
}

type Answer = { readonly status: number; readonly bytes: number; readonly text: string };

function answerReader(socket: Socket): () => Promise<Answer> {
  let pending: Buffer = Buffer.alloc(0);
  let waiting: ((answer: Answer) => void) | undefined;
  let fail: ((cause: Error) => void) | undefined;
  const take = (): void => {
    if (waiting === undefined) return;
    const end = pending.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = pending.toString("latin1", 0, end).toLowerCase();
    const at = head.indexOf("content-length: ");
    const length = at < 0 ? 0 : Number.parseInt(head.slice(at + 16), 10);
    const total = end + 4 + length;
    if (pending.length < total) return;
    const body = pending.subarray(end + 4, total).toString("utf8", 0, 500);
    pending = pending.subarray(total);
    const status = Number(head.slice(9, 12));
    const answer = { status, bytes: total, text: status < 300 ? "" : body };
    const resolve = waiting;
    waiting = undefined;
    resolve(answer);
  };
  socket.on("data", (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    take();
  });
  socket.on("close", () => fail?.(new Error("the server closed a connection")));
  return () =>
    new Promise((resolve, reject) => {
      waiting = resolve;
      fail = reject;
      take();
    });
}

/** Bytes of a GET. */
export function getRequest(path: string, more: readonly string[] = []): Buffer {
  const lines = [`GET ${path} HTTP/1.1`, "host: bench", ...more];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

/** Bytes of a POST, of CBOR where nothing else is said, with more header lines. */
export function postRequest(
  path: string,
  body: Uint8Array,
  more: readonly string[] = [],
  type = "application/cbor",
): Buffer {
  const lines = [`POST ${path} HTTP/1.1`, "host: bench", `content-type: ${type}`, ...more];
  const head = `${lines.join("\r\n")}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
}
