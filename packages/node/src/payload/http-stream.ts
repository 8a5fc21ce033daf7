/**
 * The bytes of an answer, which ends with an error when none comes for so long. Whoever stops reading before its end
 * closes it.
 */
export async function* watchStream(
  body: ReadableStream<Uint8Array>,
  idleMs: number,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = body.getReader();
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no byte for ${idleMs} ms`)), idleMs);
      });
      const read = await Promise.race([reader.read(), silence]);
      clearTimeout(timer);
      if (read.done) return;
      yield read.value;
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => {});
  }
}

/** Why a request got no answer, in a few words: what `fetch` says hides the reason. */
export function failureOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}
