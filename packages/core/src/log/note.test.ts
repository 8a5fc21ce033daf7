import { utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publicKeyOf, verify } from "../key/ed25519.ts";
import { decodeBase64 } from "./base64.ts";
import {
  addSignatures,
  encodeNote,
  isKeyName,
  keyIdOf,
  makeVerifierKey,
  NOTE_BYTES_MAX,
  NOTE_SIGNATURES_MAX,
  type Note,
  parseNote,
  parseSignatureLines,
  parseVerifierKey,
  printSignatureLines,
  printVerifierKey,
  SIGNATURE_TYPES,
  type SignatureType,
  signaturesOf,
  signText,
  type VerifierKey,
  verifyText,
} from "./note.ts";

const seedOf = (value: number): Uint8Array => new Uint8Array(32).fill(value);

function readNote(text: string): Note {
  const note = parseNote(utf8ToBytes(text));
  if (!note.ok) throw new Error(note.fault.field);
  return note.value;
}

function readKey(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (!key.ok) throw new Error(key.fault.field);
  return key.value;
}

// C2SP signed-note, "Example".
const C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const C2SP_NOTE =
  "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
// C2SP signed-note, first example: a text with an empty line in it.
const POEM_TEXT =
  "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n";
const POEM_NOTE = `${POEM_TEXT}\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n`;
// golang.org/x/mod, sumdb/note/note_test.go.
const GO_SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_OTHER_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_LINE =
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const GO_OTHER_LINE =
  "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
// A public witness, from transparency-dev/formats, note/note_cosigv1_test.go: a key of type 0x04.
const WITNESS_KEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
// The checksum log of Go, from transparency-dev/formats, log/note_test.go: its origin is not its key's name.
const SUMDB_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
const SUMDB_NOTE =
  "go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=\n";

// C2SP tlog-cosignature, first example: a signature of each of the two types.
const COSIGNED_NOTE = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

describe("a note of another implementation", () => {
  test.each([
    ["C2SP's example", C2SP_KEY, C2SP_NOTE],
    ["Go's test", GO_KEY, `${GO_TEXT}\n${GO_LINE}${GO_OTHER_LINE}`],
    ["Go's test, second signer", GO_OTHER_KEY, `${GO_TEXT}\n${GO_LINE}${GO_OTHER_LINE}`],
    ["Go's checksum log", SUMDB_KEY, SUMDB_NOTE],
  ])("verifies: %s", (_, keyText, noteText) => {
    const note = readNote(noteText);
    const key = readKey(keyText);
    const [signature, ...more] = signaturesOf(note, key);
    expect(more).toEqual([]);
    expect(verifyText(note.text, signature!, key, verify)).toBe(true);
    expect(verifyText(`${note.text}\n`, signature!, key, verify)).toBe(false);
  });

  test("is signed alike", () => {
    const signature = signText(GO_TEXT, "PeterNeumann", decodeBase64(GO_SEED)!.slice(1));
    expect(printSignatureLines([signature])).toBe(GO_LINE);
  });

  test("may have an empty line in its text", () => {
    expect(readNote(POEM_NOTE).text).toBe(POEM_TEXT);
  });
});

