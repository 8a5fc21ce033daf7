/** The text that `%XX` stand in, in UTF-8; undefined where they do not make one. RFC 3986, 2.1. */
export function decodeText(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
