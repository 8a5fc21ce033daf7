import { encodeCbor } from "@cityroot/core/cbor";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { decodeTransaction } from "@cityroot/core/transaction";
import {
  countAt,
  hexAt,
  jsonOf,
  listAt,
  malformed,
  memberOf,
  objectAt,
  type Place,
  problemOf,
  refusalOf,
  wordAt,
} from "./answer.ts";
import type { Client } from "./client.ts";
import { isRegistryError, type RegistryError } from "./error.ts";
import { request } from "./request.ts";
import { type RetryParameters, retry } from "./retry.ts";

/** A signed transaction, or its bytes. */
export type Submittable = Uint8Array | { readonly bytes: Uint8Array };

/** See {@link submit}. */
export type SubmitParameters = RetryParameters;

/** Where a transaction stands in the ledger. */
export type Committed = {
  /** Id in hexadecimal. */
  readonly id: string;
  /** Height of its block. */
  readonly height: number;
  /** Its place in the block, from 0. */
  readonly index: number;
};

/** What became of one of several transactions. */
export type SubmitResult =
  | ({ readonly status: "committed" } & Committed)
  /** `id` is null where the bytes hold no transaction. */
  | { readonly status: "refused"; readonly id: string | null; readonly error: RegistryError };

/**
 * Submits signed transactions and waits until each is durable or refused. Submitting again is harmless: what entered
 * before is reported with its place of then, so network failures and 503 are tried again, and so may you after a timeout.
 * One transaction gives its place, and throws a {@link RegistryError} when it is refused; a list gives a result for
 * each, in order, and goes in several requests when it is long. That a transaction entered is the server's word: resolve what it changed to see it proven. Throws
 * {@link TransportError}.
 *
 * @example
 * const { height } = await submit(client, signed);
 */
export function submit(
  client: Client,
  transaction: Submittable,
  parameters?: SubmitParameters,
): Promise<Committed>;
export function submit(
  client: Client,
  transactions: readonly Submittable[],
  parameters?: SubmitParameters,
): Promise<readonly SubmitResult[]>;
export async function submit(
  client: Client,
  given: Submittable | readonly Submittable[],
  parameters: SubmitParameters = {},
): Promise<Committed | readonly SubmitResult[]> {
  if (Array.isArray(given)) {
    const results: SubmitResult[] = [];
    for (const part of partsOf(given as readonly Submittable[])) {
      results.push(...(await submitAll(client, part, parameters)));
    }
    return results;
  }
  const [result] = await submitAll(client, [bytesOf(given as Submittable)], parameters);
  if (result!.status === "refused") throw result!.error;
  const { id, height, index } = result!;
  return { id, height, index };
}

function bytesOf(transaction: Submittable): Uint8Array {
  return transaction instanceof Uint8Array ? transaction : transaction.bytes;
}

/** Most transactions of one request, and most of their bytes: what any registry takes. */
const PART_TRANSACTIONS_MAX = 500;
const PART_BYTES_MAX = 8_388_608;

/** The transactions in their order, in parts that one request each can carry. */
function* partsOf(given: readonly Submittable[]): Generator<readonly Uint8Array[]> {
  let part: Uint8Array[] = [];
  let sizeBytes = 0;
  for (const transaction of given.map(bytesOf)) {
    const isFull = part.length === PART_TRANSACTIONS_MAX || sizeBytes + transaction.length > PART_BYTES_MAX;
    if (isFull && part.length > 0) {
      yield part;
      part = [];
      sizeBytes = 0;
    }
    part.push(transaction);
    sizeBytes += transaction.length;
  }
  if (part.length > 0) yield part;
}

async function submitAll(
  client: Client,
  transactions: readonly Uint8Array[],
  parameters: SubmitParameters,
): Promise<readonly SubmitResult[]> {
  const body = encodeCbor(transactions);
  const ids = transactions.map(idOf);
  try {
    return await retry(parameters, () => post(client, body, ids, parameters.signal));
  } catch (error) {
    // A request with one transaction answers with that one's refusal.
    if (transactions.length > 1 || !isRegistryError(error)) throw error;
    return [{ status: "refused", id: ids[0]!, error }];
  }
}

/** Id of a transaction's bytes in hexadecimal, null where they hold none. */
function idOf(bytes: Uint8Array): string | null {
  const transaction = decodeTransaction(bytes);
  return transaction.ok ? bytesToHex(transaction.value.id) : null;
}

async function post(
  client: Client,
  body: Uint8Array,
  ids: readonly (string | null)[],
  signal: AbortSignal | undefined,
): Promise<readonly SubmitResult[]> {
  const answer = await request(client, {
    method: "POST",
    path: "v1/transactions",
    accept: "application/json",
    body: body as BodyInit,
    contentType: "application/cbor",
    timeoutMs: client.decisionTimeoutMs,
    signal,
  });
  if (answer.status !== 200) throw problemOf(answer);
  const { json, place } = jsonOf(answer);
  const [results, at] = memberOf(json, "results", place);
  const list = listAt(results, at);
  if (list.length !== ids.length) return malformed(at, `a list of ${ids.length}`);
  return list.map((result, index) => resultOf(result, { ...at, path: `${at.path}[${index}]` }, ids[index]!));
}

const STATUSES = ["committed", "refused"] as const;

function resultOf(value: Json, place: Place, id: string | null): SubmitResult {
  const json = objectAt(value, place);
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  if (wordAt(...at("status"), STATUSES) === "refused") {
    return { status: "refused", id, error: refusalOf(objectAt(...at("problem"))) };
  }
  const named = hexAt(...at("id"));
  if (named !== id) return malformed(at("id")[1], id ?? "no commitment of bytes that hold no transaction");
  return { status: "committed", id, height: countAt(...at("height")), index: countAt(...at("index")) };
}
