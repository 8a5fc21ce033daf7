// How many checks of transactions a second the ABCI server takes, with an application that does nothing: what is left
// for the application of the time between two transactions. Run: node --conditions=source bench/abci.ts
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { create, toBinary } from "@bufbuild/protobuf";
import { serveAbci } from "@cityroot/node/engine/cometbft/abci/abci-server";
import type { AbciApplication } from "@cityroot/node/engine/cometbft/abci/application";
import { joinFrames } from "@cityroot/node/engine/cometbft/abci/framing";
import { RequestSchema } from "../packages/node/generated/tendermint/abci/types_pb.js";

const TRANSACTION_BYTES = 300;
const SECONDS = 2;
const ROUNDS = 3;
/** A length, and the head of an answer that has no fields. */
const ANSWER_BYTES = 3;

if (process.argv[2] === "serve") {
  const application = { checkTx: async () => ({}) } as unknown as AbciApplication;
  await serveAbci({ application, socketPath: process.argv[3]!, onFailure: console.error });
  process.send!("ready");
} else {
  await measure();
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cityroot-bench-abci-"));
  const socketPath = join(folder, "socket");
  const server = fork(fileURLToPath(import.meta.url), ["serve", socketPath]);
  await once(server, "message");
  const socket = connect(socketPath);
  for (const depth of [1, 64, 256]) {
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round++) rates.push(await rateOf(socket, depth));
    const shown = rates.map((rate) => Math.round(rate).toLocaleString("en")).join(", ");
    console.log(`CheckTx of ${TRANSACTION_BYTES} bytes, ${depth} at once: ${shown} /s`);
  }
  socket.destroy();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** Answers a second while so many requests are sent as soon as those before are answered. It counts bytes alone. */
async function rateOf(socket: Socket, depth: number): Promise<number> {
  const tx = new Uint8Array(TRANSACTION_BYTES);
  const request = toBinary(
    RequestSchema,
    create(RequestSchema, { value: { case: "checkTx", value: { tx } } }),
  );
  const batch = joinFrames(Array.from({ length: depth }, () => request));
  const begun = performance.now();
  let bytes = 0;
  let rounds = 1;
  const { promise, resolve } = Promise.withResolvers<number>();
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes < rounds * depth * ANSWER_BYTES) return;
    const seconds = (performance.now() - begun) / 1_000;
    if (seconds >= SECONDS) {
      resolve((rounds * depth) / seconds);
      return;
    }
    rounds += 1;
    socket.write(batch);
  };
  socket.on("data", count);
  socket.write(batch);
  const rate = await promise;
  socket.off("data", count);
  return rate;
}
