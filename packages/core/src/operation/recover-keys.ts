import { accept, type Outcome, reject } from "../outcome.ts";
import type { RejectionName } from "../rejection.ts";
import type { KeySet } from "../state/holder.ts";
import type { ApplyContext } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import { nullableField, rejectField, wordField } from "./field.ts";
import { keySetField } from "./key-set-field.ts";
import { changeHolder } from "./store-entry.ts";

/** Steps of a recovery. Numbers are consensus. */
export const RECOVERY_STEPS = ["begin", "contest", "complete"] as const;

/**
 * Recovers a holder whose keys are lost. Spec §7.4. The recovery keys begin with the new key set and complete once the
 * delay has passed; until then the root keys can contest, which ends it.
 */
export type RecoverKeys = { readonly step: (typeof RECOVERY_STEPS)[number]; readonly keys: KeySet | null };

export const recoverKeys: OperationDefinition<RecoverKeys> = {
  number: 4,
  fields: { step: wordField(RECOVERY_STEPS), keys: nullableField(keySetField) },
  roleOf: ({ step }, context) => {
    if (step === "contest") return accept("root");
    // The delay is the old set's: whoever completes is held to what the holder agreed to when it was safe.
    if (context.holder.keys.recovery !== null) return accept("recovery");
    return refuse(
      "RECOVERY_NOT_SET",
      "this holder has no recovery keys",
      "a holder with recovery keys",
      "none",
    );
  },
  apply: ({ step, keys }, context) => {
    if ((step === "begin") !== (keys !== null)) {
      return rejectField("keys", step === "begin" ? "the new key set" : "nothing", keys);
    }
    if (step === "begin") return begin(context, keys!);
    const { pending } = context.holder;
    if (pending === null) {
      return refuse("RECOVERY_NOT_PENDING", "no recovery is under way", "a recovery under way", "none");
    }
    if (step === "contest") {
      changeHolder(context, { pending: null });
      return accept(undefined);
    }
    if (context.block.timeMs < pending.readyAtMs) {
      const wait = `${pending.readyAtMs - context.block.timeMs} milliseconds`;
      return refuse(
        "RECOVERY_TOO_EARLY",
        `the recovery can be completed in ${wait}`,
        `time ${pending.readyAtMs}`,
        `time ${context.block.timeMs}`,
      );
    }
    changeHolder(context, { keys: pending.keys, pending: null });
    return accept(undefined);
  },
};

function begin(context: ApplyContext, keys: KeySet): Outcome<void> {
  const { pending, keys: current } = context.holder;
  if (pending !== null) {
    return refuse("RECOVERY_PENDING", "a recovery is under way already", "no recovery under way", "one");
  }
  const readyAtMs = context.block.timeMs + current.recovery!.delayMs;
  changeHolder(context, { pending: { keys, begun: context.block, readyAtMs } });
  return accept(undefined);
}

function refuse(name: RejectionName, detail: string, expected: string, got: string): Outcome<never> {
  return reject(name, detail, { field: "step", expected, got });
}
