import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Response } from "../../../../generated/tendermint/abci/types_pb.js";
import { type AbciClient, type AskedRequest, connectAbci } from "./abci-client.testing.ts";
import { type AbciServer, type AbciServerOptions, serveAbci } from "./abci-server.ts";
import type { AbciApplication } from "./application.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** An application that answers all with nothing, but for what a test gives it. */
export function applicationOf(given: Partial<AbciApplication>): AbciApplication {
  const nothing = async () => ({});
  return {
    ...{ info: nothing, initChain: nothing, checkTx: nothing, prepareProposal: nothing, query: nothing },
    ...{ processProposal: nothing, finalizeBlock: nothing, commit: nothing, listSnapshots: nothing },
    ...{ offerSnapshot: nothing, loadSnapshotChunk: nothing, applySnapshotChunk: nothing },
    ...given,
  };
}

/** A server, and what it told. */
export type Served = AbciServer & {
  readonly socketPath: string;
  readonly failures: unknown[];
  readonly garbage: string[];
  readonly connect: () => Promise<AbciClient>;
};

/** Serves an application that answers all with nothing, but for what is given; it ends with the test. */
export async function serve(
  given: Partial<AbciApplication>,
  options: Partial<AbciServerOptions> = {},
): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "cityroot-abci-"));
  const socketPath = join(folder, "socket");
  const failures: unknown[] = [];
  const garbage: string[] = [];
  const server = await serveAbci({
    ...{ application: applicationOf(given), socketPath, closeMsMax: 2_000 },
    onFailure: (cause) => failures.push(cause),
    onGarbage: (cause) => garbage.push(cause.message),
    ...options,
  });
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  undo.push(server.close);
  const connectOne = async (): Promise<AbciClient> => {
    const client = await connectAbci(socketPath);
    undo.push(client.close);
    return client;
  };
  return { ...server, socketPath, failures, garbage, connect: connectOne };
}

export const checkTx = (...bytes: readonly number[]): AskedRequest => ({
  case: "checkTx",
  value: { tx: Uint8Array.from(bytes) },
});
export const echo = (message: string): AskedRequest => ({ case: "echo", value: { message } });
export const info: AskedRequest = { case: "info", value: {} };
export const query: AskedRequest = { case: "query", value: {} };
export const commit: AskedRequest = { case: "commit", value: {} };
export const flush: AskedRequest = { case: "flush", value: {} };

export const gasOf = (answer: Response["value"]): number =>
  answer.case === "checkTx" ? Number(answer.value.gasWanted) : -1;

/** Something that is waited for until it is opened. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}
