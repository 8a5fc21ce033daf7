import { equalBytes } from "@cityroot/core/hex";
import type { Checkpoint } from "@cityroot/core/log/checkpoint";
import { checkPolicy, type Policy } from "@cityroot/core/log/witness-policy";
import type { SeenCheckpoint, CheckpointMemory as SignatureMemory } from "@cityroot/core/proof/verify";
import { ProofError } from "./error.ts";

/**
 * Where a client keeps the newest signed checkpoint that it has seen, so that an older answer is refused after a
 * restart too. The text is a C2SP note, which is checked against the policy when it is loaded: whoever can change the
 * place can make the client forget, and nothing worse.
 */
export type CheckpointStore = {
  /** The text that was saved last, or null. */
  readonly load: () => string | null | Promise<string | null>;
  /** Keeps the text in place of the one before; what it throws reaches the caller of the action. */
  readonly save: (note: string) => void | Promise<void>;
};

/** What an answer may not be older than. */
export type Floor = { readonly height: number; readonly timeMs: number };

/** The checkpoints that a client has seen. */
export type CheckpointMemory = {
  /** Checkpoints whose signatures and seal were checked, so that each is checked once. */
  readonly signatures: SignatureMemory;
  /** The height and time of the newest checkpoint; to be asked for before a request is sent. */
  readonly floor: () => Promise<Floor>;
  /** Takes note of a checkpoint whose answer was proven. Throws {@link ProofError} `checkpoint-conflict`. */
  readonly advance: (checkpoint: Checkpoint) => Promise<void>;
};

/** How many checkpoints are remembered as checked. */
const REMEMBERED_MAX = 32;

/** A memory of checkpoints that meet a policy; without a store it lasts as long as the client. */
export function checkpointMemory(policy: Policy, store?: CheckpointStore): CheckpointMemory {
  const checked = new Map<string, SeenCheckpoint>();
  const noteOf = new WeakMap<Checkpoint, string>();
  let newest: Checkpoint | undefined;
  let saved: Promise<void> = Promise.resolve();
  const remember = (note: string, seen: SeenCheckpoint): void => {
    if (checked.size >= REMEMBERED_MAX) checked.delete(checked.keys().next().value!);
    checked.set(note, seen);
    noteOf.set(seen.checkpoint, note);
  };
  const load = async (): Promise<void> => {
    const text = await store?.load();
    if (text === null || text === undefined) return;
    const bytes = new TextEncoder().encode(text);
    const verdict = checkPolicy(bytes, policy);
    if (!verdict.ok) return;
    newest = verdict.checkpoint;
    // It is what no answer may be older than, and is not yet believed: nothing here shows that it is sealed.
    noteOf.set(newest, Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  };
  let loaded: Promise<void> | undefined;
  const save = async (checkpoint: Checkpoint): Promise<void> => {
    // One after the other, and never an older one after a newer one.
    saved = saved
      .catch(() => {})
      .then(async () => {
        const note = checkpoint === newest ? noteOf.get(checkpoint) : undefined;
        if (note !== undefined) await store?.save(textOfNote(note));
      });
    await saved;
  };
  return {
    signatures: { get: (note) => checked.get(note), set: remember },
    floor: async () => {
      // A store that failed once may answer the next time.
      loaded ??= load().catch((error: unknown) => {
        loaded = undefined;
        throw error;
      });
      await loaded;
      return { height: newest?.height ?? 0, timeMs: newest?.timeMs ?? 0 };
    },
    advance: async (checkpoint) => {
      if (newest !== undefined) {
        refuseConflict(
          newest,
          checkpoint,
          [newest, checkpoint].map((one) => textOfNote(noteOf.get(one) ?? "")),
        );
        if (checkpoint.height <= newest.height) return;
      }
      newest = checkpoint;
      await save(checkpoint);
    },
  };
}

/** The text of a note that is held as one character for each of its bytes. */
function textOfNote(note: string): string {
  return new TextDecoder().decode(Uint8Array.from(note, (character) => character.charCodeAt(0)));
}

/** A log only grows and a height has one state, so some pairs of checkpoints show that their signer lies. */
function refuseConflict(a: Checkpoint, b: Checkpoint, evidence: readonly string[]): void {
  const [low, high] = a.height <= b.height ? [a, b] : [b, a];
  const sameHeight = low.height === high.height;
  const sameBlock = equalBytes(low.stateRoot, high.stateRoot) && low.timeMs === high.timeMs;
  const sameLog = low.size === high.size && equalBytes(low.logRoot, high.logRoot);
  // Every block adds at least its seal.
  const grows = high.size - low.size >= high.height - low.height && low.timeMs <= high.timeMs;
  if (sameHeight ? sameBlock && sameLog : grows) return;
  throw new ProofError(
    "checkpoint-conflict",
    `the checkpoints of height ${low.height} and ${high.height} cannot both be true`,
    evidence,
  );
}
