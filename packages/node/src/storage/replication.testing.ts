import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Writable } from "node:stream";
import type { ItemBatch } from "@cityroot/core/operation/item-stream";
import type { Operation } from "@cityroot/core/operation/operation";
import { type Logger, pino } from "pino";
import { NATION, openStoredNode, signTransaction } from "../engine/embedded/stored-node.testing.ts";
import { readHome } from "../home/home.ts";
import { openPayloadsOf } from "../open-payloads.ts";
import { codeOf, makeBatch, streamOf } from "../payload/payload.testing.ts";
import { demand } from "../payload/payload-store.testing.ts";

/** A batch of items with neighbouring numbers: batches of different starts do not overlap. */
export function batchFrom(start: number, count: number): ItemBatch {
  return makeBatch(
    Array.from({ length: count }, (_, at) => ({
      code: codeOf(start + at),
      attributes: [["name", [["en", `Lamp ${start + at}`]]]] as const,
      links: [],
    })),
  );
}

/** The operation that issues a batch. */
export function issueOfBatch({ bytes, digest, ...said }: ItemBatch): Operation {
  const plain = { class: "lamp", attributes: [], links: [], commitments: [] };
  return { type: "issue-batch", ...said, payloadDigest: digest, payloadBytes: bytes.length, ...plain };
}

/** Lets the ledger of a home refer to batches, a block each, whether their payloads are there or not. */
export async function referTo(path: string, operations: readonly Operation[]): Promise<void> {
  const node = await openStoredNode(path);
  try {
    for (const operation of operations) {
      nonces += 1;
      const { height } = node.reader.head().checkpoint;
      const bytes = signTransaction(NATION, [operation], { lastHeight: height + 50, nonce: nonces });
      const [result] = await node.engine.submit([bytes]);
      demand(result!.outcome);
    }
  } finally {
    await node.close();
  }
}

let nonces = 0;

/** Puts payloads where a home keeps them. */
export async function putInto(path: string, batches: readonly ItemBatch[]): Promise<void> {
  const payloads = await openPayloadsOf(readHome(path));
  for (const { bytes } of batches) demand(await payloads.put(streamOf(bytes)));
  payloads.close();
}

/** A line of the log. */
export type LogLine = { readonly msg: string; readonly [name: string]: unknown };

/** A logger whose lines are kept. */
export function keptLog(): { readonly logger: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(JSON.parse(String(chunk)) as LogLine);
      done();
    },
  });
  return { logger: pino({ level: "debug" }, sink), lines };
}

/** A server on this machine that answers as a test says, such as one that lies. */
export async function startOther(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly address: string; readonly asked: string[]; readonly close: () => Promise<void> }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    address: `http://127.0.0.1:${port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
