import { readFileSync } from "node:fs";
import { type CborValue, decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import { bytesToHex, equalBytes, hexToBytes } from "@cityroot/core/hex";
import { openLedger } from "@cityroot/core/ledger";
import { TRANSACTION_BYTES_MAX } from "@cityroot/core/limits";
import { OPERATIONS, type OperationType } from "@cityroot/core/operation/operation";
import { operationArb } from "@cityroot/core/operation/operation-arb.testing";
import { REJECTIONS } from "@cityroot/core/rejection";
import { overlay } from "@cityroot/core/state/overlay";
import { replayWindow } from "@cityroot/core/state/replay";
import {
  checkSignatures,
  decodeTransaction,
  encodeBody,
  encodeTransaction,
  signedMessageOf,
  transactionIdOf,
} from "@cityroot/core/transaction";
import { nativeSigner, verifyNative } from "@cityroot/node/signature/native-ed25519";
import { installNativeFunctions } from "@cityroot/node/store/native-functions";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type SeededRandom, seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";
import { damageBytes, mustHold, mutationCount, openCounts, stopwatch } from "./mutation.testing.ts";
import { damageValue } from "./mutation-cbor.testing.ts";
import { CITY, checkAccepted, type MutationState, openMutationState } from "./mutation-state.testing.ts";

// Goal: no bytes make the ledger throw, hang or take what the specification forbids, neither those of a stranger nor those
// that a holder signs.
// Method: transactions of all thirteen operations are damaged at random. As they are, nothing may be taken but what was
// signed. Damaged in their structure and then signed by a holder of one prefix, they are applied to a ledger that holds
// codes of every standing; what is taken is held against a reading of the state that shares no rule with the ledger.
// Replay: CITYROOT_SEED. CITYROOT_MUTATIONS is how many transactions to try in each of both ways.

const COUNT = mutationCount(3_000);
const SEED = seedFromEnvironment("CITYROOT_SEED");

type Signer = ReturnType<typeof nativeSigner>;

function signBody(body: Uint8Array, signers: readonly Signer[]): Uint8Array {
  const message = signedMessageOf(transactionIdOf(body));
  return encodeTransaction(
    body,
    signers.map(({ publicKey, sign }) => ({ publicKey, signature: sign(message) })),
  );
}

function bodyOf(state: MutationState, operations: readonly CborValue[], nonce: number): CborValue {
  return [state.network.id, CITY.id, state.height + 100, nonce, operations];
}

/** Operations of every kind and form, sound by themselves. */
function sampleOperations(): CborValue[] {
  return fc
    .sample(operationArb, { seed: SEED, numRuns: 400 })
    .map(
      (operation) => (decodeCbor(encodeBody({ ...EMPTY_BODY, operations: [operation] })) as CborValue[])[4],
    )
    .map((list) => (list as CborValue[])[0]!);
}

const EMPTY_BODY = { network: "n", holder: new Uint8Array(20), lastHeight: 0, nonce: 0 };

/** Order of the group of Ed25519, lowest byte first: `S` and `S` plus it are the same number to a careless reader. */
const ORDER = hexToBytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")!;

function addOrder(signature: Uint8Array): Uint8Array {
  const made = signature.slice();
  let carry = 0;
  for (let at = 0; at < 32; at++) {
    carry += made[32 + at]! + ORDER[at]!;
    made[32 + at] = carry & 255;
    carry >>= 8;
  }
  return made;
}

/** Damages a signed transaction, with its parts in view or without. */
function damageSigned(bytes: Uint8Array, other: Uint8Array, random: SeededRandom): Uint8Array {
  const way = random.below(12);
  if (way < 8) {
    let made = bytes;
    for (let times = 1 + random.below(3); times > 0; times--) made = damageBytes(made, other, random);
    return made;
  }
  const [body, signatures] = decodeCbor(bytes) as [Uint8Array, [Uint8Array, Uint8Array][]];
  const [otherBody, others] = decodeCbor(other) as [Uint8Array, [Uint8Array, Uint8Array][]];
  switch (way) {
    case 8:
      return encodeCbor([damageBytes(body, otherBody, random), signatures]);
    case 9:
      return encodeCbor(random.oneIn(2) ? [body, others] : [body, [...signatures, ...others]]);
    case 10:
      return encodeCbor([body, signatures.map(([key, signature]) => [key, addOrder(signature)])]);
    default:
      return encodeCbor(damageValue([body, signatures], [otherBody, others], random));
  }
}

/** Few bytes that claim much, or many that say little. */
function makeMonster(random: SeededRandom): Uint8Array {
  const size = random.pick([100, 5_000, TRANSACTION_BYTES_MAX, TRANSACTION_BYTES_MAX + 1]);
  const made = new Uint8Array(size).fill(random.pick([0x81, 0x80, 0x00, 0x82, 0x9f, 0xf6, 0x60]));
  const head = random.pick([
    [0x82, 0x5a, 0, 15, 255, 0],
    [0x9b, 0, 31, 255, 255, 255, 255, 255, 255],
    [0x9a, 0, 15, 0, 0],
    [],
  ]);
  made.set(head);
  return made;
}

test(
  `${COUNT} mutated transactions of strangers`,
  () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    installNativeFunctions();
    const random = seededRandom(SEED);
    const state = openMutationState(false);
    const signers = CITY.seeds.map(nativeSigner);
    const folder = new URL("../../vectors/transactions/valid.json", import.meta.url);
    const vectors = (JSON.parse(readFileSync(folder, "utf8")) as { transactions: { bytes: string }[] })
      .transactions;
    const operations = [...state.operations.flat(), ...sampleOperations()];
    const corpus = [
      ...vectors.map(({ bytes }) => hexToBytes(bytes)!),
      ...operations.map((operation, nonce) =>
        signBody(encodeCbor(bodyOf(state, [operation], nonce)), signers.slice(0, 1 + (nonce % 3))),
      ),
    ];
    const signed = new Map<string, Set<string>>();
    const types = new Set<OperationType>();
    for (const bytes of corpus) {
      const decoded = decodeTransaction(bytes);
      mustHold(
        decoded.ok && checkSignatures(decoded.value, verifyNative).ok,
        "a transaction to begin with",
        bytesToHex(bytes),
      );
      if (!decoded.ok) continue;
      for (const { type } of decoded.value.body.operations) types.add(type);
      const good = decoded.value.signatures.map(
        ({ publicKey, signature }) => bytesToHex(publicKey) + bytesToHex(signature),
      );
      signed.set(bytesToHex(decoded.value.bodyBytes), new Set(good));
    }
    expect([...types].sort(), "the operations to begin with").toEqual(Object.keys(OPERATIONS).sort());
    const watch = stopwatch();
    const counts = openCounts();
    const begun = performance.now();
    for (let at = 0; at < COUNT; at++) {
      const bytes = random.oneIn(2_000)
        ? makeMonster(random)
        : damageSigned(random.pick(corpus), random.pick(corpus), random);
      const outcome = watch.time(bytes, () => {
        const decoded = decodeTransaction(bytes);
        if (!decoded.ok) return decoded;
        const checked = checkSignatures(decoded.value, verifyNative);
        return checked.ok ? decoded : checked;
      });
      if (!outcome.ok) {
        mustHold(
          Object.hasOwn(REJECTIONS, outcome.rejection.name),
          "a refusal has a name of the table",
          outcome.rejection.name,
        );
        counts.add(outcome.rejection.name);
        continue;
      }
      counts.add("taken");
      const { bodyBytes, signatures } = outcome.value;
      const good = signed.get(bytesToHex(bodyBytes));
      const isSigned = signatures.every(({ publicKey, signature }) =>
        good?.has(bytesToHex(publicKey) + bytesToHex(signature)),
      );
      mustHold(isSigned, "what is taken was signed", bytesToHex(bytes));
      mustHold(
        equalBytes(encodeTransaction(bodyBytes, signatures), bytes),
        "one meaning has one encoding",
        bytesToHex(bytes),
      );
    }
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    console.info(`${COUNT} transactions in ${seconds} s: ${counts.text()}; ${watch.text()}`);
  },
  60_000 + COUNT * 2,
);