describe("a note", () => {
  test("is written as it was read", () => {
    for (const text of [
      C2SP_NOTE,
      POEM_NOTE,
      SUMDB_NOTE,
      COSIGNED_NOTE,
      `${GO_TEXT}\n${GO_LINE}${GO_LINE}${GO_OTHER_LINE}`,
    ]) {
      expect(encodeNote(readNote(text)), text).toEqual(utf8ToBytes(text));
    }
  });

  test("is read as it was written", () => {
    const line = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replace(/\p{Cc}/gu, "."));
    const name = fc.string({ unit: "binary", minLength: 1, maxLength: 8 }).filter(isKeyName);
    const signature = fc.record({
      name,
      keyId: fc.integer({ min: 0, max: 0xffff_ffff }),
      signature: fc.uint8Array({ minLength: 1, maxLength: 80 }),
    });
    fc.assert(
      fc.property(
        fc.array(line),
        fc.array(signature, { minLength: 1, maxLength: 4 }),
        (lines, signatures) => {
          const note = { text: `${lines.join("\n")}\n`, signatures };
          expect(parseNote(encodeNote(note))).toEqual({ ok: true, value: note });
        },
      ),
    );
  });

  const signed = `${GO_TEXT}\n${GO_LINE}`;
  test.each([
    ["", "nothing"],
    [GO_TEXT, "no signatures"],
    [`${GO_TEXT}\n`, "an empty line and no signatures"],
    [`${GO_TEXT}${GO_LINE}`, "no empty line"],
    [signed.slice(0, -1), "no last newline"],
    [`${signed}\n`, "an empty line at the end"],
    [`${signed}more\n`, "a line that is no signature"],
    [`\u0001${signed}`, "a control character"],
    [signed.replaceAll("\n", "\r\n"), "line ends of another kind"],
    [signed.replace("problem,", "problem,\t"), "a tab"],
    [signed.replace("— ", "- "), "another dash"],
    [signed.replace("— ", "—"), "no space after the dash"],
    [signed.replace("PeterNeumann", "Peter Neumann"), "a space in the name"],
    [signed.replace("PeterNeumann", "Peter\u3000Neumann"), "a wide space in the name"],
    [signed.replace("PeterNeumann", "Peter\u0085Neumann"), "a next-line character in the name"],
    [signed.replace("PeterNeumann", "Peter+Neumann"), "a plus in the name"],
    [signed.replace("PeterNeumann", ""), "no name"],
    [signed.replace(/ x08.*=/, ""), "no signature"],
    [signed.replace(/ x08.*=/, " "), "an empty signature"],
    [signed.replace(/ x08.*=/, " x08gow=="), "a key id alone"],
    [signed.replace("nAM=", "nAN="), "unused bits that are set"],
    [signed.replace("nAM=", "nAM"), "no padding"],
    [signed.replace("nAM=", "nAM= "), "a space after the signature"],
    [signed.replace("x08", "  x08"), "two spaces"],
    [signed.replace("/", "_"), "another alphabet"],
  ])("%j is refused: %s", (text) => {
    expect(parseNote(utf8ToBytes(text))).toMatchObject({ ok: false });
  });

  test("is refused when its bytes are no UTF-8", () => {
    expect(parseNote(new Uint8Array([0xff, ...utf8ToBytes(signed)]))).toMatchObject({ ok: false });
  });

  test("has bounds on its length and its signatures, above the sixteen that are asked for", () => {
    const many = (count: number) => parseNote(utf8ToBytes(`${GO_TEXT}\n${GO_LINE.repeat(count)}`));
    expect(many(16).ok).toBe(true);
    expect(many(NOTE_SIGNATURES_MAX).ok).toBe(true);
    expect(many(NOTE_SIGNATURES_MAX + 1)).toMatchObject({ ok: false, fault: { field: "signatures" } });
    const padded = (length: number) =>
      parseNote(utf8ToBytes("x".repeat(length - utf8ToBytes(signed).length) + signed));
    expect(padded(NOTE_BYTES_MAX).ok).toBe(true);
    expect(padded(NOTE_BYTES_MAX + 1).ok).toBe(false);
  });

  test("gets a verdict for any bytes", () => {
    const piece = fc.constantFrom("\n", "— ", "a", " ", "eA==", "x08gow==", "+", "é", GO_LINE);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const bytes = utf8ToBytes(pieces.join(""));
        const note = parseNote(bytes);
        if (note.ok) expect(encodeNote(note.value)).toEqual(bytes);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("signatures", () => {
  const text = "some text\n";
  const ours = signText(text, "a.example/log", seedOf(1));
  const theirs = signText(text, "b.example/log", seedOf(2));

  test("are of a key only when both name and key id match", () => {
    const key = makeVerifierKey("a.example/log", SIGNATURE_TYPES.ed25519, publicKeyOf(seedOf(1)));
    const note = {
      text,
      signatures: [theirs, { ...ours, keyId: theirs.keyId }, { ...theirs, keyId: key.keyId }, ours],
    };
    expect(signaturesOf(note, key)).toEqual([ours]);
    expect(verifyText(text, ours, key, verify)).toBe(true);
    expect(verifyText(text, { ...ours, name: theirs.name }, key, verify)).toBe(false);
    expect(verifyText(text, { ...ours, keyId: ours.keyId ^ 1 }, key, verify)).toBe(false);
  });

  test("of one type are none of another type under the same public key", () => {
    const cosigner = makeVerifierKey("a.example/log", SIGNATURE_TYPES.cosignature, publicKeyOf(seedOf(1)));
    expect(cosigner.keyId).not.toBe(ours.keyId);
    expect(verifyText(text, { ...ours, keyId: cosigner.keyId }, cosigner, verify)).toBe(false);
  });

  test("are verified with what is handed in", () => {
    const key = makeVerifierKey("a.example/log", SIGNATURE_TYPES.ed25519, publicKeyOf(seedOf(1)));
    expect(verifyText(text, ours, key, () => false)).toBe(false);
    expect(verifyText("another\n", ours, key, () => true)).toBe(true);
  });

  test("take the place of earlier ones of the same key", () => {
    const newer = { ...ours, signature: new Uint8Array([9]) };
    expect(addSignatures({ text, signatures: [ours, theirs] }, [newer]).signatures).toEqual([theirs, newer]);
  });

  test("are read alone, as a witness sends them", () => {
    expect(parseSignatureLines(printSignatureLines([ours, theirs]))).toEqual({
      ok: true,
      value: [ours, theirs],
    });
    expect(parseSignatureLines("")).toMatchObject({ ok: false });
    expect(parseSignatureLines("\n")).toMatchObject({ ok: false, fault: { field: "signatures[0]" } });
  });
});

describe("a verifier key", () => {
  test.each([C2SP_KEY, GO_KEY, GO_OTHER_KEY, SUMDB_KEY, WITNESS_KEY])(
    "%s is written as it was read",
    (text) => {
      expect(printVerifierKey(readKey(text))).toBe(text);
    },
  );

  test("says what it is for", () => {
    expect(readKey(WITNESS_KEY)).toMatchObject({ name: "remora.n621.de", type: 0x04, keyId: 0xda77ade7 });
    expect(readKey(C2SP_KEY)).toMatchObject({ name: "example.com/foo", type: 0x01, keyId: 0x530d903a });
  });

  test("is refused when any part of it is cut away", () => {
    for (let begin = 0; begin <= GO_KEY.length; begin++) {
      for (let end = begin + 1; end <= GO_KEY.length; end++) {
        if (begin === 0 && end === GO_KEY.length) continue;
        expect(parseVerifierKey(GO_KEY.slice(begin, end)).ok, GO_KEY.slice(begin, end)).toBe(false);
      }
    }
  });

  test("is refused when any character of it is another", () => {
    for (let at = 0; at < GO_KEY.length; at++) {
      const other = String.fromCharCode(GO_KEY.charCodeAt(at) + 1);
      const text = GO_KEY.slice(0, at) + other + GO_KEY.slice(at + 1);
      expect(parseVerifierKey(text).ok, text).toBe(false);
    }
  });

  test("is refused for a name, type or key that is none, though its id fits", () => {
    const forged = (name: string, type: number, publicKey: Uint8Array) => {
      const keyId = keyIdOf(name, type as SignatureType, publicKey);
      return parseVerifierKey(printVerifierKey({ name, keyId, type: type as SignatureType, publicKey }));
    };
    const good = publicKeyOf(seedOf(3));
    expect(forged("good", 1, good).ok).toBe(true);
    expect(forged("not good", 1, good)).toMatchObject({ ok: false, fault: { field: "name" } });
    expect(forged("n".repeat(255), 1, good).ok).toBe(true);
    expect(forged("n".repeat(256), 1, good)).toMatchObject({ ok: false, fault: { field: "name" } });
    expect(forged("good", 2, good)).toMatchObject({ ok: false, fault: { field: "key" } });
    expect(forged("good", 6, good)).toMatchObject({ ok: false, fault: { field: "key" } });
    expect(forged("good", 1, good.slice(1))).toMatchObject({ ok: false, fault: { field: "key" } });
    expect(forged("good", 1, new Uint8Array(32))).toMatchObject({ ok: false, fault: { field: "key" } });
  });

  test("is refused with its id in capitals", () => {
    expect(parseVerifierKey(GO_KEY.replace("c74f20a3", "C74F20A3"))).toMatchObject({
      ok: false,
      fault: { field: "id" },
    });
  });
});
