import {
  setParametersOf,
  setValidatorsOf,
  testCity,
  testValidator,
} from "@cityroot/core/operation/operation.testing";
import type { Validator } from "@cityroot/core/state/validators";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ConsensusState,
  checkValidators,
  misbehaviourOf,
  parametersOf,
  readConsensusState,
  updatesBetween,
} from "./consensus-state.ts";

const keyNumbers = new Map(
  Array.from({ length: 6 }, (_, number) => [String(testValidator(number).publicKey), number]),
);

function stateOf(...validators: readonly Validator[]): ConsensusState {
  return { blockBytesMax: 4_194_304, blockTransactionsMax: 5_000, protocol: 1, next: null, validators };
}

/** Updates as `number: power`, by the numbers of the validators' keys. */
function shown(updates: ReturnType<typeof updatesBetween>): string[] {
  return updates.validatorUpdates!.map(({ pubKey, power }) => {
    const { value } = pubKey!.sum as { readonly value: Uint8Array };
    return `${keyNumbers.get(String(value))}: ${power}`;
  });
}

describe("what a block changed of the validators", () => {
  const [one, two, three] = [testValidator(1), testValidator(2), testValidator(3)];
  test.each<[string, readonly Validator[], readonly Validator[], string[]]>([
    ["nothing", [one, two], [two, one], []],
    ["a name alone", [one], [{ ...one, name: "other" }], []],
    ["one more", [one], [one, two], ["2: 10"]],
    ["one less", [one, two], [two], ["1: 0"]],
    ["another power", [one, two], [one, { ...two, power: 7 }], ["2: 7"]],
    ["all of them", [one, two], [three], ["1: 0", "2: 0", "3: 10"]],
  ])("%s", (_, before, after, expected) => {
    expect(shown(updatesBetween(stateOf(...before), stateOf(...after)))).toEqual(expected);
  });

  const listArb = fc
    .uniqueArray(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 3 })), { selector: ([number]) => number })
    .map((list) => list.map(([number, power]) => testValidator(number, power)));

  test("leads a consensus that follows it from one set to the other", () => {
    fc.assert(
      fc.property(listArb, listArb, (before, after) => {
        const votes = new Map(before.map(({ publicKey, power }) => [String(publicKey), BigInt(power)]));
        for (const { pubKey, power } of updatesBetween(stateOf(...before), stateOf(...after))
          .validatorUpdates!) {
          const key = String((pubKey!.sum as { readonly value: Uint8Array }).value);
          // CometBFT refuses to take a vote away that nobody has.
          if (power === 0n) expect(votes.delete(key)).toBe(true);
          else votes.set(key, power as bigint);
        }
        const wanted = after.map(({ publicKey, power }) => [String(publicKey), BigInt(power)] as const);
        expect([...votes].sort()).toEqual(wanted.sort());
      }),
    );
  });
});

describe("what a block changed of the parameters", () => {
  const before = stateOf(testValidator(1));
  test("is told with the version that decides on the next block", () => {
    for (const changes of [{ blockBytesMax: 2_097_152 }, { protocol: 2 }]) {
      const after = { ...before, ...changes };
      expect(updatesBetween(before, after).consensusParamUpdates).toEqual(parametersOf(after));
    }
    expect(parametersOf({ ...before, protocol: 2 })).toEqual({
      block: { maxBytes: 4_194_304n, maxGas: -1n },
      version: { app: 2n },
    });
  });

  test("is not told where it is nothing that CometBFT knows of", () => {
    for (const changes of [{}, { blockTransactionsMax: 500 }])
      expect(updatesBetween(before, { ...before, ...changes }).consensusParamUpdates).toBeUndefined();
  });

  test("is read of the state, for the height of the next block", () => {
    const { ledger, nation } = testCity();
    const fromHeight = ledger.height() + 5;
    ledger.given(
      nation,
      setValidatorsOf(testValidator(1)),
      setParametersOf({ blockTransactionsMax: 600, protocol: { version: 2, fromHeight } }),
    );
    const known = { ...before, blockTransactionsMax: 600, next: { version: 2, fromHeight } };
    expect(readConsensusState(ledger.state, fromHeight - 1)).toEqual(known);
    expect(readConsensusState(ledger.state, fromHeight)).toEqual({ ...known, protocol: 2 });
  });
});

describe("a consensus begins", () => {
  const [one, two] = [testValidator(1), testValidator(2, 7)];
  const begun = (...validators: readonly Validator[]): Parameters<typeof checkValidators>[0] =>
    updatesBetween(stateOf(), stateOf(...validators)).validatorUpdates as Parameters<
      typeof checkValidators
    >[0];

  test("with the validators of the state, in any order and under any name", () => {
    expect(() => checkValidators(begun(two, { ...one, name: "x" }), [one, two])).not.toThrow();
  });

  test.each<[string, readonly Validator[], readonly Validator[], RegExp]>([
    ["with one less", [one], [one, two], /other validators.*expected .*power 7; got [^,]*power 10;/],
    ["with one more", [one, two], [one], /other validators/],
    ["with another vote", [{ ...one, power: 11 }], [one], /expected .* power 10; got .* power 11/],
    ["where the registry names none", [one], [], /names no validators.*set-validators/],
  ])("but not %s", (_, list, validators, why) => {
    expect(() => checkValidators(begun(...list), validators)).toThrow(why);
  });

  test("and with keys of Ed25519 alone", () => {
    const sum = { case: "secp256k1" as const, value: one.publicKey };
    const foreign = [{ pubKey: { sum }, power: 10n }] as unknown as Parameters<typeof checkValidators>[0];
    expect(() => checkValidators(foreign, [one])).toThrow(/not of Ed25519/);
  });
});

test("what CometBFT reports is recorded with its kind, its time in milliseconds and an address of its own", () => {
  const address = new Uint8Array(20).fill(5);
  const reported = {
    validator: { address, power: 10n },
    height: 12n,
    time: { seconds: 1_800_000_000n, nanos: 123_999_999 },
    totalVotingPower: 40n,
  };
  const read = (type: number) => misbehaviourOf({ ...reported, type } as never);
  expect(read(1)).toEqual({
    ...{ kind: "duplicate-vote", address, power: 10, height: 12 },
    ...{ timeMs: 1_800_000_000_123, totalPower: 40 },
  });
  expect([0, 2, 99].map((type) => read(type).kind)).toEqual(["other", "light-client-attack", "other"]);
  expect(read(1).address).not.toBe(address);
});
