import { createPublicKey, verify as verifyNative } from "node:crypto";
import type { Code } from "@cityroot/codes/ma/code";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FUZZ_RUNS } from "../cbor.testing.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import type { Verify } from "../key/ed25519.ts";
import { type TestHolder, testHolder } from "../ledger.testing.ts";
import { suspendOf } from "../operation/operation.testing.ts";
import type { AsOf } from "./answer.ts";
import { encodeBundle } from "./bundle.ts";
import { TEST_POLICY } from "./checkpoint.testing.ts";
import { proveList } from "./prove.ts";
import {
  delegateTo,
  issueItems,
  issueMany,
  issueOne,
  NATION,
  proveBytes,
  testRegistry,
  updateOne,
} from "./registry.testing.ts";
import { type VerifiedAnswer, verifyAnswer } from "./verify.ts";
import { type VerifiedPart, verifyList } from "./verify-list.ts";

// Goal: whatever becomes of a bundle on its way, a client is told the truth or told nothing.
// Method: honest bundles of every kind, changed at random in their bytes and in their structure.

const TIMEOUT_MS = 60_000 + 10 * FUZZ_RUNS;

/** Ed25519 of the platform: most of the time goes into signatures otherwise. */
const verifySignature: Verify = (publicKey, message, signature) => {
  const head = Buffer.from("302a300506032b6570032100", "hex");
  const key = createPublicKey({ key: Buffer.concat([head, publicKey]), format: "der", type: "spki" });
  return signature.length === 64 && verifyNative(null, message, key, signature);
};

const LAMPS = "MA.156.1301.02/60.10000000.1";
const lamp = (serial: string): Code => `${LAMPS}/${serial}` as Code;
const city: TestHolder = testHolder("City", 2);
const registry = testRegistry({ signs: false });
registry.run(NATION, delegateTo("MA.156.1301", city));
registry.run(city, ...["1", "3", "5"].map((serial) => issueOne(lamp(serial))));
registry.run(city, issueMany(lamp("100"), 3, 50), issueItems(registry.items, ["b1", "b3", "b5"].map(lamp)));
for (let version = 2; version < 9; version++) registry.run(city, updateOne(lamp("5")));
registry.run(city, updateOne(lamp("125")), suspendOf(lamp("149")), updateOne(lamp("100")));
const head = registry.at();

type Question = { readonly code: Code; readonly asOf?: AsOf; readonly delegations?: boolean };
const QUESTIONS: readonly Question[] = [
  { code: lamp("1") },
  { code: lamp("4") },
  { code: lamp("5"), asOf: { height: 5 } },
  { code: lamp("5"), asOf: { version: 3 } },
  { code: lamp("5"), asOf: { height: 1 } },
  { code: lamp("126") },
  { code: lamp("125.1") },
  { code: lamp("101"), asOf: { height: 1 } },
  { code: lamp("150") },
  { code: lamp("b3") },
  { code: lamp("b4") },
  { code: lamp("1"), delegations: true },
];
const options = { policy: TEST_POLICY, verifySignature };

const BUNDLES = QUESTIONS.map(({ code, asOf, delegations }) =>
  proveBytes(head, code, {
    ...(asOf !== undefined && { asOf }),
    ...(delegations !== undefined && { delegations }),
  }),
);

function ask(bytes: Uint8Array, { code, asOf }: Question) {
  return verifyAnswer(bytes, code, { ...options, ...(asOf !== undefined && { asOf }) });
}

const HONEST: readonly VerifiedAnswer[] = QUESTIONS.map((question, at) => {
  const answer = ask(BUNDLES[at]!, question);
  if (!answer.ok) throw new Error(`${question.code}: ${answer.failure.detail}`);
  return answer.value;
});

/** Numbers out of which a change is made. */
const picks = fc.array(fc.nat(0xffff_ffff), { minLength: 6, maxLength: 6 });

/** Changes some of the bytes, or how many there are. */
function changeBytes(bytes: Uint8Array, other: Uint8Array, [kind, a, b, c]: readonly number[]): Uint8Array {
  const at = a! % bytes.length;
  const end = Math.min(bytes.length, at + 1 + (b! % 64));
  const flipped = bytes.slice();
  flipped[at]! ^= 1 << (b! & 7);
  switch (kind! % 8) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return new Uint8Array([...bytes, ...other.slice(0, b! % 64)]);
    case 2:
      return new Uint8Array([...bytes.slice(0, at), ...bytes.slice(end)]);
    case 3:
      return new Uint8Array([...bytes.slice(0, end), ...bytes.slice(at)]);
    case 4:
      return new Uint8Array([...bytes.slice(0, at), ...other.slice(c! % other.length)]);
    case 5:
      return flipped.with(c! % bytes.length, b! & 255);
    default:
      return flipped;
  }
}

