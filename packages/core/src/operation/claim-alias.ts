import type { Code } from "@cityroot/codes/ma/code";
import { equalBytes } from "../hex.ts";
import { ALIAS_CLAIMS_MAX } from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import {
  type Alias,
  type AliasName,
  type AliasStatement,
  decodeAlias,
  encodeAlias,
  encodeAliased,
  keyOfAlias,
  stemOfClaimant,
} from "../state/alias.ts";
import { decodeCodingSystem } from "../state/coding-system.ts";
import type { Day } from "../state/day.ts";
import { firstVersion, nextVersion } from "../state/history.ts";
import { aliasedKey, codingSystemKey, type StateKey } from "../state/key.ts";
import type { StateView } from "../state/view.ts";
import { ALIAS_NAME_FIELDS, checkNoPerson, dayOrNullField, evidenceField } from "./alias-field.ts";
import { type ApplyContext, authorise, authoriseRecord } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import { rejectField } from "./field.ts";
import { itemProofField } from "./item-proof-field.ts";
import { findHandedTo, type ItemProof } from "./standing.ts";

/**
 * Claims that a code of another system and an issued code go together, or says so anew on other evidence or for other days.
 * Spec §7.17.
 */
export type ClaimAlias = AliasName & {
  readonly from: Day | null;
  readonly until: Day | null;
  readonly evidence: Uint8Array | null;
  /** Proof for a target that is a batch item without a record. */
  readonly item: ItemProof | null;
};

export const claimAlias: OperationDefinition<ClaimAlias> = {
  number: 17,
  fields: {
    ...ALIAS_NAME_FIELDS,
    from: dayOrNullField,
    until: dayOrNullField,
    evidence: evidenceField,
    item: itemProofField,
  },
  roleOf: () => accept("records"),
  apply: (operation, context) => {
    const sound = checkSound(operation);
    if (!sound.ok) return sound;
    const speaks = authoriseClaimant(context, operation.claimant);
    if (!speaks.ok) return speaks;
    const handedTo = findHandedTo(context.state, operation.target, operation.item);
    if (!handedTo.ok) return handedTo;
    const key = keyOfAlias(operation);
    const found = findClaim(context.state, key);
    const bytes = found.bytes;
    const before = bytes === undefined ? undefined : decodeAlias(bytes);
    const allowed =
      before === undefined ? checkRoom(operation, found.count) : checkChanges(before, operation);
    if (!allowed.ok) return allowed;
    const version =
      before === undefined || bytes === undefined
        ? firstVersion(context.block)
        : nextVersion(before, bytes, context.block);
    const own = ownStatement(context, operation.evidence);
    const isTargets = authoriseRecord(context, operation.target, handedTo.value, "at-or-above").ok;
    const { item: _, ...claim } = operation;
    const alias: Alias = {
      ...claim,
      ...version,
      claimed: context.block,
      isWithdrawn: false,
      byTarget: isTargets ? own : null,
      bySystem: authorityOf(context.state, operation.system) === operation.claimant ? own : null,
    };
    context.state.set(key, encodeAlias(alias));
    if (before === undefined) context.state.set(aliasedKey(operation.target, key), encodeAliased(operation));
    return accept(undefined);
  },
};

function checkSound(operation: ClaimAlias): Outcome<void> {
  const { from, until } = operation;
  if (from !== null && until !== null && until < from) {
    return rejectField("until", `${from} or later, the first day`, until);
  }
  return checkNoPerson(operation);
}

/** Authority to speak as a prefix: of its holder, while it is in use. Refusals: those of authorising. */
export function authoriseClaimant(context: ApplyContext, claimant: Code): Outcome<void> {
  const authority = authorise(context, claimant, "at-or-above");
  if (!authority.ok || authority.value.prefix === claimant) {
    return authority.ok ? accept(undefined) : authority;
  }
  return reject("PREFIX_UNKNOWN", `${claimant} was never delegated`, {
    field: "claimant",
    expected: "a delegated prefix",
    got: claimant,
    fix: `claim as ${authority.value.prefix}`,
  });
}

/** The prefix that is the authority of a coding system; null where it has none. */
export function authorityOf(view: Pick<StateView, "get">, system: string): Code | null {
  const bytes = view.get(codingSystemKey(system));
  return (bytes === undefined ? undefined : decodeCodingSystem(bytes))?.authority ?? null;
}

/** Who has a say in it and claims it, confirms it. */
function ownStatement({ holderBytes, block }: ApplyContext, evidence: Uint8Array | null): AliasStatement {
  return { verdict: "confirmed", holder: holderBytes, evidence, since: block };
}

/** The bytes of a claim, if it was made before, and how many its claimant made about the legacy code: by one way in the tree. */
function findClaim(
  view: StateView,
  key: StateKey,
): { readonly bytes: Uint8Array | undefined; readonly count: number } {
  const stem = stemOfClaimant(key);
  let bytes: Uint8Array | undefined;
  let count = 0;
  // The stem is shorter than every key and no key itself.
  for (let at = view.after(stem as StateKey); at?.key.startsWith(stem); at = view.after(at.key)) {
    if (at.key === key) bytes = at.value;
    count += 1;
  }
  return { bytes, count };
}

/** Whether a claimant may say one thing more of a legacy code: what it claims of one stays few enough to be read at once. */
function checkRoom(operation: ClaimAlias, count: number): Outcome<void> {
  if (count < ALIAS_CLAIMS_MAX) return accept(undefined);
  const { claimant, system } = operation;
  return reject(
    "ALIAS_CLAIMS_TOO_MANY",
    `${claimant} has claimed ${count} things of this code of ${system} already`,
    {
      field: "value",
      expected: `at most ${ALIAS_CLAIMS_MAX} claims of one claimant about one legacy code`,
      got: `${count}, and one more`,
      fix: "claim again what was withdrawn, or change what stands",
    },
  );
}

/** Whether a claim that was made before says something else now. Refusal: ALIAS_STANDS. */
function checkChanges(before: Alias, { from, until, evidence, target }: ClaimAlias): Outcome<void> {
  const isSame = before.from === from && before.until === until && equalOrNull(before.evidence, evidence);
  if (before.isWithdrawn || !isSame) return accept(undefined);
  return reject("ALIAS_STANDS", `${before.claimant} claims the same of ${target} already`, {
    field: "value",
    expected: "a claim that does not stand",
    got: `one that stands since block ${before.claimed.height}`,
  });
}

/** Whether two digests are the same, or both missing. */
export function equalOrNull(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a, b);
}
