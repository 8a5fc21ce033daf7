import type { Code } from "@cityroot/codes/ma/code";
import * as fc from "fast-check";
import {
  attributesArb,
  commitmentsArb,
  digestArb,
  linksArb,
  textArb,
} from "../attribute/attribute.testing.ts";
import type { AttributeChanges } from "../attribute/attribute.ts";
import { bytesToHex } from "../hex.ts";
import { publicKeyOfSeed, seedOf } from "../ledger.testing.ts";
import {
  BLOCK_BYTES_MAX_LEAST,
  BLOCK_BYTES_MAX_MOST,
  BLOCK_TRANSACTIONS_MAX_LEAST,
  BLOCK_TRANSACTIONS_MAX_MOST,
  RECOVERY_DELAY_MS_MAX,
  RECOVERY_DELAY_MS_MIN,
  VALIDATOR_POWER_MAX,
} from "../limits.ts";
import { makeVerifierKey, SIGNATURE_TYPES, type SignatureType } from "../log/note.ts";
import type { Rule } from "../rule/rule.ts";
import { ALIAS_JUDGES, ALIAS_RELATIONS, type AliasName } from "../state/alias.ts";
import type { Day } from "../state/day.ts";
import type { Federation } from "../state/federation.ts";
import type { KeySet, Threshold } from "../state/holder.ts";
import { SUCCESSIONS } from "../state/record.ts";
import type { Validator } from "../state/validators.ts";
import type { HolderDeclaration } from "./delegate.ts";
import { openRule, ruleOf, ruleOfShapes } from "./operation.testing.ts";
import type { Operation } from "./operation.ts";
import { RECOVERY_STEPS } from "./recover-keys.ts";
import { RULE_SEATS } from "./set-rule.ts";
import type { ItemProof } from "./standing.ts";

// Every operation with fields that are sound by themselves, whatever a ledger would say of them.

export const codeArb: fc.Arbitrary<Code> = fc
  .tuple(
    fc.constantFrom("MA.156", "MA.156.1301", "MA.156.1301.02/60.10000000.1"),
    fc.stringMatching(/^[a-z0-9]{1,6}$/),
  )
  .map(
    ([prefix, node]) =>
      (prefix.includes("/") ? `${prefix}/${node}` : `${prefix}.${node.slice(0, 1)}7`) as Code,
  );

const classArb = fc.stringMatching(/^[a-z][a-z-]{0,31}$/);
const reasonArb = fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/);
const countArb = fc.oneof(fc.nat(300), fc.maxSafeInteger().map(Math.abs));
const idArb = fc.uint8Array({ minLength: 20, maxLength: 20 });

const thresholdArb = (keyCount: number): fc.Arbitrary<Threshold> =>
  fc
    .uniqueArray(fc.nat(keyCount - 1), { minLength: 1 })
    .chain((keys) =>
      fc
        .integer({ min: 1, max: keys.length })
        .map((needed) => ({ keys: keys.sort((a, b) => a - b), needed })),
    );

/** Sound key sets of up to five keys. */
export const keySetArb: fc.Arbitrary<KeySet> = fc
  .uniqueArray(fc.nat(9), { minLength: 1, maxLength: 5 })
  .chain((numbers) => {
    const threshold = thresholdArb(numbers.length);
    const delayMs = fc.integer({ min: RECOVERY_DELAY_MS_MIN, max: RECOVERY_DELAY_MS_MAX });
    return fc.record({
      keys: fc.constant(
        numbers.map((number) => ({ algorithm: "ed25519", bytes: publicKeyOfSeed(seedOf(number)) }) as const),
      ),
      roles: fc.record({ root: threshold, registrar: threshold, records: threshold }),
      recovery: fc.option(
        fc.tuple(threshold, delayMs).map(([{ keys, needed }, delay]) => ({ keys, needed, delayMs: delay })),
      ),
    });
  });

