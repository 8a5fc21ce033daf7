import { MEDIA_TYPE_CHARACTERS_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { checkNoPersonalNumber } from "./personal-number.ts";
import { type Place, refuse } from "./refuse.ts";

const EXPECTED = `a media type in lower case without parameters, at most ${MEDIA_TYPE_CHARACTERS_MAX} characters`;

const SLASH = 0x2f;
/** `! # $ & - ^ _ . +`, which RFC 6838 §4.2 allows after the first character of a name. */
const MARKS = "!#$&-^_.+";

/**
 * Whether a text is a media type, `type/subtype`, both a restricted name of RFC 6838 §4.2. Media types are compared
 * without regard to case, so only lower case is canonical. Parameters have no place. Spec §6.2.
 */
export function isMediaType(text: string): boolean {
  if (text.length > MEDIA_TYPE_CHARACTERS_MAX) return false;
  let slashAt = -1;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === SLASH) {
      if (slashAt >= 0) return false;
      slashAt = at;
    } else if (!isAlphanumeric(unit) && (at === slashAt + 1 || !MARKS.includes(text.charAt(at)))) {
      return false;
    }
  }
  return slashAt > 0 && slashAt < text.length - 1;
}

/** Reads a media type that holds no number of a person. */
export function checkMediaType(value: unknown, place: Place): Outcome<string> {
  if (typeof value !== "string" || !isMediaType(value)) {
    return refuse(place, { expected: EXPECTED, got: value, fix: "write one such as application/json" });
  }
  const firewall = checkNoPersonalNumber(place.field, value);
  return firewall.ok ? accept(value) : firewall;
}

function isAlphanumeric(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
}
