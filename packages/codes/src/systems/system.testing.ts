import fc from "fast-check";
import { expect, test } from "vitest";
import type { CodingSystem } from "./coding-system.ts";
import { VALUE_CHARACTERS_MAX } from "./coding-system.ts";
import { readValue } from "./read-value.ts";

/** What the tests of every system are told of it. */
export type SystemFacts = {
  /** Canonical values, made at random from what the standard allows. */
  readonly values: fc.Arbitrary<string>;
  /** Texts that are not values, each with the kind of its fault and, where it is known, where it begins and what was meant. */
  readonly refused: readonly {
    readonly text: string;
    readonly kind: "form" | "value" | "check";
    readonly at?: number;
    readonly meant?: string;
  }[];
  /** How else a value may be written, each with the canonical one. */
  readonly written?: readonly (readonly [text: string, canonical: string])[];
  /** Whether every single wrong digit or letter is noticed, as the check characters of the standard promise. */
  readonly noticesEveryCharacter: boolean;
  /** Whether every two neighbours that changed places are noticed. */
  readonly noticesSwaps: boolean;
};

/** Characters that people type for others, and those that they mean. */
const TYPED: readonly (readonly [typed: string, meant: string])[] = [
  ...["O", "o"].map((typed) => [typed, "0"] as const),
  ...["I", "i", "l", "|"].map((typed) => [typed, "1"] as const),
  ["Z", "2"],
  ["S", "5"],
  ["B", "8"],
  ["0", "O"],
  ["1", "I"],
  // Cyrillic and Greek capitals.
  ["\u0410", "A"],
  ["\u0412", "B"],
  ["\u0395", "E"],
];

/** Those of them that a system cannot take for themselves. */
function lookAlikesOf({ form }: CodingSystem): typeof TYPED {
  const { characters, separators, case: letters } = form;
  if (characters === "any") return [];
  const cased = (text: string): string =>
    letters === "upper" ? text.toUpperCase() : letters === "lower" ? text.toLowerCase() : text;
  return TYPED.filter(
    ([typed, meant]) =>
      characters.includes(meant) && !characters.includes(cased(typed)) && !separators.includes(typed),
  );
}

