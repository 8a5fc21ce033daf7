/** What came of a request: an answer, or why there is none. */
export type PostAnswer =
  | { readonly ok: true; readonly status: number; readonly text: string }
  | { readonly ok: false; readonly failure: "unreachable" | "malformed"; readonly detail: string };

/** Bounds of a request. */
export type PostOptions = { readonly signal: AbortSignal; readonly bytesMax: number };

/**
 * Sends bytes to an http or https address and reads an answer of at most `bytesMax` bytes of text. Goes where it is told
 * and nowhere else: no redirection is followed. Never throws.
 */
export async function post(
  url: string,
  body: Uint8Array,
  { signal, bytesMax }: PostOptions,
): Promise<PostAnswer> {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    return { ok: false, failure: "unreachable", detail: "its address is neither http nor https" };
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      redirect: "error",
      headers: { "content-type": "text/plain; charset=utf-8", accept: "*/*" },
      signal,
    });
    const text = await readText(response, bytesMax);
    if (text === undefined)
      return { ok: false, failure: "malformed", detail: `its answer is longer than ${bytesMax} bytes` };
    return { ok: true, status: response.status, text };
  } catch (error) {
    const { message, cause } = error as Error;
    const detail = cause instanceof Error && cause.message !== "" ? cause.message : message;
    return { ok: false, failure: "unreachable", detail };
  }
}

/** The body as text; undefined, and the rest not waited for, when it is too long. */
async function readText(response: Response, bytesMax: number): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (response.body === null) return "";
  for await (const part of response.body) {
    length += part.length;
    if (length > bytesMax) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
