import { utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ADD_CHECKPOINT_BYTES_MAX,
  encodeAddCheckpoint,
  PROOF_LINES_MAX,
  parseAddCheckpoint,
} from "./add-checkpoint.ts";
import { encodeBase64 } from "./base64.ts";
import { parseTreeHead } from "./tree-head.ts";

// The example of C2SP tlog-witness, "add-checkpoint".
const EXAMPLE = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;
const NOTE = EXAMPLE.slice(EXAMPLE.indexOf("\n\n") + 2);
const HASH = encodeBase64(new Uint8Array(32).fill(7));

function read(text: string) {
  return parseAddCheckpoint(utf8ToBytes(text));
}

describe("a request", () => {
  test("of the specification is read, and written again byte for byte", () => {
    const request = read(EXAMPLE);
    if (!request.ok) throw new Error(request.fault.field);
    expect(request.value).toMatchObject({ oldSize: 20_852_014 });
    expect(request.value.path).toHaveLength(4);
    expect(request.value.note.signatures).toHaveLength(2);
    expect(parseTreeHead(request.value.note.text)).toMatchObject({
      ok: true,
      value: { origin: "example.com/behind-the-sofa", size: 20_852_163 },
    });
    expect(encodeAddCheckpoint(request.value)).toEqual(utf8ToBytes(EXAMPLE));
  });

  test("needs no proof lines, and has at most as many as it may", () => {
    expect(read(`old 0\n\n${NOTE}`)).toMatchObject({ ok: true, value: { oldSize: 0, path: [] } });
    const lines = (count: number) => `old 1\n${`${HASH}\n`.repeat(count)}\n${NOTE}`;
    expect(read(lines(PROOF_LINES_MAX)).ok).toBe(true);
    expect(read(lines(PROOF_LINES_MAX + 1))).toMatchObject({ ok: false, fault: { field: "proof" } });
  });

  test.each([
    ["", "request"],
    ["\n\n", "old"],
    [`\n\n${NOTE}`, "old"],
    [NOTE, "old"],
    [`old 1${NOTE}`, "old"],
    [`old\n\n${NOTE}`, "old"],
    [`old  1\n\n${NOTE}`, "old"],
    [`old 01\n\n${NOTE}`, "old"],
    [`old -1\n\n${NOTE}`, "old"],
    [`old +1\n\n${NOTE}`, "old"],
    [`old 1 \n\n${NOTE}`, "old"],
    [`Old 1\n\n${NOTE}`, "old"],
    [`old 9007199254740992\n\n${NOTE}`, "old"],
    [`old 1\r\n\n${NOTE}`, "old"],
    [`old 1\n${HASH} \n\n${NOTE}`, "proof[0]"],
    [`old 1\n${HASH}\n${HASH.slice(4)}\n\n${NOTE}`, "proof[1]"],
    [`old 1\n${HASH.replace("=", "")}\n\n${NOTE}`, "proof[0]"],
    ["old 1\n\n", "note"],
    [`old 1\n\n${NOTE}\n`, "signatures"],
    [`old 1\n\n${NOTE.slice(0, -1)}`, "signatures"],
  ])("is refused where it is malformed: %j", (text, field) => {
    expect(read(text)).toMatchObject({ ok: false, fault: { field } });
  });

  test("is refused when it is too long, before it is read", () => {
    const request = parseAddCheckpoint(new Uint8Array(ADD_CHECKPOINT_BYTES_MAX + 1));
    expect(request).toMatchObject({ ok: false, fault: { field: "request" } });
  });

  test("is read as it was written, and any other bytes that are read are those of what they mean", () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const request = fc.record({
      oldSize: fc.maxSafeNat(),
      path: fc.array(hash, { maxLength: PROOF_LINES_MAX }),
    });
    const example = read(EXAMPLE);
    if (!example.ok) throw new Error(example.fault.field);
    const { note } = example.value;
    fc.assert(
      fc.property(request, fc.nat(), fc.nat(255), ({ oldSize, path }, place, byte) => {
        const bytes = encodeAddCheckpoint({ oldSize, path, note });
        expect(parseAddCheckpoint(bytes)).toEqual({ ok: true, value: { oldSize, path, note } });
        bytes[place % bytes.length] = byte;
        const changed = parseAddCheckpoint(bytes);
        if (changed.ok) expect(encodeAddCheckpoint(changed.value)).toEqual(bytes);
      }),
    );
  });

  test("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, after) => {
        const whole = after ? new Uint8Array([...utf8ToBytes("old 1\n"), ...bytes]) : bytes;
        parseAddCheckpoint(whole);
      }),
    );
  });
});

describe("a tree head", () => {
  const ROOT = HASH;
  test.each([
    ["a\n1\n", "checkpoint"],
    [`a\n1\n${ROOT}`, "checkpoint"],
    [`a\n1\n${ROOT}\n\n`, "checkpoint"],
    [`\n1\n${ROOT}\n`, "checkpoint"],
    [`a\n01\n${ROOT}\n`, "size"],
    [`a\n18446744073709551615\n${ROOT}\n`, "size"],
    [`a\n1\n${ROOT.slice(0, -4)}\n`, "root"],
  ])("is refused: %j", (text, field) => {
    expect(parseTreeHead(text)).toMatchObject({ ok: false, fault: { field } });
  });

  test("is read with any extension lines", () => {
    for (const more of ["", "an extension\n", "one\ntwo\n"]) {
      expect(parseTreeHead(`log example+1\n3\n${ROOT}\n${more}`), more).toMatchObject({
        ok: true,
        value: { origin: "log example+1", size: 3 },
      });
    }
  });
});
