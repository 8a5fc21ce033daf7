import { expect, test } from "vitest";
import { GS1_LINK_TYPES } from "./gs1-link-types.ts";
import { canonicalRelation, GS1_VOCABULARY, relationName, relationsMeant } from "./relation.ts";

test.each([
  ["gs1:pip", `${GS1_VOCABULARY}pip`],
  ["https://gs1.org/voc/pip", `${GS1_VOCABULARY}pip`],
  ["http://www.gs1.org/voc/pip", `${GS1_VOCABULARY}pip`],
  [`${GS1_VOCABULARY}pip`, `${GS1_VOCABULARY}pip`],
  ["iana:describedby", "describedby"],
  ["http://www.iana.org/assignments/relation/describedby", "describedby"],
  ["describedby", "describedby"],
  ["https://example.org/voc/pip", "https://example.org/voc/pip"],
  // Names of others that begin alike stay theirs.
  ["https://ref.gs1.org.example.org/voc/pip", "https://ref.gs1.org.example.org/voc/pip"],
  ["constructor", "constructor"],
])("%s is the relation %s, once and for all", (written, relation) => {
  expect(canonicalRelation(written)).toBe(relation);
  expect(canonicalRelation(canonicalRelation(written))).toBe(relation);
});

test("a bare name may mean the term of the vocabulary too, after the registered relation", () => {
  expect(relationsMeant("pip")).toEqual(["pip", `${GS1_VOCABULARY}pip`]);
  expect(relationsMeant("defaultLink")).toEqual(["defaultLink", `${GS1_VOCABULARY}defaultLink`]);
  for (const plain of ["describedby", "gs1:pip", "constructor", "__proto__", ""])
    expect(relationsMeant(plain), plain).toEqual([canonicalRelation(plain)]);
});

test("every term of the vocabulary is called something in each language, and others by their own names", () => {
  for (const term of Object.keys(GS1_LINK_TYPES)) {
    for (const language of ["en", "zh"] as const)
      expect(relationName(`gs1:${term}`, language), term).toBe(GS1_LINK_TYPES[term]?.[language]);
  }
  expect(relationName("describedby", "zh")).toMatch(/\p{Script=Han}/u);
  for (const unknown of ["gs1:constructor", "constructor", "__proto__", "https://example.org/x"])
    expect(relationName(unknown, "en")).toBe(canonicalRelation(unknown));
});
