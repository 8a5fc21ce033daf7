/** Transactions of a body, or what is wrong with it. */
export type SubmitBody =
  | { readonly ok: true; readonly transactions: readonly Uint8Array[] }
  | { readonly ok: false; readonly field: string; readonly expected: string; readonly got: string };

const BYTES = 2;
const ARRAY = 4;

/**
 * Reads a CBOR array of 1 to `most` byte strings, in shortest form and with nothing after it. The parts are views of
 * the body. A reader of its own rather than the codec, since a stranger's body is to cost no more than its length.
 */
export function readCborBody(given: Uint8Array, most: number): SubmitBody {
  const body = plainBytes(given);
  const list = readHead(body, 0, ARRAY);
  if (list === undefined) return refuse("body", "a CBOR array of byte strings", `${body.length} bytes`);
  if (list.length < 1 || list.length > most) return refuseCount(most, list.length);
  const transactions: Uint8Array[] = [];
  let at = list.end;
  for (let index = 0; index < list.length; index++) {
    const head = readHead(body, at, BYTES);
    const end = head === undefined ? Number.POSITIVE_INFINITY : head.end + head.length;
    if (head === undefined || end > body.length) {
      return refuse(
        `body[${index}]`,
        "a byte string",
        `${Math.max(0, body.length - at)} bytes of something else`,
      );
    }
    transactions.push(body.subarray(head.end, end));
    at = end;
  }
  if (at !== body.length) return refuse("body", "nothing after the array", `${body.length - at} bytes`);
  return { ok: true, transactions };
}

/** Reads the JSON form: base64 texts, each as an encoder would write it. */
export function readJsonBody(texts: readonly string[], most: number): SubmitBody {
  if (texts.length < 1 || texts.length > most) return refuseCount(most, texts.length);
  const transactions: Uint8Array[] = [];
  for (const [index, text] of texts.entries()) {
    const bytes = Buffer.from(text, "base64");
    // What is read leniently is written again, so that there is one text for the same bytes.
    if (bytes.toString("base64") !== text) {
      return refuse(`transactions[${index}]`, "base64 with padding, RFC 4648 section 4", "another text");
    }
    transactions.push(plainBytes(bytes));
  }
  return { ok: true, transactions };
}

/** The same bytes without the ways of a Buffer, whose parts are not copied where those of others are. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** CBOR head at a place: its number and where what follows begins; undefined for another type or a longer form. */
function readHead(
  bytes: Uint8Array,
  at: number,
  major: number,
): { readonly length: number; readonly end: number } | undefined {
  const head = bytes[at];
  if (head === undefined || head >> 5 !== major) return undefined;
  const info = head & 31;
  if (info < 24) return { length: info, end: at + 1 };
  const width = info === 24 ? 1 : info === 25 ? 2 : info === 26 ? 4 : 0;
  if (width === 0 || at + 1 + width > bytes.length) return undefined;
  let length = 0;
  for (let index = 1; index <= width; index++) length = length * 256 + bytes[at + index]!;
  const least = width === 1 ? 24 : 256 ** (width / 2);
  return length < least ? undefined : { length, end: at + 1 + width };
}

function refuseCount(most: number, got: number): SubmitBody {
  return refuse("transactions", `1 to ${most} transactions`, String(got));
}

function refuse(field: string, expected: string, got: string): SubmitBody {
  return { ok: false, field, expected, got };
}
