import { Readable } from "node:stream";
import { bytesToHex } from "@cityroot/core/hex";
import { failureOf, watchStream } from "../payload/http-stream.ts";
import type { PayloadStore, StoredPayload } from "../payload/payload-store.ts";

/** What came of asking a node for a payload. */
export type FetchOutcome =
  /** It gave the payload, which is stored now. */
  | { readonly kind: "stored" }
  | { readonly kind: "absent" }
  /** It does not answer, or broke off, or says that it cannot. */
  | { readonly kind: "unreachable"; readonly detail: string }
  /** What it gave is not the payload. */
  | { readonly kind: "wrong"; readonly detail: string }
  /** It gave what the digest names, and that does not make the root: no other node can have what the ledger says. */
  | { readonly kind: "unfit"; readonly detail: string };

/** How long an answer may take to begin, and after how long without a byte it is given up, in milliseconds. */
const ANSWER_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 30_000;
/** Bytes that have to come in each second on average, after the first minute. */
const SLOWEST_BYTES_S = 16_384;
const GRACE_MS = 60_000;

/** What is fetched, from where, and into which store. */
export type FetchOrder = {
  /** Address of the other node, such as `https://node-2.example.cn`. */
  readonly replica: string;
  /** What the ledger says of the payload: nothing else is taken. */
  readonly payload: StoredPayload;
  readonly payloads: Pick<PayloadStore, "put">;
  /** Ends it: then it throws. */
  readonly signal: AbortSignal;
};

/**
 * Asks another node for a payload and stores what it gives if it is just that: the digest, every item, the root and the
 * bounds are checked before anything can be seen. No byte more is read than the ledger says, and no redirection is
 * followed. Throws where the own store fails.
 */
export async function fetchPayload({
  replica,
  payload,
  payloads,
  signal,
}: FetchOrder): Promise<FetchOutcome> {
  const url = `${replica}/v1/payloads/${bytesToHex(payload.digest)}`;
  const ended = new AbortController();
  const end = (): void => ended.abort(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  const timer = setTimeout(
    () => ended.abort(new Error(`no answer for ${ANSWER_TIMEOUT_MS} ms`)),
    ANSWER_TIMEOUT_MS,
  );
  try {
    const response = await fetch(url, {
      redirect: "error",
      // Bytes as they are: what is unpacked on the way could be longer than what was sent.
      headers: { accept: "application/vnd.cityroot.items", "accept-encoding": "identity" },
      signal: ended.signal,
    });
    clearTimeout(timer);
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      if (response.status === 404) return { kind: "absent" };
      return { kind: "unreachable", detail: `it answers ${response.status}` };
    }
    return await takeAnswer(response, response.body, { payload, payloads, ended });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof StoreFailure) throw cause.cause;
    return { kind: "unreachable", detail: failureOf(cause) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

/** The own store failed: that is not the other node's fault. */
class StoreFailure extends Error {
  override readonly name = "StoreFailure";
}

async function takeAnswer(
  response: Response,
  body: ReadableStream<Uint8Array>,
  {
    payload,
    payloads,
    ended,
  }: Pick<FetchOrder, "payload" | "payloads"> & { readonly ended: AbortController },
): Promise<FetchOutcome> {
  const { sizeBytes } = payload;
  const length = response.headers.get("content-length");
  if (length !== null && Number(length) !== sizeBytes) {
    await body.cancel();
    return { kind: "wrong", detail: `it is of ${length} bytes, not ${sizeBytes}` };
  }
  const mostMs = GRACE_MS + (1_000 * sizeBytes) / SLOWEST_BYTES_S;
  const timer = setTimeout(() => ended.abort(new Error("it gives bytes too slowly")), Math.ceil(mostMs));
  let broken: unknown;
  const told = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* watchStream(body, IDLE_TIMEOUT_MS);
    } catch (cause) {
      broken = cause;
      throw cause;
    }
  };
  try {
    const stored = await payloads.put(Readable.from(told(), { objectMode: false }), payload);
    if (stored.ok) return { kind: "stored" };
    const { name, detail, fault } = stored.rejection;
    const isDigestRight = name === "PAYLOAD_MISMATCH" && fault?.field !== "digest";
    return { kind: isDigestRight ? "unfit" : "wrong", detail };
  } catch (cause) {
    if (broken !== undefined) throw broken;
    throw new StoreFailure("the store failed", { cause });
  } finally {
    clearTimeout(timer);
  }
}