/** Sound lists of up to five validators. */
export const validatorListArb: fc.Arbitrary<readonly Validator[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z][a-z-]{0,31}$/),
      number: fc.nat(9),
      power: fc.integer({ min: 1, max: VALIDATOR_POWER_MAX }),
    }),
    { minLength: 1, maxLength: 5, selector: ({ number }) => number },
  )
  .filter((list) => new Set(list.map(({ name }) => name)).size === list.length)
  .map((list) =>
    list.map(({ name, number, power }) => ({ name, publicKey: publicKeyOfSeed(seedOf(number)), power })),
  );

/** Sound names of claims. */
export const aliasNameArb: fc.Arbitrary<AliasName> = fc.record({
  system: fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
  value: fc.stringMatching(/^[\u4eacA-Z0-9][A-Z0-9 .]{0,6}[A-Z0-9]$/),
  claimant: codeArb,
  relation: fc.constantFrom(...ALIAS_RELATIONS),
  target: codeArb,
});

/** Two days of the calendar, the earlier first, either of them left out at times. */
export const daysArb: fc.Arbitrary<{ readonly from: Day | null; readonly until: Day | null }> = fc
  .array(fc.integer({ min: -60_000, max: 100_000 }), { minLength: 2, maxLength: 2 })
  .map((days) =>
    days.sort((a, b) => a - b).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
  )
  .chain(([from, until]) =>
    fc.record({ from: fc.constantFrom(null, from as Day), until: fc.constantFrom(null, until as Day) }),
  );

/** Sound federations. */
export const federationArb: fc.Arbitrary<Federation> = fc
  .record({
    genesis: digestArb,
    name: fc.stringMatching(/^[a-z][a-z-]{0,20}$/),
    hosts: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,9}(\.[a-z]{1,9}){0,2}$/), {
      minLength: 1,
      maxLength: 8,
    }),
    keys: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(4)),
    quorum: fc.nat(4),
  })
  .map(({ genesis, name, hosts, keys: [logs, witnesses], quorum }) => {
    const network = `${name}-${bytesToHex(genesis.subarray(0, 4))}`;
    const keysOf = (count: number, type: SignatureType, from: number) =>
      Array.from({ length: count }, (_, at) =>
        makeVerifierKey(`${network}/${from + at}`, type, publicKeyOfSeed(seedOf(from + at))),
      );
    return {
      network,
      genesis,
      endpoints: hosts.map((host, at) => `https://${host}${["", ":8443", "/city", "/"][at % 4]}`),
      policy: {
        origin: network,
        logKeys: keysOf(logs, SIGNATURE_TYPES.ed25519, 0),
        witnesses: keysOf(witnesses, SIGNATURE_TYPES.cosignature, 4),
        quorum: Math.min(quorum, witnesses),
      },
    };
  });

/** Some rules of every form. */
export const ruleArb: fc.Arbitrary<Rule> = fc.constantFrom(
  openRule(),
  ruleOfShapes(),
  ruleOfShapes("delegate .(01|02)", "issue /60.<d8>.<n1-20>/<d6-9>", "any .<a4>/**"),
  openRule({ classes: ["lamp", "tree"], required: [{ class: "lamp", attributes: ["name", "place"] }] }),
  openRule({ issuer: "registrar", countMax: 7, untilMs: 2 ** 53 - 1, sequence: true }),
  ruleOf({ shapes: ["issue .<u1-12>"], checkCharacter: true, classes: [] }),
);

const holderArb: fc.Arbitrary<Uint8Array | HolderDeclaration> = fc.oneof(
  idArb,
  fc.record({ name: textArb, keys: keySetArb }),
);

const itemArb: fc.Arbitrary<ItemProof | null> = fc.option(
  fc.record({
    item: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    index: countArb,
    path: fc.array(digestArb, { maxLength: 4 }),
  }),
);

const changesArb: fc.Arbitrary<AttributeChanges> = attributesArb.chain((attributes) =>
  fc
    .array(fc.boolean(), { minLength: attributes.length, maxLength: attributes.length })
    .map((keeps) => attributes.map(([name, value], at) => [name, keeps[at] ? value : null] as const)),
);

