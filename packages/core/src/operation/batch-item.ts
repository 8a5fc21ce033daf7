import type { Code } from "@cityroot/codes/ma/code";
import { type Attributes, checkAttributes, mergeAttributes } from "../attribute/attribute.ts";
import { linksFromCbor, linksToCbor } from "../attribute/link.ts";
import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "../attribute/personal-number.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { ITEM_BYTES_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import type { Description } from "../state/record.ts";
import { codeField, rejectField } from "./field.ts";

/**
 * One item of a batch: a code and what is said of it beyond what the batch says of all. CBOR: `[code, attributes,
 * links]`; commitments and class are the batch's. Spec §6.7.
 */
export type BatchItem = {
  readonly code: Code;
  readonly attributes: Attributes;
  readonly links: CborValue;
};

/** Canonical bytes of an item: they are the leaf of the batch's tree. */
export function encodeItem(item: BatchItem): Uint8Array {
  return encodeCbor([item.code, item.attributes as CborValue, item.links]);
}

/** Reads an item strictly. */
export function decodeItem(bytes: Uint8Array): Outcome<BatchItem> {
  if (bytes.length > ITEM_BYTES_MAX)
    return rejectField("item", `at most ${ITEM_BYTES_MAX} bytes`, `${bytes.length} bytes`);
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 3)
    return rejectField("item", "[code, attributes, links]", value);
  const [codeText, attributesValue, linksValue] = value as CborValue[];
  const code = codeField.fromCbor(codeText, "item.code");
  if (!code.ok) return code;
  const firewall = checkItemCode(code.value, "item.code");
  if (!firewall.ok) return firewall;
  const attributes = checkAttributes(attributesValue, "item.attributes");
  if (!attributes.ok) return attributes;
  const links = linksFromCbor(linksValue, "item.links");
  if (!links.ok) return links;
  return accept({ code: code.value, attributes: attributes.value, links: linksToCbor(links.value) });
}

/** Whether an item may have a code: no citizen number stands in it, as in codes that are issued alone. Spec §6.5.6. */
export function checkItemCode(code: Code, field: string): Outcome<void> {
  return checkNoPersonalNumber(field, code, PERSONAL_NUMBER_KINDS_IN_CODES);
}

/** What is said of an item: the batch's description with the item's attributes over it, and its links if it has any. */
export function descriptionOfItem(batch: Description, item: BatchItem): Description {
  const links = Array.isArray(item.links) && item.links.length > 0 ? item.links : batch.links;
  const attributes = mergeAttributes(batch.attributes as unknown as Attributes, item.attributes);
  return { class: batch.class, attributes: attributes as CborValue, links, commitments: batch.commitments };
}
