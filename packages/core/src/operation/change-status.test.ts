import { describe, expect, test } from "vitest";
import { GENESIS_TIME_MS, issueOf, nameOf, testHolder } from "../ledger.testing.ts";
import {
  BUREAU,
  CHINA,
  CITY,
  delegateOf,
  LAMP,
  LAMPS,
  reinstateOf,
  retireOf,
  supersedeOf,
  suspendOf,
  type TestCity,
  testCity,
  transferOf,
} from "./operation.testing.ts";
import type { Operation } from "./operation.ts";

// Suspend, reinstate and retire, which are one change of status each; supersede has tests of its own besides.

const OTHER = `${LAMPS}/9`;
const CHANGES: readonly (readonly [string, (code: string) => Operation])[] = [
  ["suspend", suspendOf],
  ["reinstate", reinstateOf],
  ["retire", retireOf],
  ["supersede", (code) => supersedeOf("rename", [code], [OTHER])],
];

/** A city with a lamp and one to take its place. */
function cityWithLamp(): TestCity {
  const world = testCity();
  world.ledger.given(world.city, issueOf(LAMP), issueOf(OTHER));
  return world;
}

describe("statuses and what leads from one to another:", () => {
  const cases: readonly (readonly [string, readonly Operation[], readonly string[]])[] = [
    ["active", [], ["suspended", "CODE_NOT_SUSPENDED", "retired", "retired"]],
    ["suspended", [suspendOf(LAMP)], ["CODE_SUSPENDED", "active", "retired", "retired"]],
    ["retired", [retireOf(LAMP)], ["CODE_RETIRED", "CODE_RETIRED", "CODE_RETIRED", "CODE_RETIRED"]],
  ];
  test.each(cases)("%s", (_, given, expected) => {
    for (const [at, [name, change]] of CHANGES.entries()) {
      const { ledger, city } = cityWithLamp();
      for (const operation of given) ledger.given(city, operation);
      const outcome = ledger.attempt(city, change(LAMP));
      const status = outcome === "ok" ? ledger.recordOf(LAMP)?.status : outcome;
      expect(status, name).toBe(expected[at]);
    }
  });
});

test("the record keeps why, since when, and all versions before", () => {
  const { ledger, city } = cityWithLamp();
  ledger.given(city, { type: "suspend", code: LAMP as never, reason: "lost", item: null });
  expect(ledger.recordOf(LAMP)).toMatchObject({
    version: 2,
    since: { height: 3, timeMs: GENESIS_TIME_MS + 3_000 },
    status: "suspended",
    reason: "lost",
  });
  ledger.given(city, reinstateOf(LAMP));
  expect(ledger.recordOf(LAMP)).toMatchObject({ version: 3, status: "active", reason: null });
  ledger.given(city, retireOf(LAMP));
  expect(ledger.recordOf(LAMP)).toMatchObject({ version: 4, status: "retired", reason: "gone" });
  expect(ledger.recordOf(LAMP)?.peaks).toHaveLength(64);
});

