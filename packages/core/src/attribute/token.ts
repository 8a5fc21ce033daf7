import { TOKEN_CHARACTERS_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { checkNoPersonalNumber } from "./personal-number.ts";
import { type Place, refuse } from "./refuse.ts";

const EXPECTED = `a token: 1 to ${TOKEN_CHARACTERS_MAX} ASCII letters, digits or any of ". _ : + -"`;

/** Whether a text is a token: 1 to {@link TOKEN_CHARACTERS_MAX} characters of `[A-Za-z0-9._:+-]`. Spec §6.2. */
export function isToken(text: string): boolean {
  if (text.length === 0 || text.length > TOKEN_CHARACTERS_MAX) return false;
  for (let at = 0; at < text.length; at++) if (!isTokenUnit(text.charCodeAt(at))) return false;
  return true;
}

/** Reads a token that holds no number of a person. */
export function checkToken(value: unknown, place: Place): Outcome<string> {
  if (typeof value !== "string" || !isToken(value)) return refuse(place, { expected: EXPECTED, got: value });
  const firewall = checkNoPersonalNumber(place.field, value);
  return firewall.ok ? accept(value) : firewall;
}

function isTokenUnit(unit: number): boolean {
  if (unit >= 0x61 && unit <= 0x7a) return true;
  if (unit >= 0x30 && unit <= 0x3a) return true; // The digits, and ":" after them.
  if (unit >= 0x41 && unit <= 0x5a) return true;
  return unit === 0x2b || unit === 0x2d || unit === 0x2e || unit === 0x5f;
}
