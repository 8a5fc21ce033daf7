import type { Code } from "@cityroot/codes/ma/code";
import { type AttributeChanges, type Attributes, mergeAttributes } from "../attribute/attribute.ts";
import { type Commitment, commitmentsToCbor } from "../attribute/commitment.ts";
import { type Link, linksToCbor } from "../attribute/link.ts";
import type { CborValue } from "../cbor.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { checkConforms } from "../rule/conform.ts";
import type { Record } from "../state/record.ts";
import { type ApplyContext, authoriseRecord } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import { attributeChangesField, commitmentsField, linksField } from "./description.ts";
import { codeField, countField, nullableField } from "./field.ts";
import { itemProofField } from "./item-proof-field.ts";
import { findRecord, type ItemProof } from "./standing.ts";
import { describeRecord } from "./store-entry.ts";

/** Changes what a record says. Spec §7.8. What is null stays as it is. */
export type Update = {
  readonly code: Code;
  /** Attributes to set, or with null to remove. */
  readonly attributes: AttributeChanges;
  /** The new links in place of all old ones, or null. */
  readonly links: readonly Link[] | null;
  readonly commitments: readonly Commitment[] | null;
  /** The version that the change starts from, or null to change whatever version there is. */
  readonly version: number | null;
  readonly item: ItemProof | null;
};

export const update: OperationDefinition<Update> = {
  number: 8,
  fields: {
    code: codeField,
    attributes: attributeChangesField,
    links: nullableField(linksField),
    commitments: nullableField(commitmentsField),
    version: nullableField(countField),
    item: itemProofField,
  },
  roleOf: () => accept("records"),
  apply: (operation, context) => {
    const { code } = operation;
    const found = findRecord(context.state, code, operation.item);
    if (!found.ok) return found;
    const { record } = found.value;
    const authority = authoriseRecord(context, code, record.holder, "at-or-above");
    if (!authority.ok) return authority;
    const current = checkCurrent(code, record, operation.version);
    if (!current.ok) return current;
    const attributes = mergeAttributes(record.attributes as unknown as Attributes, operation.attributes);
    const allowed = checkStillAllowed(context, code, record, attributes);
    if (!allowed.ok) return allowed;
    const changes = {
      attributes: attributes as CborValue,
      ...(operation.links === null ? {} : { links: linksToCbor(operation.links) }),
      ...(operation.commitments === null ? {} : { commitments: commitmentsToCbor(operation.commitments) }),
    };
    return describeRecord(context, code, found.value, changes);
  },
};

function checkCurrent(code: Code, record: Record, version: number | null): Outcome<void> {
  if (record.status === "retired") {
    return reject("CODE_RETIRED", `${code} is retired and changes no more`, {
      field: "code",
      expected: "a code in use",
      got: "retired",
    });
  }
  if (version === null || version === record.version) return accept(undefined);
  return reject("VERSION_CONFLICT", `${code} is at version ${record.version}`, {
    field: "version",
    expected: `${record.version}`,
    got: `${version}`,
    fix: "read the record again and decide anew",
  });
}

/** The rules' demands on a record's content hold for its changes too. */
function checkStillAllowed(
  context: ApplyContext,
  code: Code,
  record: Record,
  attributes: Attributes,
): Outcome<void> {
  const authority = context.authority.above(context.state, code);
  for (const binding of authority?.rules ?? []) {
    const conforms = checkConforms(binding.matcher, {
      code,
      act: null,
      class: record.class,
      attributes,
      timeMs: context.block.timeMs,
    });
    if (!conforms.ok) return conforms;
  }
  return accept(undefined);
}
