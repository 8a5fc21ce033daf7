import { describe, expect, test } from "vitest";
import { publicKeyOf } from "../key/ed25519.ts";
import { type Checkpoint, signCheckpoint } from "./checkpoint.ts";
import { cosignText } from "./cosignature.ts";
import { LOG_KEYS_MAX } from "./log-signatures.ts";
import {
  addSignatures,
  encodeNote,
  makeVerifierKey,
  type NoteSignature,
  printVerifierKey,
  SIGNATURE_TYPES,
  signText,
} from "./note.ts";
import {
  checkPolicy,
  type Policy,
  parsePolicy,
  printPolicy,
  readPolicy,
  WITNESSES_MAX,
  writePolicy,
} from "./witness-policy.ts";

const ORIGIN = "registry.example/shijiazhuang";
const TIME_S = 1_800_000_000;
const seedOf = (value: number): Uint8Array => new Uint8Array(32).fill(value);
const nameOf = (value: number): string => `witness.example/${value}`;
const witness = (value: number) =>
  makeVerifierKey(nameOf(value), SIGNATURE_TYPES.cosignature, publicKeyOf(seedOf(value)));

/** A log key under the origin's name, as each node of a network has one. */
const logKey = (value: number) =>
  makeVerifierKey(ORIGIN, SIGNATURE_TYPES.ed25519, publicKeyOf(seedOf(value)));

const POLICY: Policy = {
  origin: ORIGIN,
  logKeys: [100, 101].map(logKey),
  witnesses: [witness(1), witness(2), witness(3)],
  quorum: 2,
};
const JSON_FORM = writePolicy(POLICY);

const CHECKPOINT: Checkpoint = {
  origin: ORIGIN,
  size: 5,
  logRoot: new Uint8Array(32).fill(1),
  height: 9,
  timeMs: 1_800_000_000_123,
  stateRoot: new Uint8Array(32).fill(2),
};
const SIGNED = signCheckpoint(CHECKPOINT, ORIGIN, seedOf(100));

const cosign = (value: number, timeS = TIME_S) =>
  cosignText(SIGNED.text, nameOf(value), seedOf(value), timeS);
const check = (signatures: readonly NoteSignature[], policy = POLICY) =>
  checkPolicy(encodeNote(addAll(signatures)), policy);

/** Unlike addSignatures this keeps every line, as a hostile server would. */
function addAll(signatures: readonly NoteSignature[]) {
  return { text: SIGNED.text, signatures: [...SIGNED.signatures, ...signatures] };
}

