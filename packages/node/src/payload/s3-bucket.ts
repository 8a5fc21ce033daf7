import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { AwsV4Signer } from "aws4fetch";
import { failureOf, watchStream } from "./http-stream.ts";
import type { PayloadBytes } from "./payload-store.ts";

/** Who asks a bucket. */
export type S3Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that hold for a time. */
  readonly sessionToken?: string;
};

/** Where objects are kept: a bucket of a server that speaks Amazon's S3 interface, and a beginning of their names. */
export type S3Place = {
  /** Address of the server, such as `https://s3.example.cn`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** What every name begins with, such as `cityroot/`; may be empty. */
  readonly prefix: string;
  /** Whether the bucket is named in the path (most servers) or before the host name (Amazon's). */
  readonly pathStyle: boolean;
  /** Asked before each request, so that credentials may change while a node runs. */
  readonly credentials: () => S3Credentials;
};

/** The bucket cannot be reached, or refuses. */
export class BucketError extends Error {
  override readonly name = "BucketError";
}

/** The file that was to be sent is another one by now: it is to be sent from its beginning. */
export class FileChangedError extends Error {
  override readonly name = "FileChangedError";
}

/** Whether sending failed because of the file: it is held against what it was when it was opened. */
function isFileChanged(error: unknown): boolean {
  const { name, cause } = (error ?? {}) as { readonly name?: string; readonly cause?: unknown };
  return name === "NotReadableError" || (cause !== undefined && isFileChanged(cause));
}

/** Objects of a bucket, by names below its prefix. */
export type S3Bucket = {
  /**
   * Stores a file under a name; durable when it answers. The digest is that of the file: the server checks it. Throws
   * {@link FileChangedError} where the file is replaced meanwhile.
   */
  readonly put: (name: string, file: string, digest: string) => Promise<void>;
  /** The bytes of an object; undefined where there is none. */
  readonly get: (name: string) => Promise<PayloadBytes | undefined>;
  /** Length of an object in bytes; undefined where there is none. */
  readonly sizeOf: (name: string) => Promise<number | undefined>;
};

/** Files up to this length are sent at once, longer ones in parts: the interface takes 5 GiB at once, and 10,000 parts. */
const PART_BYTES = 64 * 1_048_576;
const PART_LONGEST_BYTES = 5 * 1_073_741_824;
const PARTS_MAX = 10_000;
/** How long an answer may take to begin. */
const ANSWER_TIMEOUT_MS = 60_000;
/** How slowly bytes may leave: a part has so long, and a second for each of so many bytes. */
const SLOWEST_BYTES_S = 65_536;
/** After how long without a byte an answer is given up. */
const IDLE_TIMEOUT_MS = 30_000;
/** Longest answer that is read as text. */
const TEXT_BYTES_MAX = 1_048_576;
const TRIES = 4;
const PAUSE_MS = 250;
/** SHA-256 of nothing. */
const EMPTY_DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const UNSIGNED = "UNSIGNED-PAYLOAD";

type Ask = {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  readonly name: string;
  readonly query?: string;
  readonly body?: Blob | string;
  readonly digest?: string;
};

/** A bucket, which is not asked anything yet. `partBytes` is how much of a long file is sent at once. */
export function openS3Bucket(place: S3Place, partBytes: number = PART_BYTES): S3Bucket {
  const send = (ask: Ask): Promise<Response> => sendOften(place, ask);
  const put = async (name: string, file: string, digest: string): Promise<void> => {
    const { size } = await stat(file);
    const blob = await openAsBlob(file);
    if (size > partBytes) await putParts(send, name, blob, Math.max(partBytes, Math.ceil(size / PARTS_MAX)));
    else await finish(await send({ method: "PUT", name, body: blob, digest }), name);
    // What a server takes in parts it checks part by part: that it put them together is seen from the length.
    const stored = await sizeOf(name);
    if (stored !== size)
      throw new BucketError(`${name} has ${stored ?? "no"} bytes in the bucket, not ${size}`);
  };
  const sizeOf = async (name: string): Promise<number | undefined> => {
    const response = await send({ method: "HEAD", name });
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    if (response.ok && Number.isSafeInteger(length)) return length;
    throw new BucketError(`the bucket answered ${response.status} for ${name}`);
  };
  return {
    put,
    sizeOf,
    get: async (name) => {
      const response = await send({ method: "GET", name });
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      const length = Number(response.headers.get("content-length") ?? Number.NaN);
      if (!response.ok || response.body === null || !Number.isSafeInteger(length)) {
        await finish(response, name);
        throw new BucketError(`the bucket does not say how long ${name} is`);
      }
      const bytes = Readable.from(watchStream(response.body, IDLE_TIMEOUT_MS), { objectMode: false });
      return { sizeBytes: length, bytes };
    },
  };
}