/** Changes one value somewhere in the structure, so that the whole stays well-formed. */
function changeValue(value: CborValue, other: CborValue, numbers: readonly number[], depth = 0): CborValue {
  const [kind, a, b] = numbers as [number, number, number];
  if (typeof value === "number")
    return [value + 1, Math.max(0, value - 1), b, 0, Number.MAX_SAFE_INTEGER][kind % 5]!;
  if (value instanceof Uint8Array)
    return value.length === 0 ? new Uint8Array([b & 255]) : changeBytes(value, value, numbers);
  if (!Array.isArray(value)) return kind % 2 === 0 ? null : "x";
  const list = value as readonly CborValue[];
  const theirs: readonly CborValue[] = Array.isArray(other) ? other : [];
  if (list.length === 0) return theirs.length > 0 ? theirs : [b];
  const at = a % list.length;
  // Mostly further down: what is at the top is soon used up.
  if ((kind >>> (2 * depth)) % 4 !== 0) {
    const rest = [...numbers.slice(1), kind];
    return list.with(
      at,
      changeValue(list[at]!, theirs[at % Math.max(1, theirs.length)] ?? null, rest, depth + 1),
    );
  }
  const to = b % list.length;
  switch ((b >>> 8) % 5) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(to, 0, list[at]!);
    case 2:
      return list.with(at, list[to]!).with(to, list[at]!);
    case 3:
      return [...list, ...theirs];
    default:
      return list.with(at, theirs[to % Math.max(1, theirs.length)] ?? null);
  }
}

function change(
  bytes: Uint8Array,
  other: Uint8Array,
  inStructure: boolean,
  numbers: readonly number[],
): Uint8Array {
  if (!inStructure) return changeBytes(bytes, other, numbers);
  return encodeCbor(changeValue(decodeCbor(bytes)!, decodeCbor(other)!, numbers));
}

test("a changed bundle shows what the honest one shows, or nothing", { timeout: TIMEOUT_MS }, () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(
      fc.nat(QUESTIONS.length - 1),
      fc.nat(QUESTIONS.length - 1),
      fc.boolean(),
      picks,
      (at, otherAt, inStructure, numbers) => {
        const changed = change(BUNDLES[at]!, BUNDLES[otherAt]!, inStructure, numbers);
        const answer = ask(changed, QUESTIONS[at]!);
        const name = answer.ok ? "ok" : answer.failure.name;
        outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
        if (!answer.ok) return;
        const honest = HONEST[at]!;
        expect(answer.value.standing).toEqual(honest.standing);
        expect(answer.value.checkpoint).toEqual(honest.checkpoint);
        expect(honest.cosigners).toEqual(expect.arrayContaining([...answer.value.cosigners]));
        const { delegations } = answer.value;
        if (delegations !== undefined) expect(delegations).toEqual(HONEST[QUESTIONS.length - 1]!.delegations);
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
  for (const name of ["bundle-malformed", "checkpoint-refused", "run-invalid", "not-shown", "ok"]) {
    expect(outcomes.get(name) ?? 0, `changes that end in ${name}`).toBeGreaterThan(0);
  }
});

test("a changed list shows a part of the honest one, or nothing", { timeout: TIMEOUT_MS }, () => {
  const { bundle } = proveList(head.source, LAMPS as Code, head, { limit: 100 });
  const bytes = encodeBundle(bundle);
  const whole = verifyList(bytes, LAMPS as Code, undefined, options);
  if (!whole.ok) throw new Error(whole.failure.detail);
  const honest: VerifiedPart = whole.value;
  fc.assert(
    fc.property(fc.nat(QUESTIONS.length - 1), fc.boolean(), picks, (otherAt, inStructure, numbers) => {
      const changed = change(bytes, BUNDLES[otherAt]!, inStructure, numbers);
      const part = verifyList(changed, LAMPS as Code, undefined, options);
      if (!part.ok) return;
      expect(part.value.entries).toEqual(honest.entries.slice(0, part.value.entries.length));
      expect(part.value.isLast).toBe(part.value.entries.length === honest.entries.length);
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 4) },
  );
});
