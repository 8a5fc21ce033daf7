/**
 * Goal: the specification says what the code does: no clause is cited that does not exist, no page is stale, no
 * operation, refusal or number is missing or another.
 * Method: reads docs/spec and the citations of the sources, and holds tables and numbers against the code's own.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ATTRIBUTES } from "@cityroot/core/attribute/attribute";
import type { AttributeType } from "@cityroot/core/attribute/attribute-type";
import { ROLES } from "@cityroot/core/key/role";
import { OPERATIONS } from "@cityroot/core/operation/operation";
import { RECOVERY_STEPS } from "@cityroot/core/operation/recover-keys";
import { RULE_SEATS } from "@cityroot/core/operation/set-rule";
import { PROOF_FAILURES } from "@cityroot/core/proof/failure";
import { REJECTIONS } from "@cityroot/core/rejection";
import { ISSUERS } from "@cityroot/core/rule/rule-fields";
import { ENTRY_TYPES } from "@cityroot/core/state/entry";
import { KEY_KINDS } from "@cityroot/core/state/key";
import { STATUSES, SUCCESSIONS } from "@cityroot/core/state/record";
import { describe, expect, test } from "vitest";
import { readCitations } from "../scripts/spec/citations.ts";
import { type Clause, limitsIn, namesIn, ROOT, readSpec, SPEC_FOLDER } from "../scripts/spec/clauses.ts";
import { groupDigits, readLimits } from "../scripts/spec/limits-page.ts";
import { makeSpecPages } from "../scripts/spec/make.ts";

const made = await makeSpecPages();
const written = readSpec();
const spec = readSpec(made);
const limits = await readLimits();
const numbers = new Set(spec.map(({ number }) => number));

function clause(number: string): Clause {
  const found = spec.find((one) => one.number === number);
  if (found === undefined) throw new Error(`the specification has no clause ${number}`);
  return found;
}

/** Rows of the tables in a text, without heads: cells trimmed, and without the marks of code. */
function rowsOf(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|") && !line.startsWith("|--"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
}