const described = {
  class: classArb,
  attributes: attributesArb,
  links: linksArb,
  commitments: commitmentsArb,
};
const codesArb = fc.array(codeArb, { minLength: 1, maxLength: 4 });

/** Any operation. */
export const operationArb: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    type: fc.constant("delegate" as const),
    prefix: codeArb,
    holder: holderArb,
    rule: fc.option(ruleArb),
    class: classArb,
    attributes: attributesArb,
  }),
  fc.record({
    type: fc.constant("set-rule" as const),
    prefix: codeArb,
    seat: fc.constantFrom(...RULE_SEATS),
    rule: ruleArb,
  }),
  fc.record({ type: fc.constant("rotate-keys" as const), keys: keySetArb }),
  fc.record({
    type: fc.constant("recover-keys" as const),
    step: fc.constantFrom(...RECOVERY_STEPS),
    keys: fc.option(keySetArb),
  }),
  fc.record({ type: fc.constant("issue" as const), code: codeArb, ...described }),
  fc.record({
    type: fc.constant("issue-range" as const),
    first: codeArb,
    digits: countArb,
    count: countArb,
    ...described,
  }),
  fc.record({
    type: fc.constant("issue-batch" as const),
    first: codeArb,
    last: codeArb,
    count: countArb,
    root: digestArb,
    payloadDigest: digestArb,
    payloadBytes: countArb,
    ...described,
  }),
  fc.record({
    type: fc.constant("update" as const),
    code: codeArb,
    attributes: changesArb,
    links: fc.option(linksArb),
    commitments: fc.option(commitmentsArb),
    version: fc.option(countArb),
    item: itemArb,
  }),
  fc.record({ type: fc.constant("suspend" as const), code: codeArb, reason: reasonArb, item: itemArb }),
  fc.record({ type: fc.constant("reinstate" as const), code: codeArb, item: itemArb }),
  fc.record({ type: fc.constant("retire" as const), code: codeArb, reason: reasonArb, item: itemArb }),
  fc.record({
    type: fc.constant("supersede" as const),
    codes: codesArb,
    kind: fc.constantFrom(...SUCCESSIONS),
    successors: codesArb,
    item: itemArb,
    successorItem: itemArb,
  }),
  fc.record({ type: fc.constant("transfer" as const), code: codeArb, to: idArb, item: itemArb }),
  fc.record({ type: fc.constant("set-validators" as const), validators: validatorListArb }),
  fc.record({
    type: fc.constant("set-parameters" as const),
    blockBytesMax: fc.option(fc.integer({ min: BLOCK_BYTES_MAX_LEAST, max: BLOCK_BYTES_MAX_MOST })),
    blockTransactionsMax: fc.option(
      fc.integer({ min: BLOCK_TRANSACTIONS_MAX_LEAST, max: BLOCK_TRANSACTIONS_MAX_MOST }),
    ),
    protocol: fc.option(fc.record({ version: countArb, fromHeight: countArb })),
  }),
  fc.record({
    type: fc.constant("federate" as const),
    prefix: codeArb,
    federation: fc.option(federationArb),
  }),
  fc
    .record({
      name: aliasNameArb,
      days: daysArb,
      evidence: fc.option(digestArb),
      item: itemArb,
    })
    .map(({ name, days, ...rest }) => ({ type: "claim-alias" as const, ...name, ...days, ...rest })),
  fc
    .record({
      type: fc.constantFrom("confirm-alias" as const, "dispute-alias" as const),
      name: aliasNameArb,
      as: fc.constantFrom(...ALIAS_JUDGES),
      evidence: fc.option(digestArb),
    })
    .map(({ type, name, ...rest }) => ({ type, ...name, ...rest })),
  aliasNameArb.map((name) => ({ type: "withdraw-alias" as const, ...name })),
  fc.record({
    type: fc.constant("set-coding-system" as const),
    system: aliasNameArb.map(({ system }) => system),
    authority: fc.option(codeArb),
  }),
);
