import * as fc from "fast-check";
import {
  attributesArb,
  commitmentsArb,
  digestArb,
  linksArb,
  textArb,
} from "../attribute/attribute.testing.ts";
import { commitmentsToCbor } from "../attribute/commitment.ts";
import { linksToCbor } from "../attribute/link.ts";
import type { CborValue } from "../cbor.ts";
import {
  aliasNameArb,
  codeArb,
  daysArb,
  federationArb,
  keySetArb,
  ruleArb,
  validatorListArb,
} from "../operation/operation-arb.testing.ts";
import { ALIAS_VERDICTS, type Alias, type AliasStatement } from "./alias.ts";
import type { CodingSystemEntry } from "./coding-system.ts";
import { countBits, type Moment, type Version } from "./entry.ts";
import type { Holder } from "./holder.ts";
import { type Batch, encodeInterval, type Range, serialAfter } from "./interval.ts";
import { MISBEHAVIOUR_KINDS, type Misbehaviour, type RecordedMisbehaviour } from "./misbehaviour.ts";
import type { Network } from "./network.ts";
import type { ParametersEntry } from "./parameters.ts";
import type { Prefix, PrefixRules } from "./prefix.ts";
import { type Description, type Record, STATUSES, SUCCESSIONS } from "./record.ts";
import type { ReplayBlock } from "./replay.ts";
import type { Validators } from "./validators.ts";

// Entries of every type, as operations write them.

const idArb = fc.uint8Array({ minLength: 20, maxLength: 20 });
const countArb = fc.oneof(fc.nat(100), fc.maxSafeInteger().map(Math.abs));

const momentArb: fc.Arbitrary<Moment> = fc.record({ height: countArb, timeMs: countArb });

const versionArb: fc.Arbitrary<Version> = fc
  .tuple(fc.integer({ min: 1, max: 40 }), momentArb)
  .chain(([version, since]) => {
    const length = 32 * countBits(version - 1);
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((peaks) => ({ version, since, peaks }));
  });

const descriptionArb: fc.Arbitrary<Description> = fc.record({
  class: fc.stringMatching(/^[a-z][a-z-]{0,31}$/),
  attributes: attributesArb.map((attributes) => attributes as CborValue),
  links: linksArb.map(linksToCbor),
  commitments: commitmentsArb.map(commitmentsToCbor),
});

export const rangeArb: fc.Arbitrary<Range> = fc
  .record({
    stem: codeArb,
    digits: fc.integer({ min: 1, max: 9 }),
    count: fc.integer({ min: 1, max: 9 }),
    since: momentArb,
    description: descriptionArb,
  })
  .map(({ stem, digits, count, since, description }) => {
    const first = `${stem}.${"0".repeat(digits)}` as typeof stem;
    const last = serialAfter(first, digits, count - 1)!;
    return { type: "range", first, last, digits, count, since, ...description };
  });

export const batchArb: fc.Arbitrary<Batch> = fc
  .record({
    codes: fc.tuple(codeArb, codeArb),
    count: fc.integer({ min: 1, max: 300 }),
    digests: fc.tuple(digestArb, digestArb),
    sizeBytes: countArb,
    since: momentArb,
    description: descriptionArb,
  })
  .map(({ codes: [first, last], count, digests: [root, digest], sizeBytes, since, description }) => {
    return { type: "batch", first, last, count, root, payload: { digest, sizeBytes }, since, ...description };
  });

const placeArb: fc.Arbitrary<Pick<Record, "within" | "interval">> = fc.oneof(
  fc.record({ within: fc.option(codeArb) }),
  rangeArb.map((range) => ({ within: range.first, interval: encodeInterval(range) })),
);

