import { chmodSync, lstatSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { type AbciConnection, serveConnection } from "./abci-connection.ts";
import type { AbciApplication } from "./application.ts";

/** How an application is served. */
export type AbciServerOptions = {
  readonly application: AbciApplication;
  /**
   * Path of the unix socket, at most 103 bytes; a socket that an earlier process left there is taken away. That no other
   * process serves there now is the caller's to know.
   */
  readonly socketPath: string;
  /** Is told once when the application threw: its state is not to be trusted any more. */
  readonly onFailure: (cause: unknown) => void;
  /** Is told why a connection was cut: what came over it was not ABCI. The application has not seen it. */
  readonly onGarbage?: (cause: Error) => void;
  /** Most bytes of a request: a block with what surrounds it. */
  readonly requestBytesMax?: number;
  /** How many requests of a connection may wait for their answer before no more are read. */
  readonly requestsMax?: number;
  /** How many connections there may be at once; more are closed as they come. */
  readonly connectionsMax?: number;
  /** How long a close waits for the requests that are under way, in milliseconds. */
  readonly closeMsMax?: number;
};

/** What serves an application. */
export type AbciServer = {
  /**
   * Begins no more requests, and waits for those under way, so that a block that is being committed is; settles when all
   * connections are closed, and in any case when the time for that is over.
   */
  readonly close: () => Promise<void>;
};

const REQUEST_BYTES_MAX = 64 * 1024 * 1024;
const REQUESTS_MAX = 10_000;
/** CometBFT opens four, and four more when it is started again before the old ones are gone. */
const CONNECTIONS_MAX = 16;
const CLOSE_MS_MAX = 10_000;
/** What the systems take as the path of a unix socket: macOS the least. */
const SOCKET_PATH_BYTES_MAX = 103;

/**
 * Serves an application to the CometBFT process of this machine, over a socket that is for this user alone. Answers go out
 * in the order of their requests, those of one turn of events in one write. Throws when it cannot listen.
 */
export async function serveAbci(options: AbciServerOptions): Promise<AbciServer> {
  const connections = new Map<AbciConnection, Socket>();
  const onFailure = once(options.onFailure);
  const inTurn = turns();
  const server = createServer((socket) => {
    const connection = serveConnection(socket, {
      application: options.application,
      inTurn,
      onFailure,
      onGarbage: options.onGarbage ?? (() => {}),
      requestBytesMax: options.requestBytesMax ?? REQUEST_BYTES_MAX,
      requestsMax: options.requestsMax ?? REQUESTS_MAX,
    });
    connections.set(connection, socket);
    void connection.ended.then(() => connections.delete(connection));
  });
  server.maxConnections = options.connectionsMax ?? CONNECTIONS_MAX;
  await listen(server, options.socketPath);
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections.keys()) connection.end();
      const whole = Promise.all([...connections.keys()].map(({ ended }) => ended));
      await inTime(whole, options.closeMsMax ?? CLOSE_MS_MAX);
      for (const socket of connections.values()) socket.destroy();
      await closed;
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  const sizeBytes = Buffer.byteLength(path);
  if (sizeBytes > SOCKET_PATH_BYTES_MAX) {
    throw new Error(
      `${path}: expected the path of a unix socket in at most ${SOCKET_PATH_BYTES_MAX} bytes, got ${sizeBytes}`,
    );
  }
  removeSocket(path);
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    // The socket is there when this returns: at no moment may others open it.
    const before = process.umask(0o077);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
  chmodSync(path, 0o600);
}

/** Takes away a socket that nobody listens on any more. Throws where something else is in its place. */
function removeSocket(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw new Error(`${path}: expected a socket or nothing, got something else: move it away`);
  rmSync(path);
}

/** Runs one piece of work after the other. */
function turns(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    last = last.then(work);
    return last;
  };
}

function once(tell: (cause: unknown) => void): (cause: unknown) => void {
  let isTold = false;
  return (cause) => {
    if (isTold) return;
    isTold = true;
    tell(cause);
  };
}

/** Settles with the work, or when the time is over. */
async function inTime(work: Promise<unknown>, timeMsMax: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeMsMax);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
