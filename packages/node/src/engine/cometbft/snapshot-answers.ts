import { SNAPSHOT_FORMAT } from "../../snapshot/snapshot-manifest.ts";
import type { Snapshots } from "../../snapshot/take-snapshots.ts";
import type { AbciApplication } from "./abci/application.ts";

/** Values of ABCI's enumerations: `ResponseOfferSnapshot` and `ResponseApplySnapshotChunk`. */
export const OFFER = { accept: 1, abort: 2, reject: 3, rejectFormat: 4, rejectSender: 5 } as const;
export const CHUNK = { accept: 1, abort: 2, retry: 3, rejectSnapshot: 5 } as const;

/** What ABCI asks an application about snapshots. */
export type SnapshotAnswers = Pick<
  AbciApplication,
  "listSnapshots" | "offerSnapshot" | "loadSnapshotChunk" | "applySnapshotChunk"
>;

/** A node that works gives its snapshots and takes none. */
export function snapshotAnswers(snapshots: Snapshots, consensusHeight: () => number): SnapshotAnswers {
  return {
    listSnapshots: async () => ({
      snapshots: snapshots.usable(consensusHeight()).map(({ height, hash, manifest, chunks }) => ({
        ...{ height: BigInt(height), format: SNAPSHOT_FORMAT, chunks, hash, metadata: manifest },
      })),
    }),
    loadSnapshotChunk: async ({ height, format, chunk }) => {
      const bytes = await snapshots.loadChunk(Number(height), format, chunk);
      return bytes === undefined ? {} : { chunk: bytes };
    },
    offerSnapshot: async () => ({ result: OFFER.reject }),
    applySnapshotChunk: async () => ({ result: CHUNK.abort }),
  };
}
