import { describe, expect, test } from "vitest";
import type { Json } from "../json.ts";
import { issueOf, nameOf, type OutcomeName, type TestHolder, type TestLedger } from "../ledger.testing.ts";
import { openLedger } from "../ledger.ts";
import { reject } from "../outcome.ts";
import { type ProtocolRules, rulesOf } from "../protocol-rules.ts";
import { PARAMETERS_KEY } from "../state/key.ts";
import { decodeParameters, type Parameters, protocolAt, readParameters } from "../state/parameters.ts";
import { replayWindow } from "../state/replay.ts";
import { LAMP, LAMPS, setParametersOf, testCity } from "./operation.testing.ts";
import { applyOperation, operationFromCbor, operationFromJson } from "./operation.ts";

const FIRST: Parameters = {
  blockBytesMax: 4_194_304,
  blockTransactionsMax: 5_000,
  protocol: 1,
  next: null,
};

test("what was never set is as a network begins, and what is null stays as it is", () => {
  const { ledger, nation } = testCity();
  expect(readParameters(ledger.state)).toEqual(FIRST);
  expect(ledger.state.get(PARAMETERS_KEY)).toBeUndefined();
  ledger.given(nation, setParametersOf({ blockTransactionsMax: 700 }));
  expect(readParameters(ledger.state)).toMatchObject({ ...FIRST, blockTransactionsMax: 700, version: 1 });
  ledger.given(nation, setParametersOf({ blockBytesMax: 2_097_152 }));
  expect(decodeParameters(ledger.state.get(PARAMETERS_KEY)!)).toMatchObject({
    ...{ version: 2, since: { height: ledger.height() } },
    ...{ blockBytesMax: 2_097_152, blockTransactionsMax: 700, protocol: 1, next: null },
  });
  expect(ledger.attempt(nation, setParametersOf({}))).toBe("PARAMETERS_MALFORMED");
});

describe("bounds", () => {
  test.each<[string, Json, string]>([
    ["the fewest bytes", { blockBytesMax: 2_097_152 }, "ok"],
    ["fewer", { blockBytesMax: 2_097_151 }, "PARAMETERS_MALFORMED"],
    ["the most bytes", { blockBytesMax: 33_554_432 }, "ok"],
    ["more", { blockBytesMax: 33_554_433 }, "PARAMETERS_MALFORMED"],
    ["the fewest transactions", { blockTransactionsMax: 500 }, "ok"],
    ["fewer of them", { blockTransactionsMax: 499 }, "PARAMETERS_MALFORMED"],
    ["the most transactions", { blockTransactionsMax: 20_000 }, "ok"],
    ["more of them", { blockTransactionsMax: 20_001 }, "PARAMETERS_MALFORMED"],
    ["half a transaction", { blockTransactionsMax: 0.5 }, "OPERATION_MALFORMED"],
    ["a version without a height", { protocol: { version: 2 } }, "OPERATION_MALFORMED"],
    ["a version that is a number", { protocol: 2 }, "OPERATION_MALFORMED"],
    ["a misspelt name", { protocol: { version: 2, fromheight: 9 } }, "OPERATION_MALFORMED"],
  ])("%s", (_, fields, expected) => {
    expect(nameOf(operationFromJson({ type: "set-parameters", ...(fields as object) }))).toBe(expected);
  });

  test("in CBOR too", () => {
    expect(nameOf(operationFromCbor([15, 2_097_151, null, null]))).toBe("PARAMETERS_MALFORMED");
    expect(nameOf(operationFromCbor([15, null, null, [2]]))).toBe("OPERATION_MALFORMED");
    expect(nameOf(operationFromCbor([15, null, null, [2, 9]]))).toBe("ok");
  });
});

/** What becomes of a change that the root prefix's holder asks for in the next block. */
function change(ledger: TestLedger, nation: TestHolder, version: number, ahead: number): OutcomeName {
  const fromHeight = ledger.height() + 1 + ahead;
  return ledger.attempt(nation, setParametersOf({ protocol: { version, fromHeight } }));
}