async function putParts(
  send: (ask: Ask) => Promise<Response>,
  name: string,
  blob: Blob,
  partBytes: number,
): Promise<void> {
  if (partBytes > PART_LONGEST_BYTES) throw new BucketError(`${name} is too long for the bucket`);
  const begun = await finish(await send({ method: "POST", name, query: "uploads=" }), name);
  const upload = /<UploadId>([^<]{1,1024})<\/UploadId>/.exec(begun)?.[1];
  if (upload === undefined) throw new BucketError(`the bucket names no upload for ${name}`);
  const id = `uploadId=${encodeURIComponent(unescapeXml(upload))}`;
  try {
    const parts: string[] = [];
    for (let from = 0; from < blob.size; from += partBytes) {
      const number = parts.length + 1;
      const body = blob.slice(from, from + partBytes);
      const response = await send({ method: "PUT", name, query: `partNumber=${number}&${id}`, body });
      const tag = response.headers.get("etag");
      await finish(response, name);
      if (tag === null) throw new BucketError(`the bucket names no part ${number} of ${name}`);
      parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(tag)}</ETag></Part>`);
    }
    const body = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
    const ended = await finish(await send({ method: "POST", name, query: id, body }), name);
    // The interface may answer 200 at once and say in the body what went wrong.
    if (!ended.includes("CompleteMultipartUploadResult"))
      throw new BucketError(`the bucket did not put ${name} together: ${ended.slice(0, 200)}`);
  } catch (cause) {
    // What is not put together costs room until somebody clears it.
    await send({ method: "DELETE", name, query: id })
      .then((response) => response.body?.cancel())
      .catch(() => {});
    throw cause;
  }
}

/** Reads an answer to its end; throws for one that refuses. */
async function finish(response: Response, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (response.body !== null) {
    for await (const chunk of watchStream(response.body, IDLE_TIMEOUT_MS)) {
      length += chunk.length;
      if (length > TEXT_BYTES_MAX) throw new BucketError(`the bucket's answer for ${name} is too long`);
      chunks.push(chunk);
    }
  }
  const text = Buffer.concat(chunks).toString();
  if (response.ok) return text;
  const code = /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(text)?.[1];
  throw new BucketError(
    `the bucket answered ${response.status}${code === undefined ? "" : ` ${code}`} for ${name}`,
  );
}

/** Asks until the server answers something else than that it cannot now. */
async function sendOften(place: S3Place, ask: Ask): Promise<Response> {
  for (let tried = 1; ; tried++) {
    try {
      const response = await sendOnce(place, ask);
      if (tried === TRIES || (response.status < 500 && response.status !== 429)) return response;
      await response.body?.cancel();
    } catch (cause) {
      if (isFileChanged(cause))
        throw new FileChangedError("the file was replaced while it was sent", { cause });
      if (tried === TRIES) {
        const message = `${place.endpoint} does not answer: ${failureOf(cause)}`;
        throw new BucketError(message, { cause });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** tried));
  }
}

async function sendOnce(place: S3Place, { method, name, query, body, digest }: Ask): Promise<Response> {
  const size = body === undefined ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.size;
  const { url, headers } = await new AwsV4Signer({
    ...place.credentials(),
    method,
    url: `${addressOf(place, name)}${query === undefined ? "" : `?${query}`}`,
    region: place.region,
    service: "s3",
    headers: { "x-amz-content-sha256": digest ?? (size === 0 ? EMPTY_DIGEST : UNSIGNED) },
  }).sign();
  const timeoutMs = ANSWER_TIMEOUT_MS + (1_000 * size) / SLOWEST_BYTES_S;
  const signal = AbortSignal.timeout(Math.ceil(timeoutMs));
  const asked = new AbortController();
  const abort = (): void => asked.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await fetch(url, { method, headers, body: body ?? null, redirect: "error", signal: asked.signal });
  } finally {
    // The time is that of the answer's beginning: what follows has its own bound.
    signal.removeEventListener("abort", abort);
  }
}

function addressOf({ endpoint, bucket, prefix, pathStyle }: S3Place, name: string): string {
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/$/, "");
  if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
  return `${url.origin}${path}${pathStyle ? `/${bucket}` : ""}/${prefix}${name}`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function unescapeXml(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
