import type { Parsed } from "@cityroot/codes/fault";
import { type Code, parseCode } from "@cityroot/codes/ma/code";

/** Longest line of a list, in characters: an address with a code. */
export const LINE_CHARACTERS_MAX = 2_048;

/**
 * Reads a line of a list: a code; or a code behind the first "=", as in `http://host/?code=MA.156...`, which is how a
 * public reader of these files takes them. Spaces at the ends do not count. The code is checked as every other.
 */
export function codeOfLine(line: string): Parsed<Code> {
  const text = line.trim();
  const alone = parseCode(text);
  if (alone.ok || !text.includes("=")) return alone;
  const behind = parseCode(text.slice(text.indexOf("=") + 1));
  return behind.ok || text.startsWith("http") ? behind : alone;
}
