import type { Code } from "@cityroot/codes/ma/code";
import type { Attributes } from "@cityroot/core/attribute/attribute";
import type { Alias } from "@cityroot/core/state/alias";
import type { Day } from "@cityroot/core/state/day";
import type { Record } from "@cityroot/core/state/record";
import { expect, test } from "vitest";
import { describeThing } from "./describe-thing.ts";

const recordOf = (class_: string, attributes: Attributes): Record =>
  ({
    ...{ class: class_, attributes, status: "active", version: 3 },
    since: { height: 1, timeMs: 1_767_225_600_000 },
  }) as unknown as Record;
type Claimed = Partial<Alias> & { readonly isContested?: boolean };
const claim = ({ isContested = false, ...said }: Claimed) => ({
  alias: {
    ...{ system: "gtin-13", value: "9521234543213", relation: "same-as", from: null, until: null },
    ...{ byTarget: { verdict: "confirmed" }, bySystem: null, withdrawn: null },
    ...said,
  } as unknown as Alias,
  isContested,
});
const described = (class_: string, attributes: Attributes = [], ...claims: readonly Claimed[]) =>
  describeThing({
    ...{
      base: "https://id.example.cn",
      code: "MA.156.1301/60.10000000.1/1" as Code,
      day: "2026-11-01" as Day,
    },
    ...{ record: recordOf(class_, attributes), holder: [["en", "Works"]], claims: claims.map(claim) },
  });

test("a class is a type of schema.org, or a place where it has one", () => {
  expect(described("transit-stop")["@type"]).toBe("BusStop");
  expect(described("bench")["@type"]).toBe("Thing");
  expect(described("bench", [["place", [380_428_000, -1_145_149_000]]])).toMatchObject({
    "@type": "Place",
    geo: { latitude: "38.0428000", longitude: "-114.5149000" },
  });
  for (const class_ of ["constructor", "__proto__", "tostring"])
    expect(described(class_)["@type"]).toBe("Thing");
});

test("two wholes that a thing is part of do not hide each other", () => {
  const attributes: Attributes = [
    ["located-in", "MA.156.1301"],
    ["part-of", "MA.156.1301.01"],
  ];
  const [first, second] = ["MA.156.1301", "MA.156.1301.01"].map((code) => ({
    "@id": `https://id.example.cn/${code}`,
  }));
  expect(described("dataset", attributes)["isPartOf"]).toEqual([first, second]);
  expect(described("bench", attributes)).toMatchObject({ containedInPlace: first, isPartOf: second });
});

test("numbers of others are told where they are confirmed, hold today, and nobody says otherwise", () => {
  const numbersOf = (...claims: readonly Claimed[]) =>
    (described("product", [], ...claims)["identifier"] as unknown[]).length - 1;
  expect(described("product", [], {})).toMatchObject({ gtin13: "9521234543213" });
  expect(numbersOf({})).toBe(1);
  expect(numbersOf({ isContested: true })).toBe(0);
  expect(numbersOf({ relation: "part-of" })).toBe(0);
  expect(numbersOf({ byTarget: null })).toBe(0);
  expect(numbersOf({ until: "1999-12-31" as Day })).toBe(0);
  expect(described("bench", [], {})).not.toHaveProperty("gtin13");
  expect(described("building", [], { system: "gln", value: "9521321000018" })).toMatchObject({
    globalLocationNumber: "9521321000018",
  });
});
