import type { Client } from "./client.ts";
import { ProofError, TransportError, type TransportFailure } from "./error.ts";

/** Longest answer of JSON or of one proof bundle, in bytes. */
export const ANSWER_BYTES_MAX = 4_194_304;
/** Longest time that `setTimeout` can wait, in milliseconds. */
const TIMEOUT_MS_MAX = 2_147_483_647;

/** One request to a registry. */
export type RequestParameters = {
  readonly method?: "GET" | "POST" | "PUT";
  /** Path below the registry's address, without a slash before it: `v1/network`. */
  readonly path: string;
  /** Members that are undefined are left out. */
  readonly query?: { readonly [name: string]: string | number | boolean | undefined };
  readonly accept: string;
  readonly body?: BodyInit;
  readonly contentType?: string;
  /** Longest answer that is read, in bytes; {@link ANSWER_BYTES_MAX} when absent. */
  readonly bytesMax?: number | undefined;
  /** The whole answer has to be there after this time, in milliseconds; the client's when absent. */
  readonly timeoutMs?: number | undefined;
  /** Ends the request early: what is thrown then is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
};

/** An answer that is complete and within its bounds, whatever its status. */
export type Answer = {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  /** Media type without its parameters, in lower case; empty where none was said. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
};

/** The parts of a client that a request needs. */
export type Requester = Pick<Client, "url" | "fetch" | "timeoutMs"> & {
  readonly network?: string | undefined;
};

/**
 * Makes one request. It follows no redirect, sends no credentials, and reads no more and no longer than it was told,
 * since whoever answers may be anyone. Throws {@link TransportError}, and {@link ProofError} `network-other`.
 */
export async function request(client: Requester, parameters: RequestParameters): Promise<Answer> {
  const url = addressOf(client.url, parameters);
  const limit = limitTime(url, parameters.timeoutMs ?? client.timeoutMs, parameters.signal);
  try {
    const response = await Promise.race([ask(client, url, initOf(parameters, limit.signal)), limit.ended]);
    refuseRedirect(response, url);
    const bytes = await readBody(response, url, parameters.bytesMax ?? ANSWER_BYTES_MAX, limit.ended);
    refuseOtherNetwork(client, response.headers);
    const contentType = (response.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
    return { url, status: response.status, headers: response.headers, contentType, bytes };
  } finally {
    limit.stop();
  }
}

async function ask(client: Requester, url: string, init: RequestInit): Promise<Response> {
  try {
    return await client.fetch(url, init);
  } catch (cause) {
    throw failed("network", "no answer", url, { cause });
  }
}

function addressOf(base: string, { path, query = {} }: RequestParameters): string {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

function initOf(parameters: RequestParameters, signal: AbortSignal): RequestInit {
  const { method = "GET", accept, body, contentType } = parameters;
  const headers: Record<string, string> = { accept };
  if (contentType !== undefined) headers["content-type"] = contentType;
  const base: RequestInit = { method, headers, signal, redirect: "manual", credentials: "omit" };
  return body === undefined ? base : { ...base, body };
}

type TimeLimit = {
  readonly signal: AbortSignal;
  /** Rejects when the time is over or the caller ends the request. */
  readonly ended: Promise<never>;
  /** Ends the connection, if it is still open, and the clock. */
  readonly stop: () => void;
};

function limitTime(url: string, timeoutMs: number, signal: AbortSignal | undefined): TimeLimit {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let end: (reason: unknown) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  // Whoever races it sees the rejection; without one in the race it must not count as unhandled.
  ended.catch(() => {});
  const timer = setTimeout(
    () => end(failed("timeout", `no complete answer within ${timeoutMs} ms`, url)),
    Math.min(timeoutMs, TIMEOUT_MS_MAX),
  );
  const onAbort = (): void => end(signal!.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    ended,
    stop: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      controller.abort();
    },
  };
}

function refuseRedirect(response: Response, url: string): void {
  const { status, type, redirected } = response;
  // Browsers hide a redirect that was not followed behind the type; a fetch of the caller's may have followed one.
  if (type !== "opaqueredirect" && !redirected && (status < 300 || status > 399)) return;
  throw failed("redirect", "the server sends elsewhere", url, undefined, status);
}

async function readBody(
  response: Response,
  url: string,
  bytesMax: number,
  ended: Promise<never>,
): Promise<Uint8Array> {
  const tooLarge = (): TransportError =>
    failed("too-large", `the answer is longer than ${bytesMax} bytes`, url, undefined, response.status);
  if (Number(response.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge();
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const read = reader.read().catch((cause: unknown) => {
      throw failed("network", "the answer broke off", url, { cause }, response.status);
    });
    const { done, value } = await Promise.race([read, ended]);
    if (done) return join(parts, sizeBytes);
    sizeBytes += value.length;
    if (sizeBytes > bytesMax) throw tooLarge();
    parts.push(value);
  }
}

function join(parts: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function refuseOtherNetwork({ network, url }: Requester, headers: Headers): void {
  const got = headers.get("cityroot-network");
  if (network === undefined || got === null || got === network) return;
  throw new ProofError("network-other", `${url} speaks for ${got}, the client was made for ${network}`);
}

function failed(
  failure: TransportFailure,
  detail: string,
  url: string,
  options?: ErrorOptions,
  status?: number,
): TransportError {
  return new TransportError({ failure, detail, url, status }, options);
}
