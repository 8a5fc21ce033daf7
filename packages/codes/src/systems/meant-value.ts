import { guessMeantText } from "../ma/meant-text.ts";
import { type CharacterSet, characterSetOf } from "./character-set.ts";
import type { CodingSystem } from "./coding-system.ts";
import { parseValue } from "./parse-value.ts";
import { tidy } from "./tidy.ts";

/** Characters that are taken for one another, each with what it may stand for. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  O: "0",
  o: "0",
  Q: "0",
  D: "0",
  I: "1",
  i: "1",
  l: "1",
  // A small l where the system has capitals.
  L: "1",
  "|": "1",
  Z: "2",
  z: "2",
  S: "5",
  s: "5",
  B: "8",
  G: "6",
  "0": "O",
  "1": "I",
  "2": "Z",
  "5": "S",
  "8": "B",
};
/** The characters that look like others. */
export const EXCHANGEABLE: CharacterSet = characterSetOf(Object.keys(LOOK_ALIKES).join(""));
/** Most characters that are exchanged: beyond them nothing is probable any more. */
const EXCHANGED_MAX = 3;

/**
 * The value that was probably meant by a text that is none, or `undefined`: characters that the system does not have are
 * exchanged for those that look like them, and what comes of it has to be right throughout, check characters included.
 */
export function meantValue(system: CodingSystem, text: string): string | undefined {
  const { text: plain } = tidy(guessMeantText(text), system.form);
  const meant = exchangeLookAlikes(system.form.characters, plain);
  if (meant === undefined || meant === text) return undefined;
  const read = parseValue(system, meant);
  return read.ok ? read.value.canonical : undefined;
}

/** The text with those characters exchanged that a system does not have, for such as look like them and that it has. */
export function exchangeLookAlikes(characters: string, text: string): string | undefined {
  if (characters === "any") return undefined;
  let meant = "";
  let exchanged = 0;
  for (const character of text) {
    const other = characters.includes(character) ? character : LOOK_ALIKES[character];
    if (other === undefined || !characters.includes(other)) return undefined;
    if (other !== character && ++exchanged > EXCHANGED_MAX) return undefined;
    meant += other;
  }
  return meant;
}
