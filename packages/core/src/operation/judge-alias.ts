import { accept, type Outcome, reject } from "../outcome.ts";
import {
  ALIAS_JUDGES,
  type Alias,
  type AliasJudge,
  type AliasName,
  type AliasStatement,
  type AliasVerdict,
  decodeAlias,
  encodeAlias,
  keyOfAlias,
} from "../state/alias.ts";
import { nextVersion } from "../state/history.ts";
import { codeKey } from "../state/key.ts";
import { decodeRecord, isRecord } from "../state/record.ts";
import { ALIAS_NAME_FIELDS, evidenceField } from "./alias-field.ts";
import { authoriseClaimant, authorityOf, equalOrNull } from "./claim-alias.ts";
import { type ApplyContext, authoriseRecord } from "./context.ts";
import type { Fields, OperationDefinition } from "./definition.ts";
import { wordField } from "./field.ts";

/** What one who has a say thinks of a claim: the holder of the target, or the authority of the coding system. */
export type JudgeAlias = AliasName & {
  /** As which of the two. */
  readonly as: AliasJudge;
  /** SHA-256 of what it rests on, or null. */
  readonly evidence: Uint8Array | null;
};

const FIELDS: Fields<JudgeAlias> = {
  ...ALIAS_NAME_FIELDS,
  as: wordField(ALIAS_JUDGES),
  evidence: evidenceField,
};

/** The operation that gives a verdict on a claim. It takes the place of what the same one thought before. */
export function judgeAlias(number: number, verdict: AliasVerdict): OperationDefinition<JudgeAlias> {
  return {
    number,
    fields: FIELDS,
    roleOf: () => accept("records"),
    apply: (operation, context) => {
      const allowed = authoriseJudge(context, operation);
      if (!allowed.ok) return allowed;
      const found = findAlias(context, operation);
      if (!found.ok) return found;
      const { alias, bytes } = found.value;
      const by = operation.as === "target" ? "byTarget" : "bySystem";
      const before = alias[by];
      if (before?.verdict === verdict && equalOrNull(before.evidence, operation.evidence)) {
        return reject("ALIAS_STANDS", `the claim was ${verdict} so already`, {
          field: "as",
          expected: "another verdict, or other evidence",
          got: `${verdict} since block ${before.since.height}`,
        });
      }
      const statement: AliasStatement = {
        ...{ verdict, holder: context.holderBytes, evidence: operation.evidence },
        since: context.block,
      };
      const next = { ...alias, ...nextVersion(alias, bytes, context.block), [by]: statement };
      context.state.set(keyOfAlias(alias), encodeAlias(next));
      return accept(undefined);
    },
  };
}

/** A claim that stands, with the bytes of its entry. Refusals: ALIAS_UNKNOWN, ALIAS_WITHDRAWN. */
export function findAlias(
  { state }: ApplyContext,
  name: AliasName,
): Outcome<{ readonly alias: Alias; readonly bytes: Uint8Array }> {
  const bytes = state.get(keyOfAlias(name));
  const alias = bytes === undefined ? undefined : decodeAlias(bytes);
  if (bytes === undefined || alias === undefined) {
    return reject("ALIAS_UNKNOWN", `${name.claimant} never claimed this of ${name.target}`, {
      field: "claimant",
      expected: "one who claimed it",
      got: name.claimant,
    });
  }
  if (!alias.isWithdrawn) return accept({ alias, bytes });
  return reject("ALIAS_WITHDRAWN", `${name.claimant} withdrew this claim in block ${alias.since.height}`, {
    field: "claimant",
    expected: "a claim that stands",
    got: "one that was withdrawn",
  });
}

function authoriseJudge(context: ApplyContext, { as, system, target }: JudgeAlias): Outcome<void> {
  if (as === "system") {
    const authority = authorityOf(context.state, system);
    if (authority !== null) return authoriseClaimant(context, authority);
    return reject("CODING_SYSTEM_UNKNOWN", `no authority was named for the coding system ${system}`, {
      field: "system",
      expected: "a coding system that has an authority",
      got: system,
    });
  }
  const bytes = context.state.get(codeKey(target));
  const record = bytes === undefined || !isRecord(bytes) ? undefined : decodeRecord(bytes);
  return authoriseRecord(context, target, record?.holder ?? null, "at-or-above");
}
