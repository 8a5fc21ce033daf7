import { expect, test } from "vitest";
import {
  CHARACTER_CLASSES,
  type CharacterClass,
  isAllOfClass,
  isOfClass,
  isWithinClass,
} from "./character-class.ts";

const PATTERNS: { readonly [name in CharacterClass]: RegExp } = {
  d: /^[0-9]$/,
  u: /^[0-9A-Z]$/,
  a: /^[0-9A-Za-z]$/,
  n: /^[0-9A-Za-z_-]$/,
};
const CLASSES = Object.keys(CHARACTER_CLASSES) as CharacterClass[];

test("a class holds exactly its characters", () => {
  for (const characters of CLASSES) {
    for (let unit = 0; unit < 0x300; unit++) {
      const is = PATTERNS[characters].test(String.fromCharCode(unit));
      expect(isOfClass(unit, characters), `${characters} ${unit}`).toBe(is);
    }
    expect(isOfClass(Number.NaN, characters), characters).toBe(false);
    expect(isAllOfClass("0a", characters), characters).toBe(characters === "a" || characters === "n");
  }
});

test("each class lies within itself and those after it", () => {
  for (const [at, part] of CLASSES.entries()) {
    for (const [other, whole] of CLASSES.entries())
      expect(isWithinClass(part, whole), part + whole).toBe(at <= other);
  }
});
