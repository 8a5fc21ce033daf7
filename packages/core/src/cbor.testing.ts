import * as fc from "fast-check";
import { type CborValue, decodeCbor } from "./cbor.ts";
import { bytesToHex, equalBytes } from "./hex.ts";

/** How many mutated inputs a fuzz test tries in all; the environment's CITYROOT_FUZZ_RUNS takes its place. */
export const FUZZ_RUNS: number = Number(process.env["CITYROOT_FUZZ_RUNS"] ?? 20_000);

const integerArb = fc.oneof(
  fc.integer({ min: -300, max: 70_000 }),
  fc.maxSafeInteger(),
  fc.constantFrom(
    23,
    24,
    255,
    256,
    65_535,
    65_536,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    -(2 ** 53 - 1),
    -24,
    -25,
  ),
);

// Text of every plane, and what decoders like to swallow: byte order marks, zero-width characters, the last point.
const textArb = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 40 }),
  fc.constantFrom("\ufeff", "\ufeffa", "a\ufeff", "\u{10ffff}", "\ud7ff\ue000", "\u0000", "石家庄市"),
);

/** Values of the protocol's CBOR, of every kind and not too deep. */
export const cborArb: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    integerArb,
    textArb,
    fc.constantFrom(null, true, false),
    fc.uint8Array({ maxLength: 30 }),
    fc.array(tie("value"), { maxLength: 6 }),
  ),
})).value;

/** One way to damage some bytes. */
export type ByteMutation = {
  readonly kind: "set" | "turn" | "drop" | "insert" | "cut" | "append" | "copy";
  /** Where, in parts of the length. */
  readonly place: number;
  readonly byte: number;
};

/** Ways to damage bytes. */
export const mutationArb: fc.Arbitrary<ByteMutation> = fc.record({
  kind: fc.constantFrom("set", "turn", "drop", "insert", "cut", "append", "copy"),
  place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x18, 0x1b, 0x40, 0x60, 0x80, 0x9f, 0xa0, 0xf6, 0xff)),
});

/** The bytes with one damage. */
export function mutateBytes(bytes: Uint8Array, { kind, place, byte }: ByteMutation): Uint8Array {
  const at = Math.floor(place * bytes.length);
  const head = bytes.slice(0, at);
  const tail = bytes.slice(at + 1);
  switch (kind) {
    case "set":
      return Uint8Array.of(...head, byte, ...tail);
    case "turn":
      return Uint8Array.of(...head, (bytes[at] ?? 0) ^ (1 << (byte & 7)), ...tail);
    case "drop":
      return Uint8Array.of(...head, ...tail);
    case "insert":
      return Uint8Array.of(...head, byte, ...bytes.slice(at));
    case "cut":
      return head;
    case "append":
      return Uint8Array.of(...bytes, byte);
    case "copy":
      return Uint8Array.of(...bytes, ...bytes.slice(at));
  }
}

/**
 * Shows that a codec is strict: it reads back what it wrote, and of damaged bytes it makes nothing, or something whose
 * bytes are exactly those that came. So no value has two encodings. It never throws.
 */
export function expectStrictCodec<T>(
  value: T,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => T | undefined,
  mutations: readonly ByteMutation[],
): void {
  const bytes = encode(value);
  const read = decode(bytes);
  if (read === undefined || !equalBytes(encode(read), bytes)) {
    throw new Error(`no round trip: ${bytesToHex(bytes)}`);
  }
  for (const mutation of mutations) {
    const damaged = mutateBytes(bytes, mutation);
    const other = decode(damaged);
    if (other !== undefined && !equalBytes(encode(other), damaged)) {
      throw new Error(`two encodings of one value: ${bytesToHex(damaged)} and ${bytesToHex(encode(other))}`);
    }
  }
}

/** The CBOR value of bytes that are surely some. */
export function cborOf(bytes: Uint8Array): CborValue {
  const value = decodeCbor(bytes);
  if (value === undefined) throw new Error(`no CBOR: ${bytesToHex(bytes)}`);
  return value;
}