describe("a checkpoint under a policy", () => {
  test("is believed with enough cosignatures, whatever their order", () => {
    expect(check([cosign(3, TIME_S + 7), cosign(1)])).toEqual({
      ok: true,
      checkpoint: CHECKPOINT,
      cosigners: [
        { name: nameOf(1), timeS: TIME_S },
        { name: nameOf(3), timeS: TIME_S + 7 },
      ],
    });
    expect(checkPolicy(encodeNote(addSignatures(SIGNED, [cosign(1), cosign(2), cosign(3)])), POLICY).ok).toBe(
      true,
    );
  });

  test("is not believed with too few, and the names of those that did cosign", () => {
    expect(check([cosign(2)])).toEqual({
      ok: false,
      reason: "too-few-cosignatures",
      needed: 2,
      found: 1,
      names: [nameOf(2)],
    });
    expect(check([])).toMatchObject({ reason: "too-few-cosignatures", found: 0, names: [] });
  });

  test("counts a witness once however often it signs, with its latest time", () => {
    const often = [cosign(1), cosign(1, TIME_S + 1), cosign(1), cosign(1, TIME_S - 1)];
    expect(check(often)).toMatchObject({ reason: "too-few-cosignatures", found: 1, names: [nameOf(1)] });
    expect(check([...often, cosign(2)])).toMatchObject({
      ok: true,
      cosigners: [
        { name: nameOf(1), timeS: TIME_S + 1 },
        { name: nameOf(2), timeS: TIME_S },
      ],
    });
  });

  test("does not count strangers, plain signatures of witnesses, or the log itself", () => {
    const stranger = cosign(9);
    const borrowedName = cosignText(SIGNED.text, nameOf(2), seedOf(9), TIME_S);
    const plain = signText(SIGNED.text, nameOf(2), seedOf(2));
    const logCosigns = cosignText(SIGNED.text, ORIGIN, seedOf(100), TIME_S);
    expect(check([cosign(1), stranger, borrowedName, plain, logCosigns])).toMatchObject({
      reason: "too-few-cosignatures",
      found: 1,
      names: [nameOf(1)],
    });
  });

  test("is refused whole for a cosignature of a witness that does not verify", () => {
    const elsewhere = cosignText("another text\n", nameOf(3), seedOf(3), TIME_S);
    const expected = { ok: false, reason: "cosignature-invalid", name: nameOf(3) };
    expect(check([cosign(1), cosign(2), elsewhere])).toEqual(expected);
    expect(check([cosign(1), cosign(2), cosign(3), elsewhere])).toEqual(expected);
    expect(check([elsewhere], { ...POLICY, quorum: 0 })).toEqual(expected);
  });

  test("needs no cosignature under a quorum of zero, but always the log's signature", () => {
    const open = { ...POLICY, witnesses: [], quorum: 0 };
    expect(check([], open)).toEqual({ ok: true, checkpoint: CHECKPOINT, cosigners: [] });
    const unsigned = encodeNote({ text: SIGNED.text, signatures: [cosign(1), cosign(2), cosign(3)] });
    expect(checkPolicy(unsigned, open)).toEqual({ ok: false, reason: "log-signature-missing" });
    expect(checkPolicy(unsigned, POLICY)).toEqual({ ok: false, reason: "log-signature-missing" });
  });

  test("is signed by at least one of the log's keys, and by none of them wrongly", () => {
    const open = { ...POLICY, witnesses: [], quorum: 0 };
    const [first, second] = [100, 101].map((of) => signText(SIGNED.text, ORIGIN, seedOf(of)));
    const verdictOf = (...signatures: readonly NoteSignature[]) =>
      checkPolicy(encodeNote({ text: SIGNED.text, signatures }), open);
    for (const signatures of [[first!], [second!], [second!, first!]]) {
      expect(verdictOf(...signatures), `${signatures.length}`).toMatchObject({ ok: true, cosigners: [] });
    }
    const stranger = signText(SIGNED.text, ORIGIN, seedOf(102));
    expect(verdictOf(stranger)).toEqual({ ok: false, reason: "log-signature-missing" });
    expect(verdictOf(stranger, second!).ok).toBe(true);
    const forged = { ...first!, signature: second!.signature };
    expect(verdictOf(forged, second!)).toEqual({ ok: false, reason: "log-signature-invalid" });
  });

  test("is refused for the log's reasons first", () => {
    expect(checkPolicy(new Uint8Array([0xff]), POLICY)).toMatchObject({ ok: false, reason: "malformed" });
    expect(check([cosign(1), cosign(2)], { ...POLICY, origin: "other.example" })).toMatchObject({
      ok: false,
      reason: "wrong-origin",
    });
    const forged = { ...SIGNED.signatures[0]!, signature: new Uint8Array(64) };
    expect(check([forged, cosign(1), cosign(2)])).toEqual({ ok: false, reason: "log-signature-invalid" });
  });

  test("is verified with what is handed in", () => {
    const bytes = encodeNote(addAll([cosign(1), cosign(2)]));
    let calls = 0;
    const counted = () => {
      calls += 1;
      return true;
    };
    expect(checkPolicy(bytes, POLICY, counted).ok).toBe(true);
    expect(calls).toBe(3);
  });
});

