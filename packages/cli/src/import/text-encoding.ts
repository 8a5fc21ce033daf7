import { createReadStream } from "node:fs";

/** Encodings of tables, by the labels of `TextDecoder`. GB 18030 holds GBK and GB 2312. */
export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "gb18030"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What a look through a table's bytes tells. */
export type TextFacts = {
  readonly encoding: Encoding;
  /** How many line feeds there are: about as many records. */
  readonly lines: number;
  readonly sizeBytes: number;
  readonly delimiter: string;
};

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

const PIECE_BYTES = 1_048_576;
const LINE_FEED = 0x0a;

/**
 * Looks through a whole file: a byte order mark names its encoding; without one it is UTF-16 where it has zero bytes as that has
 * them, UTF-8 where every byte of it can be, and else the encoding of Chinese systems. `given` is what the user said.
 */
export async function lookAtText(path: string, given: Encoding | undefined): Promise<TextFacts> {
  let head: Uint8Array | undefined;
  let lines = 0;
  let sizeBytes = 0;
  let isUtf8 = true;
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const read = (piece?: Uint8Array): void => {
    if (!isUtf8) return;
    try {
      utf8.decode(piece, { stream: piece !== undefined });
    } catch {
      isUtf8 = false;
    }
  };
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    const bytes = piece as Uint8Array;
    head ??= bytes;
    sizeBytes += bytes.length;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
    read(bytes);
  }
  read();
  const start = head ?? new Uint8Array(0);
  const marked = MARKS.find(([, mark]) => mark.every((byte, at) => start[at] === byte))?.[0];
  const encoding = given ?? marked ?? utf16Of(start, sizeBytes) ?? (isUtf8 ? "utf-8" : "gb18030");
  const [firstLine = ""] = new TextDecoder(encoding).decode(start, { stream: true }).split(/\r|\n/, 1);
  return { encoding, lines, sizeBytes, delimiter: delimiterOf(firstLine) };
}

/** Of so many characters one at least is in ASCII, in whatever table or answer: separators, line ends, codes. */
const ASCII_SHARE = 32;
/** So many times as many zeros stand in one half of UTF-16's pairs as in the other, where there are any. */
const HALF_SHARE = 16;

/**
 * The byte order of UTF-16 without a mark: one byte of each of its ASCII characters is zero, line feeds among them, and no other
 * encoding of text has zero bytes. Stray ones in another encoding make it no UTF-16.
 */
function utf16Of(start: Uint8Array, sizeBytes: number): Encoding | undefined {
  if (sizeBytes % 2 !== 0) return undefined;
  const zeros: [even: number, odd: number] = [0, 0];
  for (let at = start.indexOf(0); at >= 0; at = start.indexOf(0, at + 1)) zeros[at % 2 === 0 ? 0 : 1] += 1;
  const [even, odd] = zeros;
  const [most, least] = even > odd ? [even, odd] : [odd, even];
  if (most === 0 || most * 2 * ASCII_SHARE < start.length || most < least * HALF_SHARE) return undefined;
  const encoding = even > odd ? "utf-16be" : "utf-16le";
  const isLine = !start.includes(LINE_FEED);
  return isLine || new TextDecoder(encoding).decode(start, { stream: true }).includes("\n")
    ? encoding
    : undefined;
}

/** The separator that a header line has most of. */
function delimiterOf(line: string): string {
  const counts = [",", ";", "\t"].map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

/** The text of a file, piece by piece. Bytes that are no text come as U+FFFD, which the rules of form refuse. */
export async function* readText(path: string, encoding: Encoding): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    yield decoder.decode(piece as Uint8Array, { stream: true });
  }
  yield decoder.decode();
}