describe("clauses", () => {
  test("each has a number of its own", () => {
    const seen = new Set<string>();
    for (const { number, page } of spec) {
      expect(seen.has(number), `${number} on ${page}`).toBe(false);
      seen.add(number);
    }
  });

  test("every one that a source cites exists", () => {
    const missing = readCitations().filter(({ clause: number }) => !numbers.has(number));
    expect(missing).toEqual([]);
  });

  test("every one that another clause names exists", () => {
    const missing = spec.flatMap(({ number, text }) =>
      [...text.replaceAll("libsodium 1.0.21", "").matchAll(/(?<![\d.§])\d{1,2}\.\d{1,2}\.\d{1,2}(?![\d.])/g)]
        .filter(([named]) => !numbers.has(named))
        .map(([named]) => `${number} names ${named}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("links", () => {
  const folders = ["docs/spec", "docs/decisions"];
  const pages = folders.flatMap((folder) => {
    const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".md"));
    return names.map((name) => join(folder, name));
  });

  test.each(pages)("of %s lead to files", (page) => {
    const text = readFileSync(join(ROOT, page), "utf8");
    const targets = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target!);
    const missing = targets.filter((target) => !existsSync(join(ROOT, dirname(page), target)));
    expect(missing).toEqual([]);
  });
});

describe("generated pages", () => {
  test.each([...made.keys()])(
    "%s is what the script makes: node --conditions=source scripts/spec/make.ts",
    (name) => {
      expect(readFileSync(join(SPEC_FOLDER, name), "utf8") === made.get(name), name).toBe(true);
    },
  );
});

describe("operations", () => {
  const names = Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[];

  test("are numbered as their clauses are", () => {
    const headings = spec.filter(({ number }) => /^7\.[1-9][0-9]*$/.test(number)).map(({ title }) => title);
    expect(headings).toEqual(names);
  });

  test.each(names)("%s has its number, its fields in order and its checks", (name) => {
    const { number, fields } = OPERATIONS[name];
    const { text } = clause(`7.${number}`);
    expect(text).toContain(`\nNumber ${number}. `);
    const rows = rowsOf(text).filter(([place]) => /^[0-9]+$/.test(place!));
    expect(rows.map(([place]) => Number(place))).toEqual(rows.map((_, at) => at + 1));
    expect(rows.map(([, field]) => field)).toEqual(Object.keys(fields));
    expect(text).toContain("\nChecks");
    expect(text).toContain("\nEffect: ");
  });

  test.each(names)("%s is refused by its clause as its source refuses it", (name) => {
    const source = readFileSync(join(ROOT, `packages/core/src/operation/${name}.ts`), "utf8");
    const refused = [...source.matchAll(/"([A-Z][A-Z_]+)"/g)].map(([, word]) => word!);
    const shared = spec
      .filter(({ number }) => number.startsWith("7.0."))
      .flatMap(({ text }) => namesIn(text));
    const given = new Set([...namesIn(clause(`7.${OPERATIONS[name].number}`).text), ...shared]);
    for (const word of refused) {
      if (Object.hasOwn(REJECTIONS, word)) expect(given.has(word), word).toBe(true);
    }
  });

  test.each([
    ["7.2", RULE_SEATS],
    ["7.4", RECOVERY_STEPS],
    ["7.12", SUCCESSIONS],
    ["6.1.2", STATUSES],
    ["6.1.5", SUCCESSIONS],
    ["11.1", ISSUERS],
  ] as const)("the words of %s have their numbers", (number, words) => {
    const { text } = clause(number);
    for (const [at, word] of words.entries()) expect(text, word).toContain(`${at} \`${word}\``);
  });

  test("roles are named", () => {
    for (const role of ROLES) expect(clause("4.2.2").text, role).toContain(`\`${role}\``);
  });
});

describe("refusals", () => {
  test.each(Object.keys(REJECTIONS))("%s is given by a clause", (name) => {
    expect(written.filter(({ text }) => namesIn(text).includes(name)).length).toBeGreaterThan(0);
  });

  test("every name in capitals is one, or a limit", () => {
    const known = new Set([...Object.keys(REJECTIONS), ...limits.map(({ name }) => name)]);
    const strangers = spec.flatMap(({ number, text }) =>
      namesIn(text)
        .filter((name) => !known.has(name))
        .map((name) => `${name} in ${number}`),
    );
    expect(strangers).toEqual([]);
  });

  test("failures of proofs are all listed", () => {
    const rows = rowsOf(clause("5.13.6").text).slice(1);
    expect(rows.map(([name]) => name)).toEqual([...PROOF_FAILURES]);
  });
});

describe("numbers", () => {
  test("each limit has the value that the code has", () => {
    const values = new Map(limits.map(({ name, value }) => [name, value]));
    const found = written.flatMap(({ number, text }) =>
      limitsIn(text).map((limit) => ({ number, ...limit })),
    );
    expect(found.length).toBeGreaterThan(40);
    for (const { number, name, value } of found) expect(value, `${name} in ${number}`).toBe(values.get(name));
  });

  test("kinds of keys and types of entries", () => {
    const kinds = rowsOf(clause("5.1.1").text).slice(1);
    expect(Object.fromEntries(kinds.map(([byte, kind]) => [kind, Number(byte)]))).toEqual(KEY_KINDS);
    const types = rowsOf(clause("5.3.1").text).slice(1);
    expect(Object.fromEntries(types.map(([type, entry]) => [entry, Number(type)]))).toEqual(ENTRY_TYPES);
  });

  test("attributes with their kinds and bounds", () => {
    const boundsOf = (type: AttributeType): string =>
      type.kind === "integer" ? `${groupDigits(type.min)} to ${groupDigits(type.max)}` : "";
    const rows = rowsOf(clause("6.2.2").text).slice(1);
    expect(rows).toEqual(
      Object.entries<AttributeType>(ATTRIBUTES).map(([name, type]) => [name, type.kind, boundsOf(type)]),
    );
  });
});
