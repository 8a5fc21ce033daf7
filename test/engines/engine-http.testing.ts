import { type Ask, openContract } from "@cityroot/node/api/contract.testing";
import { memoryPayloads } from "@cityroot/node/api/payloads.testing";
import { createServer } from "@cityroot/node/api/server";
import { openLogger } from "@cityroot/node/logger";
import type { EngineWorld } from "./engine-worlds.testing.ts";

/** Serves a world over HTTP for as long as it is asked; every answer is held against the server's own document. */
export async function withHttp(world: EngineWorld, run: (ask: Ask) => Promise<void>): Promise<void> {
  const server = await createServer({
    ...{ reader: world.reader(), engine: world.engine(), payloads: memoryPayloads() },
    ...{ logger: openLogger("fatal"), clock: Date.now },
  });
  const base = await server.listen({ host: "127.0.0.1", port: 0 });
  try {
    await run(await openContract({ base }));
  } finally {
    await server.close();
  }
}

/** A request that submits transactions. */
export function postOf(...transactions: readonly Uint8Array[]): RequestInit {
  const all = transactions.map((bytes) => Buffer.from(bytes).toString("base64"));
  const headers = { "content-type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify({ transactions: all }) };
}