export const recordArb: fc.Arbitrary<Record> = fc
  .record({
    version: versionArb,
    description: descriptionArb,
    place: placeArb,
    status: fc.constantFrom(...STATUSES),
    holder: fc.option(idArb),
    succession: fc.option(
      fc.record({ kind: fc.constantFrom(...SUCCESSIONS), codes: fc.array(codeArb, { maxLength: 4 }) }),
    ),
    reason: fc.option(fc.stringMatching(/^[a-z-]{1,9}$/)),
    federation: fc.option(federationArb),
  })
  .map(({ version, description, place, federation, ...rest }) => ({
    ...{ ...version, ...description, ...place, ...rest },
    ...(federation !== null && { federation }),
  }));

export const prefixArb: fc.Arbitrary<Prefix> = fc
  .record({ version: versionArb, holder: idArb, status: fc.constantFrom(...STATUSES) })
  .map(({ version, ...rest }) => ({ ...version, ...rest }));

export const prefixRulesArb: fc.Arbitrary<PrefixRules> = fc
  .record({ version: versionArb, bound: fc.option(ruleArb), own: fc.option(ruleArb) })
  .map(({ version, ...rest }) => ({ ...version, ...rest }));

export const holderArb: fc.Arbitrary<Holder> = fc
  .record({
    version: versionArb,
    name: textArb.map((text) => text as CborValue),
    keys: keySetArb,
    pending: fc.option(fc.record({ keys: keySetArb, begun: momentArb, readyAtMs: countArb })),
  })
  .map(({ version, ...rest }) => ({ ...version, ...rest }));

export const replayArb: fc.Arbitrary<ReplayBlock> = fc
  .tuple(countArb, fc.array(fc.tuple(digestArb, countArb), { maxLength: 4 }))
  .map(([height, pairs]) => ({
    height,
    ids: pairs.map(([id]) => id),
    lastHeights: pairs.map(([, lastHeight]) => lastHeight),
  }));

export const networkArb: fc.Arbitrary<Network> = fc.record({
  id: fc.stringMatching(/^[a-z]{1,9}-[0-9a-f]{8}$/),
  genesis: digestArb,
  protocol: countArb,
});

export const validatorsArb: fc.Arbitrary<Validators> = fc
  .record({ version: versionArb, validators: validatorListArb })
  .map(({ version, validators }) => ({ ...version, validators }));

export const parametersArb: fc.Arbitrary<ParametersEntry> = fc
  .record({
    version: versionArb,
    blockBytesMax: countArb,
    blockTransactionsMax: countArb,
    protocol: countArb,
    next: fc.option(fc.record({ version: countArb, fromHeight: countArb })),
  })
  .map(({ version, ...rest }) => ({ ...version, ...rest }));

export const misbehaviourArb: fc.Arbitrary<Misbehaviour> = fc.record({
  kind: fc.constantFrom(...MISBEHAVIOUR_KINDS),
  address: idArb,
  power: countArb,
  height: countArb,
  timeMs: countArb,
  totalPower: countArb,
});

export const recordedMisbehaviourArb: fc.Arbitrary<RecordedMisbehaviour> = fc
  .record({
    one: misbehaviourArb,
    since: momentArb,
    validator: fc.option(fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/)),
  })
  .map(({ one, ...rest }) => ({ ...one, ...rest }));

export const codingSystemArb: fc.Arbitrary<CodingSystemEntry> = fc
  .record({
    version: versionArb,
    system: aliasNameArb.map(({ system }) => system),
    authority: fc.option(codeArb),
  })
  .map(({ version, ...rest }) => ({ ...version, ...rest }));

const statementArb: fc.Arbitrary<AliasStatement> = fc.record({
  verdict: fc.constantFrom(...ALIAS_VERDICTS),
  holder: idArb,
  evidence: fc.option(digestArb),
  since: momentArb,
});

export const aliasArb: fc.Arbitrary<Alias> = fc
  .record({
    version: versionArb,
    name: aliasNameArb,
    claimed: momentArb,
    days: daysArb,
    evidence: fc.option(digestArb),
    isWithdrawn: fc.boolean(),
    byTarget: fc.option(statementArb),
    bySystem: fc.option(statementArb),
  })
  .map(({ version, name, days, ...rest }) => ({ ...version, ...name, ...days, ...rest }));