test(
  `${COUNT} mutated transactions of a holder`,
  () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    installNativeFunctions();
    const random = seededRandom(SEED);
    const states = [openMutationState(false), openMutationState(true)];
    const samples = sampleOperations();
    const signers = CITY.seeds.map(nativeSigner);
    const ledgers = states.map(({ network }) => openLedger(network, replayWindow()));
    const watch = stopwatch();
    const counts = openCounts();
    const acceptedOf = openCounts();
    const begun = performance.now();
    for (let at = 0; at < COUNT; at++) {
      const which = random.below(2);
      const state = states[which]!;
      const some = (): readonly CborValue[] =>
        random.oneIn(4) ? [random.pick(samples)] : random.pick(state.operations);
      const lists = random.oneIn(4) ? [...some(), ...some()] : some();
      let parts = lists;
      let body = bodyOf(state, lists, at);
      for (let times = random.oneIn(16) ? 0 : 1 + random.below(3); times > 0; times--) {
        // Mostly within the operations: what stands around them is soon told.
        if (random.oneIn(12)) {
          body = damageValue(body, bodyOf(state, some(), at), random, state.words);
        } else {
          parts = damageValue(parts, some(), random, state.words) as CborValue[];
          body = bodyOf(state, parts, at);
        }
      }
      if (random.oneIn(10_000)) body = bodyOf(state, new Array<CborValue>(5_000).fill(some()[0]!), at);
      let bodyBytes = encodeCbor(body);
      if (random.oneIn(12)) bodyBytes = damageBytes(bodyBytes, encodeCbor(bodyOf(state, some(), at)), random);
      const own = signers.filter(() => !random.oneIn(4));
      const bytes = signBody(bodyBytes, own.length > 0 ? own : signers);
      const decoded = watch.time(bytes, () => decodeTransaction(bytes));
      if (!decoded.ok) {
        counts.add(decoded.rejection.name);
        continue;
      }
      const transaction = decoded.value;
      const name = bytesToHex(bytes);
      mustHold(equalBytes(encodeBody(transaction.body), bodyBytes), "one meaning has one encoding", name);
      const changes = overlay(state.view);
      const moment = { height: state.height + 1, timeMs: state.timeMs };
      const outcome = watch.time(bytes, () => ledgers[which]!.apply(changes, transaction, moment));
      if (!outcome.ok) {
        const { name: why } = outcome.rejection;
        counts.add(why);
        mustHold(REJECTIONS[why].number < 200, "a refusal is the protocol's", `${why} of ${name}`);
        mustHold(changes.writes.length === 0, `what is refused (${why}) leaves no trace`, name);
        continue;
      }
      counts.add("taken");
      for (const { type } of transaction.body.operations) acceptedOf.add(type);
      mustHold(checkSignatures(transaction, verifyNative).ok, "the signatures are good", name);
      checkAccepted(state, transaction, changes.writes, name);
      // What it wrote is dropped here, and so what the ledger remembers of it.
      ledgers[which] = openLedger(state.network, replayWindow());
    }
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    console.info(
      `${COUNT} transactions in ${seconds} s: ${counts.text()}; operations taken: ${acceptedOf.text()}; ${watch.text()}`,
    );
  },
  60_000 + COUNT * 4,
);
