import { decodeLogLeaf } from "@cityroot/core/block";
import { encodeCheckpoint } from "@cityroot/core/log/checkpoint";
import { proveConsistency } from "@cityroot/core/log/consistency";
import { hashAtOfTiles, TILE_WIDTH } from "@cityroot/core/log/tile";
import { decodeFrontier, frontierRoot, type HashAt, readFrontier } from "@cityroot/core/log/tree";
import type { RegistryStore } from "../store/registry-store.ts";
import { StoreDamagedError } from "../store/store-damaged-error.ts";

/** The log of a ledger as it is on disk. Sizes are in leaves. */
export type StoredLog = {
  /** Size after the newest durable block; 0 before the first. */
  readonly size: () => number;
  /** Hashes of the consistency proof (RFC 6962 §2.1.2) between two sizes, neither above {@link StoredLog.size}. */
  readonly prove: (oldSize: number, newSize: number) => readonly Uint8Array[];
  /** Text of the checkpoint of a size from 1 to {@link StoredLog.size}; undefined where no block ends there. */
  readonly checkpointAt: (size: number) => string | undefined;
};

/** Tables that a log is read from. */
export type LogTables = Pick<RegistryStore, "head" | "readTile" | "readEntryBundle">;

/** Reads the log `origin` from a store. */
export function openStoredLog({ head, readTile, readEntryBundle }: LogTables, origin: string): StoredLog {
  const hashAt: HashAt = hashAtOfTiles((level, index) => {
    const tile = readTile(level, index);
    if (tile === undefined) throw new StoreDamagedError(`tile ${level}/${index} is missing from the store`);
    return tile;
  });
  return {
    size: () => {
      const newest = head();
      if (newest === undefined) return 0;
      const frontier = decodeFrontier(newest.logFrontier);
      if (!frontier.ok) throw new StoreDamagedError("the store's log frontier is damaged");
      return frontier.value.size;
    },
    prove: (oldSize, newSize) => proveConsistency(hashAt, oldSize, newSize).path,
    checkpointAt: (size) => {
      const bundle = readEntryBundle(Math.floor((size - 1) / TILE_WIDTH));
      const bytes = bundle === undefined ? undefined : entryOf(bundle, (size - 1) % TILE_WIDTH);
      const leaf = bytes === undefined ? undefined : decodeLogLeaf(bytes);
      if (leaf === undefined)
        throw new StoreDamagedError(`the log's entry ${size - 1} is missing or damaged`);
      if (!("stateRoot" in leaf)) return undefined;
      return encodeCheckpoint({ origin, size, logRoot: frontierRoot(readFrontier(hashAt, size)), ...leaf });
    },
  };
}

/** One entry of a bundle, each of which stands after its length in two bytes; undefined where there are fewer. */
function entryOf(bundle: Buffer, place: number): Uint8Array | undefined {
  let at = 0;
  for (let skipped = 0; skipped < place && at + 2 <= bundle.length; skipped++)
    at += 2 + bundle.readUInt16BE(at);
  if (at + 2 > bundle.length) return undefined;
  const end = at + 2 + bundle.readUInt16BE(at);
  return end > bundle.length ? undefined : bundle.subarray(at + 2, end);
}
