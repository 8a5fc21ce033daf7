import fc from "fast-check";
import { expect, test } from "vitest";
import { identifierOf, identify } from "./identify.ts";
import { organisationCode } from "./organisation-code.ts";
import { readValue } from "./read-value.ts";
import { CODING_SYSTEMS } from "./systems.ts";
import { uscc } from "./uscc.ts";

test("every example is identified as what it is, however it was typed", () => {
  for (const system of CODING_SYSTEMS) {
    for (const { value } of system.examples) {
      const found = identify(` ${value}\n`).fits.find((fit) => fit.system === system);
      expect(found?.reading.mended, `${system.id} ${value}`).toContain("space");
    }
  }
});

test("a text that two systems have is shown as both, in their order", () => {
  const twin = { ...organisationCode, id: "twin" };
  const identifyTwins = identifierOf([uscc, twin, organisationCode]);
  const { fits, nearly } = identifyTwins("55138508-2");
  expect(fits.map(({ system }) => system.id)).toEqual(["twin", "organisation-code"]);
  expect(nearly).toEqual([]);
});

test("a wrong check character and a look-alike letter lead to what was meant", () => {
  const only = identifierOf([uscc]);
  expect(only("91350100M000100Y44")).toMatchObject({
    fits: [],
    nearly: [{ system: uscc, fault: { kind: "check", meant: "91350100M000100Y43" } }],
  });
  expect(only("9135O1OOM000100Y43")).toMatchObject({
    nearly: [{ fault: { kind: "form", meant: "91350100M000100Y43" } }],
  });
  // A system that takes nearly everything is shown, and what the check character speaks for beside it.
  const takesAll = {
    ...uscc,
    id: "all",
    form: { ...uscc.form, characters: "any" as const },
    parse: (text: string) => ({
      ok: true as const,
      value: { canonical: text, check: "none" as const, parts: [] },
    }),
  };
  expect(identifierOf([takesAll, uscc])("9135O1OOM000100Y43")).toMatchObject({
    fits: [{ system: { id: "all" } }],
    nearly: [{ system: uscc, fault: { meant: "91350100M000100Y43" } }],
  });
  expect(only("hello")).toEqual({ fits: [], nearly: [] });
  expect(only("9".repeat(1_000))).toEqual({ fits: [], nearly: [] });
});

test("of the number of a person nothing is said but that it is one", () => {
  expect(identify("11010519491231002X")).toEqual({ fits: [], nearly: [], person: "citizen-number" });
  expect(identify("138 0013 8000")).toEqual({ fits: [], nearly: [], person: "mobile-number" });
});

test("identifying says of each system what reading alone says", () => {
  const examples = CODING_SYSTEMS.flatMap((system) => system.examples.map(({ value }) => value));
  const texts = fc
    .tuple(fc.constantFrom(...examples), fc.nat(), fc.string({ maxLength: 2 }), fc.nat(2))
    .map(([value, at, piece, cut]) => {
      const from = at % (value.length + 1);
      return value.slice(0, from) + piece + value.slice(from + cut);
    });
  fc.assert(
    fc.property(fc.oneof(texts, fc.constantFrom(...examples)), (text) => {
      const { fits, nearly, person } = identify(text);
      if (person !== undefined) return;
      for (const system of CODING_SYSTEMS) {
        const read = readValue(system, text);
        expect(
          fits.some((fit) => fit.system === system),
          system.id,
        ).toBe(read.ok);
        if (!read.ok && read.fault.kind !== "form") {
          expect(nearly.find((near) => near.system === system)?.fault, system.id).toMatchObject({
            kind: read.fault.kind,
          });
        }
      }
    }),
    { numRuns: 300 },
  );
});
