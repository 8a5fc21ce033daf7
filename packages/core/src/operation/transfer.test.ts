import { describe, expect, test } from "vitest";
import { issueOf, keySetOfSeeds, seedOf, testHolder } from "../ledger.testing.ts";
import {
  BUREAU,
  CHINA,
  CITY,
  delegateOf,
  LAMP,
  LAMPS,
  rangeOf,
  reinstateOf,
  retireOf,
  rotateOf,
  suspendOf,
  testBatch,
  testCity,
  transferOf,
  updateOf,
} from "./operation.testing.ts";

test("a prefix goes over with all that lies below it", () => {
  const { ledger, nation, city, stranger } = testCity();
  ledger.given(city, issueOf(LAMP));
  const record = ledger.recordOf(CITY);
  ledger.given(city, transferOf(CITY, stranger));
  expect(ledger.prefixOf(CITY)).toMatchObject({ version: 2, holder: stranger.id, status: "active" });
  // The record of the prefix says nothing of who holds it.
  expect(ledger.recordOf(CITY)).toEqual(record);
  expect(ledger.attempt(city, issueOf(`${LAMPS}/8`))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, updateOf(LAMP))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(stranger, issueOf(`${LAMPS}/8`))).toBe("ok");
  expect(ledger.attempt(stranger, updateOf(LAMP))).toBe("ok");
  expect(ledger.attempt(nation, suspendOf(CITY))).toBe("ok");
});

test("a prefix below it that was delegated stays where it is", () => {
  const { ledger, city, stranger } = testCity();
  const bureau = testHolder("Bureau", 4);
  ledger.given(city, delegateOf(BUREAU, bureau));
  ledger.given(city, transferOf(CITY, stranger));
  expect(ledger.attempt(bureau, issueOf(LAMP))).toBe("ok");
  expect(ledger.attempt(city, suspendOf(BUREAU))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(stranger, suspendOf(BUREAU))).toBe("ok");
});

test("a root prefix is handed on by its holder", () => {
  const { ledger, nation, city } = testCity();
  expect(ledger.attempt(city, transferOf(CHINA, city))).toBe("NOT_AUTHORISED");
  ledger.given(nation, transferOf(CHINA, city));
  expect(ledger.attempt(nation, issueOf("MA.156.7"))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, issueOf("MA.156.7"))).toBe("ok");
});

describe("a code that is no prefix goes alone:", () => {
  test("its new holder maintains its record, and hands it on", () => {
    const { ledger, nation, city, stranger } = testCity();
    ledger.given(city, issueOf(LAMP));
    ledger.given(city, transferOf(LAMP, stranger));
    expect(ledger.recordOf(LAMP)).toMatchObject({ version: 2, holder: stranger.id, status: "active" });
    expect(ledger.attempt(city, transferOf(LAMP, city))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(stranger, transferOf(LAMP, nation))).toBe("ok");
    expect(ledger.attempt(stranger, updateOf(LAMP))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(nation, retireOf(LAMP))).toBe("ok");
  });

  test("what lies below it stays with the prefix", () => {
    const { ledger, city, stranger } = testCity();
    ledger.given(city, issueOf(LAMP), issueOf(`${LAMP}.1`));
    ledger.given(city, transferOf(LAMP, stranger));
    expect(ledger.attempt(stranger, updateOf(`${LAMP}.1`))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(stranger, issueOf(`${LAMP}.2`))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, issueOf(`${LAMP}.2`))).toBe("ok");
  });

  test("of a range, or of a batch by its proof", () => {
    const { ledger, city, stranger } = testCity();
    const batch = testBatch([`${LAMPS}/K1`, `${LAMPS}/K2`]);
    ledger.given(city, rangeOf(`${LAMPS}/100`, 3, 9), batch.operation);
    expect(ledger.attempt(city, transferOf(`${LAMPS}/105`, stranger))).toBe("ok");
    expect(ledger.recordOf(`${LAMPS}/105`)).toMatchObject({
      version: 2,
      holder: stranger.id,
      within: `${LAMPS}/100`,
    });
    expect(ledger.attempt(city, transferOf(`${LAMPS}/K2`, stranger))).toBe("ITEM_PROOF_MISSING");
    expect(ledger.attempt(city, transferOf(`${LAMPS}/K2`, stranger, batch.proofOf(`${LAMPS}/K2`)))).toBe(
      "ok",
    );
    expect(ledger.attempt(stranger, retireOf(`${LAMPS}/K2`))).toBe("ok");
  });

  test("suspended too, and stays so", () => {
    const { ledger, city, stranger } = testCity();
    ledger.given(city, issueOf(LAMP), suspendOf(LAMP), transferOf(LAMP, stranger));
    expect(ledger.recordOf(LAMP)).toMatchObject({
      status: "suspended",
      reason: "damaged",
      holder: stranger.id,
    });
    expect(ledger.attempt(stranger, reinstateOf(LAMP))).toBe("ok");
  });
});

test("BELOW_THRESHOLD: it takes the root keys, not those of records", () => {
  const { ledger, city, stranger } = testCity();
  ledger.given(city, issueOf(LAMP));
  const seeds = [seedOf(20), seedOf(21)];
  const [both, second] = [
    { keys: [0, 1], needed: 2 },
    { keys: [1], needed: 1 },
  ];
  ledger.given(
    city,
    rotateOf({ ...keySetOfSeeds(seeds), roles: { root: both, registrar: second, records: second } }),
  );
  expect(ledger.attempt({ ...city, seeds: [seeds[1]!] }, transferOf(LAMP, stranger))).toBe("BELOW_THRESHOLD");
  expect(ledger.attempt({ ...city, seeds }, transferOf(LAMP, stranger))).toBe("ok");
});

/** Goal: the order of checks is that of the spec. Method: one request with every fault; each is mended in turn. */
test("the first refusal is the one that is named", () => {
  const { ledger, nation, city, stranger } = testCity();
  const nobody = new Uint8Array(20);
  ledger.given(city, issueOf(LAMP), retireOf(LAMP), issueOf(`${LAMPS}/8`));
  ledger.given(nation, suspendOf(CITY));
  expect(ledger.attempt(stranger, transferOf(`${LAMPS}/7`, nobody))).toBe("CODE_NEVER_ISSUED");
  expect(ledger.attempt(stranger, transferOf(LAMP, nobody))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, transferOf(LAMP, nobody))).toBe("PREFIX_SUSPENDED");
  ledger.given(nation, reinstateOf(CITY));
  expect(ledger.attempt(city, transferOf(LAMP, nobody))).toBe("CODE_RETIRED");
  expect(ledger.attempt(city, transferOf(`${LAMPS}/8`, nobody))).toBe("HOLDER_UNKNOWN");
});
