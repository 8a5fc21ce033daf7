import { linksToCbor } from "@cityroot/core/attribute/link";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { type BatchItem, checkItemCode } from "@cityroot/core/operation/batch-item";
import { attributesField, linksField } from "@cityroot/core/operation/description";
import { batchOf } from "@cityroot/core/operation/item-stream";
import { type Operation, operationFromJson } from "@cityroot/core/operation/operation";
import type { AttributesJson, LinkJson } from "./attributes-json.ts";
import { acceptedOf } from "./error.ts";
import type { DescriptionJson } from "./operation.ts";
import { codeOf } from "./verify-bundle.ts";

/** One code of a batch, with what is said of it beyond what the batch says of all. */
export type BatchItemJson = {
  readonly code: string;
  readonly attributes?: AttributesJson;
  /** In place of the batch's links, if there are any. */
  readonly links?: readonly LinkJson[];
};

/** See {@link prepareBatch}. */
export type PrepareBatchParameters = DescriptionJson & {
  /** The codes, all below one parent, in any order. All are held in memory. */
  readonly items: Iterable<BatchItemJson> | AsyncIterable<BatchItemJson>;
};

/** A batch that is ready to be uploaded and issued. */
export type PreparedBatch = {
  /** The `issue-batch` operation. */
  readonly operation: Operation & { readonly type: "issue-batch" };
  /** The stream of its items: what `uploadPayload` takes. Keep it, or know that the registry does. */
  readonly payload: Uint8Array;
};

/**
 * Makes a batch of its items: the stream that holds them, and the operation that issues them with its root. It asks
 * nothing of a registry. Throws {@link RegistryError}, whose field begins with `items[...]` for an item's fault.
 *
 * @example
 * const { operation, payload } = await prepareBatch({ class: "street-lamp", items });
 */
export async function prepareBatch(parameters: PrepareBatchParameters): Promise<PreparedBatch> {
  const { items, class: name, attributes = {}, links = [], commitments = [] } = parameters;
  const read: BatchItem[] = [];
  for await (const item of items) read.push(itemOf(item, `items[${read.length}]`));
  const batch = acceptedOf(batchOf(read));
  const json = {
    type: "issue-batch",
    first: batch.first,
    last: batch.last,
    count: batch.count,
    root: bytesToHex(batch.root),
    payloadDigest: bytesToHex(batch.digest),
    payloadBytes: batch.bytes.length,
    class: name,
    attributes,
    links,
    commitments,
  };
  const operation = acceptedOf(operationFromJson(json as unknown as Json));
  return { operation: operation as PreparedBatch["operation"], payload: batch.bytes };
}

function itemOf(item: BatchItemJson, path: string): BatchItem {
  const { attributes = {}, links = [] } = item;
  const code = codeOf(item.code, `${path}.code`);
  acceptedOf(checkItemCode(code, `${path}.code`));
  return {
    code,
    attributes: acceptedOf(attributesField.fromJson(attributes as Json, `${path}.attributes`)),
    links: linksToCbor(acceptedOf(linksField.fromJson(links as unknown as Json, `${path}.links`))),
  };
}
