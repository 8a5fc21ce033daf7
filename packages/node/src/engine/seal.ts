import { type Block, encodeBlock, logEntriesOf } from "@cityroot/core/block";
import { encodeCheckpoint } from "@cityroot/core/log/checkpoint";
import { encodeNote } from "@cityroot/core/log/note";
import { encodeFrontier, frontierRoot, type LogFrontier } from "@cityroot/core/log/tree";
import type { Moment } from "@cityroot/core/state/entry";
import type { Misbehaviour } from "@cityroot/core/state/misbehaviour";
import type { LogWriter } from "../log/log-writer.ts";
import type { OpenState } from "../store/open-state.ts";
import type { BlockWrite } from "../store/registry-store.ts";
import { encodeDelta } from "../store/tree/delta.ts";

/** The key that signs checkpoints. */
export type CheckpointSigner = {
  readonly origin: string;
  readonly name: string;
  /** Id of the key under that name: {@link keyIdOf} of the core's notes. */
  readonly keyId: number;
  readonly sign: (message: Uint8Array) => Uint8Array;
};

/** What a block is closed over: the state as it stands after it, the log that it grows, and who signs. */
export type SealParts = {
  readonly state: OpenState;
  readonly log: LogWriter;
  readonly signer: CheckpointSigner;
};

/** A closed block: what is to be written, and what to call once that is durable. */
export type SealedBlock = { readonly blockWrite: BlockWrite; readonly written: () => void };

/** Closes a block over the state as it stands: its root, its log entries, its checkpoint. */
export function seal(
  parts: SealParts,
  block: Moment,
  transactions: readonly Uint8Array[],
  misbehaviour: readonly Misbehaviour[] = [],
): SealedBlock {
  const { changes, written } = parts.state.finish();
  const content: Block = {
    ...block,
    transactions,
    results: transactions.map(() => 0),
    stateRoot: changes.root,
    misbehaviour,
  };
  const growth = parts.log.grow(logEntriesOf(content));
  return {
    written,
    blockWrite: {
      head: {
        ...block,
        stateRoot: changes.root,
        logFrontier: encodeFrontier(growth.frontier),
        note: signCheckpoint(parts.signer, { ...block, stateRoot: changes.root, frontier: growth.frontier }),
        sealPath: growth.lastPath,
        nextVersion: changes.nextVersion,
      },
      pages: changes.pages,
      delta: encodeDelta(changes.delta),
      versions: changes.versions,
      block: encodeBlock(content),
      tiles: growth.tiles,
      entryBundles: growth.entryBundles,
    },
  };
}

/** What a checkpoint says, but for the log's name. */
export type CheckpointFacts = Moment & { readonly stateRoot: Uint8Array; readonly frontier: LogFrontier };

/** Bytes of a checkpoint, signed. */
export function signCheckpoint(
  { origin, name, keyId, sign }: CheckpointSigner,
  { height, timeMs, stateRoot, frontier }: CheckpointFacts,
): Uint8Array {
  const logRoot = frontierRoot(frontier);
  const text = encodeCheckpoint({ origin, size: frontier.size, logRoot, height, timeMs, stateRoot });
  return encodeNote({ text, signatures: [{ name, keyId, signature: sign(Buffer.from(text, "utf8")) }] });
}