/** The tests that every coding system passes. */
export function testSystem(system: CodingSystem, facts: SystemFacts): void {
  const read = (text: string) => readValue(system, text);
  const isOk = (text: string): boolean => read(text).ok;

  test(`${system.id}: its own examples are values of it`, () => {
    expect(system.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(system.examples.length).toBeGreaterThan(0);
    expect(system.standards.length).toBeGreaterThan(0);
    for (const { value } of system.examples) expect(read(value), value).toMatchObject({ ok: true });
  });

  test(`${system.id}: a canonical value is read as itself, whole and in parts`, () => {
    fc.assert(
      fc.property(facts.values, (value) => {
        const outcome = read(value);
        expect(outcome, value).toMatchObject({ ok: true, value: { canonical: value, mended: [] } });
        if (!outcome.ok) return;
        for (const character of system.form.needs ?? "") expect(value).toContain(character);
        expect(system.parse(value)).toMatchObject({ ok: true, value: { canonical: value } });
        for (const { name, label, text } of outcome.value.parts) {
          expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
          expect(label.en.length * label.zh.length).toBeGreaterThan(0);
          expect(value, name).toContain(text);
        }
      }),
    );
  });

  test(`${system.id}: full-width characters and spaces around a value change nothing`, () => {
    fc.assert(
      fc.property(facts.values, (value) => {
        const wide = value.replace(/[!-~]/g, (character) =>
          String.fromCharCode(character.charCodeAt(0) + 0xfee0),
        );
        expect(read(` \u3000${wide}\t\r\n`), value).toMatchObject({ ok: true, value: { canonical: value } });
      }),
    );
  });

  test(`${system.id}: whatever comes is answered, never thrown at, and what is taken is canonical`, () => {
    const nearly = fc.tuple(facts.values, fc.nat(), fc.string({ maxLength: 3, unit: "binary" }), fc.nat(3));
    const mutated = nearly.map(([value, at, piece, cut]) => {
      const from = at % (value.length + 1);
      return value.slice(0, from) + piece + value.slice(from + cut);
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ unit: "binary" }), fc.string()), (text) => {
        const outcome = read(text);
        if (outcome.ok) {
          expect(read(outcome.value.canonical)).toMatchObject({
            ok: true,
            value: { canonical: outcome.value.canonical, mended: [] },
          });
        } else {
          expect(outcome.fault.expected).toMatch(/^[ -~]+$/);
          if (outcome.fault.meant !== undefined) expect(isOk(outcome.fault.meant)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(read("1".repeat(VALUE_CHARACTERS_MAX + 1))).toMatchObject({ ok: false, fault: { kind: "form" } });
    expect(isOk("")).toBe(false);
  });

  const lookAlikes = lookAlikesOf(system);
  if (lookAlikes.length > 0) {
    test(`${system.id}: a character for one that it looks like is refused, and what was meant is told`, () => {
      fc.assert(
        fc.property(
          facts.values,
          fc.constantFrom(...lookAlikes),
          fc.nat(),
          (value, [typed, meant], where) => {
            const places = [...value].flatMap((character, at) => (character === meant ? [at] : []));
            const at = places[where % places.length];
            if (at === undefined) return;
            const text = value.slice(0, at) + typed + value.slice(at + 1);
            expect(read(text), `${text} for ${value}`).toMatchObject({ ok: false, fault: { meant: value } });
          },
        ),
      );
    });
  }

  const [min, max] = system.form.lengths;
  if (min === max) {
    test(`${system.id}: what was cut short and what is too long is refused`, () => {
      fc.assert(
        fc.property(facts.values, fc.integer({ min: 1, max: max - 1 }), (value, length) => {
          for (const text of [value.slice(0, length), value + value.slice(0, length)])
            expect(read(text), text).toMatchObject({ ok: false, fault: { kind: "form" } });
        }),
      );
    });
  }

  if (facts.refused.length > 0) {
    test.each(facts.refused)(`${system.id}: $text is refused`, ({ text, kind, at, meant }) => {
      const expected = {
        kind,
        ...(at === undefined ? {} : { at }),
        ...(meant === undefined ? {} : { meant }),
      };
      expect(read(text)).toMatchObject({ ok: false, fault: expected });
    });
  }

  if (facts.written !== undefined) {
    test.each(facts.written)(`${system.id}: %j is %s`, (text, canonical) => {
      expect(read(text)).toMatchObject({ ok: true, value: { canonical } });
    });
  }

  if (facts.noticesEveryCharacter) {
    test(`${system.id}: a single wrong character is noticed`, () => {
      fc.assert(
        fc.property(facts.values, fc.nat(), fc.nat(), (value, where, which) => {
          const at = where % value.length;
          const { characters } = system.form;
          const others = (characters === "any" ? "0123456789" : characters).replace(value.charAt(at), "");
          const wrong = value.slice(0, at) + others.charAt(which % others.length) + value.slice(at + 1);
          expect(isOk(wrong), `${value} ${wrong}`).toBe(false);
        }),
      );
    });
  }

  if (facts.noticesSwaps) {
    test(`${system.id}: two neighbours that changed places are noticed`, () => {
      fc.assert(
        fc.property(facts.values, fc.nat(), (value, where) => {
          const at = where % (value.length - 1);
          if (value.charAt(at) === value.charAt(at + 1)) return;
          const wrong = value.slice(0, at) + value.charAt(at + 1) + value.charAt(at) + value.slice(at + 2);
          expect(isOk(wrong), `${value} ${wrong}`).toBe(false);
        }),
      );
    });
  }
}
