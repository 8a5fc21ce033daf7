import { decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readCborBody, readJsonBody } from "./submit-body.ts";

const MOST = 8;

/** What the codec makes of the same bytes. */
function byCodec(body: Uint8Array): readonly Uint8Array[] | undefined {
  const value = decodeCbor(body);
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST) return undefined;
  return value.every((element) => element instanceof Uint8Array) ? (value as Uint8Array[]) : undefined;
}

/**
 * Goal: the reader of bodies accepts exactly the arrays of byte strings that the codec accepts.
 * Method: bodies as the codec writes them, changed in one byte, cut, lengthened, or of random bytes.
 */
test("a body is read as the codec reads it", () => {
  const list = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: MOST + 1 });
  const change = fc.record({
    at: fc.nat(),
    byte: fc.nat(255),
    kind: fc.constantFrom("none", "set", "cut", "more"),
  });
  fc.assert(
    fc.property(fc.oneof(list, fc.uint8Array({ maxLength: 12 })), change, (content, { at, byte, kind }) => {
      const body = Buffer.from(content instanceof Uint8Array ? content : encodeCbor(content));
      const place = body.length === 0 ? 0 : at % body.length;
      if (kind === "set" && body.length > 0) body[place] = byte;
      const changed =
        kind === "cut"
          ? body.subarray(0, place)
          : kind === "more"
            ? Buffer.concat([body, Buffer.from([byte])])
            : body;
      const read = readCborBody(changed, MOST);
      const expected = byCodec(new Uint8Array(changed));
      expect(read.ok).toBe(expected !== undefined);
      if (read.ok) expect(read.transactions).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

test("long bodies are read as well", () => {
  for (const length of [23, 24, 255, 256, 65_535, 65_536, 1_048_576]) {
    const read = readCborBody(encodeCbor([new Uint8Array(length).fill(7)]), MOST);
    expect(read.ok && read.transactions[0]?.length, String(length)).toBe(length);
  }
  const many = Array.from({ length: 300 }, () => new Uint8Array(1));
  expect(readCborBody(encodeCbor(many), 300).ok).toBe(true);
  expect(readCborBody(encodeCbor(many), 299).ok).toBe(false);
});

test("a JSON body has one text for the same bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.base64String({ maxLength: 12 }), (bytes, other) => {
      const read = readJsonBody([Buffer.from(bytes).toString("base64")], MOST);
      expect(read).toEqual({ ok: true, transactions: [new Uint8Array(bytes)] });
      const loose = readJsonBody([other], MOST);
      expect(loose.ok).toBe(Buffer.from(other, "base64").toString("base64") === other);
    }),
  );
  for (const text of ["AQ", "AQ=", "AQ= =", "A-_=", " AQ==", "AR==", "AQ==\n"]) {
    expect(readJsonBody([text], MOST).ok, text).toBe(false);
  }
});