describe.each(CHANGES)("%s:", (name, change) => {
  const given = (world: TestCity, code: string): TestCity => {
    if (name !== "reinstate") return world;
    const above = code === CITY || code === CHINA ? world.nation : world.city;
    world.ledger.given(above, suspendOf(code));
    return world;
  };

  test("CODE_NEVER_ISSUED", () => {
    const { ledger, city } = cityWithLamp();
    expect(ledger.attempt(city, change(`${LAMPS}/7`))).toBe("CODE_NEVER_ISSUED");
  });

  test("NOT_AUTHORISED: not by another holder, not by the one who delegated the prefix", () => {
    const { ledger, nation, stranger } = given(cityWithLamp(), LAMP);
    expect(ledger.attempt(stranger, change(LAMP))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(nation, change(LAMP))).toBe("NOT_AUTHORISED");
  });

  test("PREFIX_SUSPENDED and PREFIX_RETIRED above it", () => {
    const { ledger, nation, city } = given(cityWithLamp(), LAMP);
    ledger.given(nation, suspendOf(CITY));
    expect(ledger.attempt(city, change(LAMP))).toBe("PREFIX_SUSPENDED");
    ledger.given(nation, retireOf(CITY));
    expect(ledger.attempt(city, change(LAMP))).toBe("PREFIX_RETIRED");
  });

  test("of a prefix, by the holder of the prefix above and not by its own", () => {
    const { ledger, nation, city } = given(cityWithLamp(), CITY);
    expect(ledger.attempt(city, change(CITY))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(nation, change(CITY))).toBe("ok");
    const status = { suspend: "suspended", reinstate: "active", retire: "retired", supersede: "retired" }[
      name
    ];
    expect(ledger.recordOf(CITY)?.status).toBe(status);
    expect(ledger.prefixOf(CITY)).toMatchObject({ status, holder: city.id });
  });

  test("of a root prefix, by its own holder, who alone stands above it", () => {
    const { ledger, nation, city, stranger } = given(cityWithLamp(), CHINA);
    expect(ledger.attempt(stranger, change(CHINA))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, change(CHINA))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(nation, change(CHINA))).toBe("ok");
    expect(ledger.prefixOf(CHINA)?.status).toBe(ledger.recordOf(CHINA)?.status);
  });

  test("of a code that was handed on, by its new holder alone", () => {
    const { ledger, city, stranger } = given(cityWithLamp(), LAMP);
    ledger.given(city, transferOf(LAMP, stranger));
    expect(ledger.attempt(city, change(LAMP))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(stranger, change(LAMP))).toBe("ok");
  });
});

test("a suspended root comes back by its own holder, a retired one never", () => {
  const { ledger, nation, city } = testCity();
  ledger.given(nation, suspendOf(CHINA));
  expect(ledger.attempt(city, issueOf(LAMP))).toBe("PREFIX_SUSPENDED");
  expect(ledger.attempt(nation, issueOf("MA.156.7"))).toBe("PREFIX_SUSPENDED");
  ledger.given(nation, reinstateOf(CHINA));
  expect(ledger.attempt(city, issueOf(LAMP))).toBe("ok");
  ledger.given(nation, retireOf(CHINA));
  expect(ledger.attempt(city, issueOf(`${LAMPS}/8`))).toBe("PREFIX_RETIRED");
  expect(ledger.attempt(nation, reinstateOf(CHINA))).toBe("CODE_RETIRED");
});

test("the nearest prefix that is out of use is the one that is named", () => {
  const { ledger, nation, city } = testCity();
  const bureau = testHolder("Bureau", 4);
  ledger.given(city, delegateOf(BUREAU, bureau));
  ledger.given(city, retireOf(BUREAU));
  ledger.given(nation, suspendOf(CITY));
  const outcome = ledger.run(bureau, issueOf(LAMP));
  expect(outcome).toMatchObject({
    rejection: { name: "PREFIX_RETIRED", fault: { got: `${BUREAU} is retired` } },
  });
});

test("a change of status counts in the same block for what comes after it", () => {
  const { ledger, nation, city } = testCity();
  const outcomes = ledger.block([
    ledger.transaction(city, [issueOf(`${LAMPS}/1`)]),
    ledger.transaction(nation, [suspendOf(CITY)]),
    ledger.transaction(city, [issueOf(`${LAMPS}/2`)]),
    ledger.transaction(nation, [reinstateOf(CITY)]),
    ledger.transaction(city, [issueOf(`${LAMPS}/3`)]),
  ]);
  expect(outcomes.map(nameOf)).toEqual(["ok", "ok", "PREFIX_SUSPENDED", "ok", "ok"]);
});

test("a change that is refused later in its transaction was none, also for who has the say", () => {
  const { ledger, nation, city } = testCity();
  expect(ledger.attempt(nation, suspendOf(CITY), issueOf("MA.840.1"))).toBe("PREFIX_UNKNOWN");
  expect(ledger.prefixOf(CITY)?.status).toBe("active");
  expect(ledger.attempt(city, issueOf(LAMP))).toBe("ok");
});
