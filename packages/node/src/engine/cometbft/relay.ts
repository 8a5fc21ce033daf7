import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** Between which sockets is relayed, and how much. */
export type RelayParts = {
  /** Path of the unix socket that CometBFT connects to. */
  readonly from: string;
  /** Path of the unix socket of the application. */
  readonly to: string;
  /** No more is read from a connection while so many of its bytes wait for the application. */
  readonly waitingBytesMax: number;
};

/** A thread that relays. */
export type Relay = { readonly close: () => Promise<void> };

const WAITING_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Listens in a thread of its own and relays to the application. CometBFT's client asks 50 million times a second whether it
 * may write again while it cannot (libs/timer, abci/client/socket_client.go: 20 nanoseconds in place of milliseconds): an
 * engine that is busy with a block would have it take a processor away from everyone.
 */
export async function startRelay(
  parts: Omit<RelayParts, "waitingBytesMax">,
  onFailure: (cause: Error) => void,
): Promise<Relay> {
  const isSource = import.meta.url.endsWith(".ts");
  const path = fileURLToPath(new URL(isSource ? "./relay-thread.ts" : "./relay-thread.js", import.meta.url));
  const workerData: RelayParts = { waitingBytesMax: WAITING_BYTES_MAX, ...parts };
  const thread = new Worker(path, { workerData });
  await once(thread, "message");
  let isClosed = false;
  thread.on("error", onFailure);
  thread.on("exit", () => {
    if (!isClosed) onFailure(new Error("the thread that relays to the application ended"));
  });
  return {
    close: async () => {
      isClosed = true;
      await thread.terminate();
    },
  };
}