describe("the version of the protocol", () => {
  test("follows the one in force, from a height that no block has yet", () => {
    const { ledger, nation } = testCity();
    expect(change(ledger, nation, 2, 0)).toBe("PROTOCOL_HEIGHT_PAST");
    expect(change(ledger, nation, 3, 9)).toBe("PROTOCOL_VERSION_WRONG");
    expect(change(ledger, nation, 0, 9)).toBe("PROTOCOL_VERSION_WRONG");
    expect(change(ledger, nation, 2, 9)).toBe("ok");
    const fromHeight = ledger.height() + 9;
    expect(readParameters(ledger.state)).toMatchObject({ protocol: 1, next: { version: 2, fromHeight } });
    const parameters = readParameters(ledger.state);
    expect([-1, 0, 1].map((step) => protocolAt(parameters, fromHeight + step))).toEqual([1, 2, 2]);
  });

  test("that is to come can be moved, stays when something else is set, and can be called off", () => {
    const { ledger, nation } = testCity();
    expect(change(ledger, nation, 2, 50)).toBe("ok");
    expect(change(ledger, nation, 2, 90)).toBe("ok");
    const next = { version: 2, fromHeight: ledger.height() + 90 };
    ledger.given(nation, setParametersOf({ blockTransactionsMax: 700 }));
    expect(readParameters(ledger.state)).toMatchObject({ blockTransactionsMax: 700, protocol: 1, next });
    expect(change(ledger, nation, 1, 1)).toBe("ok");
    expect(readParameters(ledger.state)).toMatchObject({
      blockTransactionsMax: 700,
      protocol: 1,
      next: null,
    });
  });

  test("that a program does not know stops it at its height, with a word on what it needs", () => {
    const { ledger, nation, city } = testCity();
    expect(change(ledger, nation, 2, 2)).toBe("ok");
    const first = ledger.height() + 2;
    ledger.given(city, issueOf(LAMP));
    const before = ledger.root();
    const issue = ledger.transaction(city, [issueOf(`${LAMPS}/7`)]);
    const message = `from height ${first} on the network needs version 2 of the protocol, and this program knows versions up to 1`;
    expect(() => ledger.block([issue])).toThrow(message);
    expect(ledger.root()).toEqual(before);
    const { network } = ledger.ledger;
    expect(() => openLedger(network, replayWindow()).demandRules(ledger.state, first - 1)).not.toThrow();
    expect(() => openLedger(network, replayWindow()).demandRules(ledger.state, first)).toThrow(message);
  });

  test("decides from its height on, on the block before it not yet, and becomes the one in force", () => {
    const { ledger, nation, city } = testCity();
    expect(change(ledger, nation, 2, 2)).toBe("ok");
    const first = ledger.height() + 2;
    // Rules of a later version, under which nothing is issued any more.
    const nothingIssued: ProtocolRules = {
      ...rulesOf(1, 0),
      apply: (operation, context) =>
        operation.type === "issue"
          ? reject("RULE_UNTIL", "issuing ended")
          : applyOperation(operation, context),
    };
    const later = openLedger(ledger.ledger.network, replayWindow(), (version, height) =>
      version === 2 ? nothingIssued : rulesOf(version, height),
    );
    const outcomes = [first - 1, first, first + 1].map((height) => {
      const issue = ledger.transaction(city, [issueOf(`${LAMPS}/${height}`)]);
      const next = { version: 3, fromHeight: height + 100 };
      const upgrade = ledger.transaction(nation, [setParametersOf({ protocol: next })]);
      const block = { height, timeMs: 1_800_000_000_000 + height };
      return later.applyBlock(ledger.state, height < first ? [issue] : [issue, upgrade], block).map(nameOf);
    });
    expect(outcomes).toEqual([["ok"], ["RULE_UNTIL", "ok"], ["RULE_UNTIL", "ok"]]);
    expect(readParameters(ledger.state)).toMatchObject({ protocol: 2, next: { version: 3 } });
  });
});
