import { isCode } from "@cityroot/codes/ma/code";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { failureOf, watchStream } from "../payload/http-stream.ts";
import { PAYLOAD_STANDINGS, type ReferredPayload } from "../payload/payload-holdings.ts";

/** A node cannot be asked how payloads stand on it: the message says why. */
export class NodeUnreachableError extends Error {
  override readonly name = "NodeUnreachableError";
}

const PART = 1_000;
const PART_BYTES_MAX = 2 * 1_048_576;
const ANSWER_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 30_000;

/** Asks a node how the payloads stand on it that its ledger refers to, in order of digest, a part at a time. */
export async function* listPayloads(
  address: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ReferredPayload[]> {
  for (let after = ""; ; ) {
    const text = await ask(`${address}/v1/payloads?limit=${PART}${after && `&after=${after}`}`, signal);
    const part = readPart(text, after);
    if (part === undefined)
      throw new NodeUnreachableError("it answers with something else than a list of payloads");
    yield part.payloads;
    if (part.next === null) return;
    after = part.next;
  }
}

async function ask(url: string, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { redirect: "error", signal: limit });
    const chunks: Uint8Array[] = [];
    let length = 0;
    if (response.body !== null) {
      for await (const chunk of watchStream(response.body, IDLE_TIMEOUT_MS)) {
        length += chunk.length;
        if (length > PART_BYTES_MAX) throw new Error(`its answer is longer than ${PART_BYTES_MAX} bytes`);
        chunks.push(chunk);
      }
    }
    if (response.status !== 200) throw new Error(`it answers ${response.status}`);
    return Buffer.concat(chunks).toString();
  } catch (cause) {
    signal.throwIfAborted();
    throw new NodeUnreachableError(failureOf(cause), { cause });
  }
}

type Part = { readonly payloads: readonly ReferredPayload[]; readonly next: string | null };

function readPart(text: string, after: string): Part | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { payloads, next } = (value ?? {}) as { readonly payloads?: unknown; readonly next?: unknown };
  if (!Array.isArray(payloads) || payloads.length > PART) return undefined;
  const rows: ReferredPayload[] = [];
  let last = after;
  for (const entry of payloads) {
    const row = readRow(entry);
    // A list that does not go on in order might never end.
    if (row === undefined || bytesToHex(row.payload.digest) <= last) return undefined;
    last = bytesToHex(row.payload.digest);
    rows.push(row);
  }
  if (next === null) return { payloads: rows, next };
  return next === last && next !== after ? { payloads: rows, next: last } : undefined;
}

function readRow(value: unknown): ReferredPayload | undefined {
  const row = (value ?? {}) as { readonly [name: string]: unknown };
  const { sizeBytes, count, first, last, checked } = row;
  const digest = typeof row["digest"] === "string" ? hexToBytes(row["digest"]) : undefined;
  const root = typeof row["root"] === "string" ? hexToBytes(row["root"]) : undefined;
  const standing = PAYLOAD_STANDINGS.find((known) => known === row["standing"]);
  const checkedMs = checked === null ? 0 : Date.parse(String(checked));
  if (digest?.length !== 32 || root?.length !== 32 || standing === undefined) return undefined;
  if (!Number.isSafeInteger(sizeBytes) || !Number.isSafeInteger(count) || !Number.isSafeInteger(checkedMs))
    return undefined;
  if (typeof first !== "string" || !isCode(first) || typeof last !== "string" || !isCode(last))
    return undefined;
  const payload = { digest, root, first, last, sizeBytes: sizeBytes as number, count: count as number };
  return { payload, standing, checkedMs };
}
