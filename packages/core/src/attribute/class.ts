import { CLASS_CHARACTERS_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { checkNoPersonalNumber } from "./personal-number.ts";
import { refuse } from "./refuse.ts";

const EXPECTED = `a class such as street-lamp: a lower case letter, then up to ${CLASS_CHARACTERS_MAX - 1} lower case letters, digits or hyphens`;

/** Whether a text is the name of a class, `[a-z][a-z0-9-]{0,31}`, such as `street-lamp`. Spec §6.2. */
export function isClassName(text: string): boolean {
  if (text.length === 0 || text.length > CLASS_CHARACTERS_MAX || !isLower(text.charCodeAt(0))) return false;
  for (let at = 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (!isLower(unit) && !(unit >= 0x30 && unit <= 0x39) && unit !== 0x2d) return false;
  }
  return true;
}

/** Reads the name of a class, which holds no number of a person. */
export function checkClassName(value: unknown, field = "class"): Outcome<string> {
  if (typeof value !== "string" || !isClassName(value)) {
    return refuse({ rejection: "CLASS_MALFORMED", field }, { expected: EXPECTED, got: value });
  }
  const firewall = checkNoPersonalNumber(field, value);
  return firewall.ok ? accept(value) : firewall;
}

function isLower(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a;
}