describe("a policy's JSON", () => {
  test("leads back to the policy", () => {
    expect(readPolicy(JSON_FORM)).toEqual({ ok: true, value: POLICY });
    expect(parsePolicy(printPolicy(POLICY))).toEqual({ ok: true, value: POLICY });
    expect(Object.keys(JSON_FORM)).toEqual(["origin", "logKeys", "witnesses", "quorum"]);
  });

  test("allows a quorum of zero only when it is written out", () => {
    expect(readPolicy({ ...JSON_FORM, quorum: 0 })).toMatchObject({ ok: true, value: { quorum: 0 } });
    expect(readPolicy({ ...JSON_FORM, witnesses: [], quorum: 0 }).ok).toBe(true);
    const { quorum: _, ...without } = JSON_FORM;
    expect(readPolicy(without)).toMatchObject({ ok: false, fault: { field: "quorum", got: "undefined" } });
  });

  test("allows as many log keys as the limit says", () => {
    const keys = Array.from({ length: LOG_KEYS_MAX + 1 }, (_, at) => printVerifierKey(logKey(at + 110)));
    expect(readPolicy({ ...JSON_FORM, logKeys: keys.slice(0, -1) }).ok).toBe(true);
    expect(readPolicy({ ...JSON_FORM, logKeys: keys })).toMatchObject({
      ok: false,
      fault: { field: "logKeys" },
    });
  });

  test("allows as many witnesses as the limit says", () => {
    const keys = Array.from({ length: WITNESSES_MAX + 1 }, (_, at) => printVerifierKey(witness(at + 110)));
    expect(readPolicy({ ...JSON_FORM, witnesses: keys.slice(0, -1), quorum: WITNESSES_MAX }).ok).toBe(true);
    expect(readPolicy({ ...JSON_FORM, witnesses: keys })).toMatchObject({
      ok: false,
      fault: { field: "witnesses" },
    });
  });

  const key = (value: number, name = nameOf(value), type: 1 | 4 = SIGNATURE_TYPES.cosignature) =>
    printVerifierKey(makeVerifierKey(name, type, publicKeyOf(seedOf(value))));

  test.each<[field: string, json: unknown, what: string]>([
    ["policy", null, "nothing"],
    ["policy", [], "a list"],
    ["policy", "text", "a text"],
    ["policy", { ...JSON_FORM, quorums: 1 }, "a member that is not known"],
    ["origin", { ...JSON_FORM, origin: "" }, "no origin"],
    ["origin", { ...JSON_FORM, origin: 5 }, "a number as origin"],
    ["logKeys", { ...JSON_FORM, logKeys: undefined }, "no log keys"],
    ["logKeys", { ...JSON_FORM, logKeys: key(100, ORIGIN, 1) }, "a log key without a list"],
    ["logKeys", { ...JSON_FORM, logKeys: [] }, "an empty list of log keys"],
    ["logKeys[0]: verifier key", { ...JSON_FORM, logKeys: ["key"] }, "no verifier key"],
    ["logKeys[1]", { ...JSON_FORM, logKeys: [key(100, ORIGIN, 1), 7] }, "a number as log key"],
    ["logKeys[0]", { ...JSON_FORM, logKeys: [key(100, ORIGIN)] }, "a log key of a witness's type"],
    ["logKeys[1]", { ...JSON_FORM, logKeys: [100, 100].map((of) => key(of, ORIGIN, 1)) }, "a log key twice"],
    [
      "logKeys[1]",
      { ...JSON_FORM, logKeys: [key(100, ORIGIN, 1), key(100, "other.example", 1)] },
      "a log key under two names",
    ],
    ["witnesses[0]", { ...JSON_FORM, witnesses: [key(101)] }, "the public key of another of the log's keys"],
    ["witnesses", { ...JSON_FORM, witnesses: undefined }, "no witnesses"],
    ["witnesses", { ...JSON_FORM, witnesses: { 0: key(1) } }, "no list"],
    ["witnesses[0]", { ...JSON_FORM, witnesses: [7, key(2)] }, "a number as key"],
    [
      "witnesses[0]",
      { ...JSON_FORM, witnesses: [key(1, nameOf(1), 1), key(2)] },
      "a witness key of a log's type",
    ],
    [
      "witnesses[1]: id",
      { ...JSON_FORM, witnesses: [key(1), key(2).replace("/2", "/3")] },
      "an id that does not fit",
    ],
    ["witnesses[1]", { ...JSON_FORM, witnesses: [key(1), key(1)] }, "a witness twice"],
    [
      "witnesses[1]",
      { ...JSON_FORM, witnesses: [key(1), key(1, "other.example")] },
      "a witness under two names",
    ],
    ["witnesses[1]", { ...JSON_FORM, witnesses: [key(1), key(2, nameOf(1))] }, "a witness with two keys"],
    ["witnesses[1]", { ...JSON_FORM, witnesses: [key(1), key(100)] }, "the log's own public key"],
    ["quorum", { ...JSON_FORM, quorum: 4 }, "more than there are witnesses"],
    ["quorum", { ...JSON_FORM, quorum: -1 }, "a negative quorum"],
    ["quorum", { ...JSON_FORM, quorum: 1.5 }, "a fraction"],
    ["quorum", { ...JSON_FORM, quorum: "2" }, "a text as quorum"],
    ["quorum", { ...JSON_FORM, quorum: null }, "null as quorum"],
  ])("is refused at %s: %j, %s", (field, json) => {
    expect(readPolicy(json)).toMatchObject({ ok: false, fault: { field } });
  });

  test("is refused when it is no JSON", () => {
    for (const text of ["", "{", "undefined", "\u0000"]) {
      expect(parsePolicy(text), text).toMatchObject({ ok: false, fault: { field: "policy" } });
    }
  });
});
