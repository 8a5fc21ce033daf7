import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import { BATCH_ITEMS_MAX } from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import type { Interval } from "../state/interval.ts";
import { codeKey } from "../state/key.ts";
import type { OperationDefinition } from "./definition.ts";
import {
  attributesField,
  classField,
  commitmentsField,
  type Described,
  descriptionOf,
  linksField,
} from "./description.ts";
import { bytesField, codeField, countField } from "./field.ts";
import { checkEmpty } from "./issue-range.ts";
import { issuerRoleOf } from "./issuer-role.ts";
import { checkPlacement, countIssued } from "./place-code.ts";
import { storeInterval } from "./store-entry.ts";

/**
 * Issues many codes with a record each, as the root over their items. Spec §7.7. The ledger checks the first and the
 * last code against the rules and keeps the root; whoever holds the items proves each of them alone.
 */
export type IssueBatch = Described & {
  readonly first: Code;
  readonly last: Code;
  readonly count: number;
  /** RFC 6962 root over the items in order of code. */
  readonly root: Uint8Array;
  /** SHA-256 of the payload that holds the items, and its length in bytes. */
  readonly payloadDigest: Uint8Array;
  readonly payloadBytes: number;
};

export const issueBatch: OperationDefinition<IssueBatch> = {
  number: 7,
  fields: {
    first: codeField,
    last: codeField,
    count: countField,
    root: bytesField(32),
    payloadDigest: bytesField(32),
    payloadBytes: countField,
    class: classField,
    attributes: attributesField,
    links: linksField,
    commitments: commitmentsField,
  },
  roleOf: (operation, context) => issuerRoleOf(context, operation.first),
  apply: (operation, context) => {
    const { first, last, count } = operation;
    const sound = checkBounds(operation);
    if (!sound.ok) return sound;
    const shared = { act: "issue", class: operation.class, attributes: operation.attributes } as const;
    const authority = checkPlacement(context, { ...shared, code: first, count });
    if (!authority.ok) return authority;
    const end = checkPlacement(context, { ...shared, code: last, count: 0 });
    if (!end.ok) return end;
    const sequence = authority.value.rules.find((binding) => binding.rule.sequence);
    if (sequence !== undefined) {
      return reject(
        "RULE_SEQUENCE",
        `the rule of ${sequence.prefix} wants serials without gaps: issue a range`,
        {
          field: "first",
          expected: "a range",
          got: "a batch, whose serials the ledger cannot see",
        },
      );
    }
    const empty = checkEmpty(context, first, last);
    if (!empty.ok) return empty;
    countIssued(context, authority.value, count);
    const batch: Interval = {
      type: "batch",
      first,
      last,
      count,
      root: operation.root,
      payload: { digest: operation.payloadDigest, sizeBytes: operation.payloadBytes },
      since: context.block,
      ...descriptionOf(operation),
    };
    return storeInterval(context, batch);
  },
};

function checkBounds({ first, last, count }: IssueBatch): Outcome<void> {
  if (count < 1 || count > BATCH_ITEMS_MAX) return refuse("count", `1 to ${BATCH_ITEMS_MAX}`, `${count}`);
  if (parentOf(first) !== parentOf(last))
    return refuse("last", `a code beside ${first}, below the same parent`, last);
  const inOrder = count === 1 ? first === last : codeKey(first) < codeKey(last);
  return inOrder ? accept(undefined) : refuse("last", count === 1 ? first : `a code after ${first}`, last);
}

function refuse(field: string, expected: string, got: string): Outcome<never> {
  return reject("INTERVAL_MALFORMED", `${field}: expected ${expected}, got ${got}`, { field, expected, got });
}
