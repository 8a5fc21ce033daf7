import type { CborValue } from "../cbor.ts";
import { isJsonObject } from "../json.ts";
import { ITEM_BYTES_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import {
  bytesField,
  checkNames,
  countField,
  type Field,
  listField,
  nullableField,
  rejectField,
} from "./field.ts";
import type { ItemProof } from "./standing.ts";

const itemField = bytesField(1, ITEM_BYTES_MAX);
const pathField = listField(bytesField(32), 0, 32);

function build(
  item: Outcome<Uint8Array>,
  index: Outcome<number>,
  path: Outcome<readonly Uint8Array[]>,
): Outcome<ItemProof> {
  if (!item.ok) return item;
  if (!index.ok) return index;
  return path.ok ? accept({ item: item.value, index: index.value, path: path.value }) : path;
}

/** Proof that a code is an item of a batch, needed the first time something is said of the item alone; else null. */
export const itemProofField: Field<ItemProof | null> = nullableField({
  fromCbor: (value, path) => {
    if (!Array.isArray(value) || value.length !== 3) return rejectField(path, "[item, index, path]", value);
    const [item, index, steps] = value as CborValue[];
    return build(
      itemField.fromCbor(item, `${path}.item`),
      countField.fromCbor(index, `${path}.index`),
      pathField.fromCbor(steps, `${path}.path`),
    );
  },
  toCbor: (proof) => [proof.item, proof.index, [...proof.path]],
  fromJson: (value, path) => {
    if (!isJsonObject(value)) return rejectField(path, "an object with item, index and path", value);
    const known = checkNames(value, ["item", "index", "path"], path);
    if (!known.ok) return known;
    return build(
      itemField.fromJson(value["item"], `${path}.item`),
      countField.fromJson(value["index"], `${path}.index`),
      pathField.fromJson(value["path"], `${path}.path`),
    );
  },
  toJson: (proof) => ({
    item: itemField.toJson(proof.item),
    index: proof.index,
    path: pathField.toJson(proof.path),
  }),
});
