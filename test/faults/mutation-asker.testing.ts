import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** An answer as it came over a connection. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether the body came to its end; an answer to `HEAD` has none. */
  readonly isWhole: boolean;
};

/** How long a node may take to say or end something, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Reads the answers that bytes begin with; `hasBody` says of each, by its place, whether a body follows its head. */
export function readAnswers(
  bytes: Buffer,
  hasBody: (at: number) => boolean,
): { readonly answers: HttpAnswer[]; readonly rest: Buffer } {
  const answers: HttpAnswer[] = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) return { answers, rest };
    const [first = "", ...lines] = rest.toString("latin1", 0, end).split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw new Error(`no answer of HTTP: ${first.slice(0, 200)}`);
    if (status === 100) {
      rest = rest.subarray(end + 4);
      continue;
    }
    const headers = new Map(
      lines.map((line) => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
    );
    const isEmpty = status === 204 || status === 304 || !hasBody(answers.length);
    const body = isEmpty ? { body: Buffer.alloc(0), end: end + 4 } : readBody(rest, end + 4, headers);
    if (body === undefined) return { answers, rest };
    answers.push({ status, headers, body: body.body, isWhole: !isEmpty });
    rest = rest.subarray(body.end);
  }
}

function readBody(
  bytes: Buffer,
  from: number,
  headers: ReadonlyMap<string, string>,
): { readonly body: Buffer; readonly end: number } | undefined {
  const length = headers.get("content-length");
  if (length !== undefined) {
    const end = from + Number(length);
    return end > bytes.length ? undefined : { body: bytes.subarray(from, end), end };
  }
  if (headers.get("transfer-encoding") !== "chunked") return { body: Buffer.alloc(0), end: from };
  const chunks: Buffer[] = [];
  for (let at = from; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (end > bytes.length) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), end };
    chunks.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}

/** Sends requests over a connection that it keeps, and opens another where that was closed. */
export type Asker = {
  /**
   * Sends requests that end where they should, all at once, and gives their answers: as many, or fewer where the node
   * said that it would close. `hasBody` is as in {@link readAnswers}.
   */
  readonly askAll: (
    requests: readonly Uint8Array[],
    hasBody: (at: number) => boolean,
  ) => Promise<HttpAnswer[]>;
  /** Sends any bytes over a connection of their own, closes this side, and gives what came until the node closed its. */
  readonly throwAt: (bytes: Uint8Array, way: "close" | "break" | "slow") => Promise<Buffer>;
  readonly close: () => void;
};

/** Opens an asker of a port of this machine. */
export function openAsker(port: number): Asker {
  let kept: Socket | undefined;
  const open = async (): Promise<Socket> => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    socket.on("error", () => {});
    await within("connect", socket, once(socket, "connect"));
    return socket;
  };
  const askAll: Asker["askAll"] = async (requests, hasBody) => {
    if (kept === undefined || kept.destroyed) kept = await open();
    const socket = kept;
    const answered = new Promise<HttpAnswer[]>((resolve, reject) => {
      let bytes = Buffer.alloc(0);
      const finish = (answers: HttpAnswer[], isOver: boolean): void => {
        socket.removeAllListeners("data").removeAllListeners("close").removeAllListeners("end");
        if (isOver) socket.destroy();
        resolve(answers);
      };
      const look = (isOver: boolean): void => {
        try {
          const { answers } = readAnswers(bytes, hasBody);
          const isClosing = answers.some(({ headers }) => headers.get("connection") === "close");
          if (isOver || isClosing || answers.length >= requests.length) finish(answers, isOver || isClosing);
        } catch (cause) {
          reject(cause);
        }
      };
      socket.on("data", (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        look(false);
      });
      socket.on("end", () => look(true));
      socket.on("close", () => look(true));
    });
    socket.write(Buffer.concat(requests));
    return within(`answer ${requests.length} requests`, socket, answered);
  };
  const throwAt: Asker["throwAt"] = async (bytes, way) => {
    const socket = await open();
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    const over = new Promise<void>((resolve) => {
      socket.once("end", resolve);
      socket.once("close", () => resolve());
    });
    if (way === "slow") {
      const half = bytes.length >> 1;
      socket.write(bytes.subarray(0, half));
      await new Promise((resolve) => setTimeout(resolve, 30));
      socket.end(bytes.subarray(half));
    } else if (way === "break") {
      socket.write(bytes);
      await new Promise((resolve) => setImmediate(resolve));
      socket.resetAndDestroy();
    } else socket.end(bytes);
    await within(
      `end after ${JSON.stringify(Buffer.from(bytes.subarray(0, 300)).toString("latin1"))}`,
      socket,
      over,
    );
    socket.destroy();
    return Buffer.concat(chunks);
  };
  return { askAll, throwAt, close: () => kept?.destroy() };
}

async function within<T>(what: string, socket: Socket, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the node took more than ${PATIENCE_MS} ms to ${what}`));
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
