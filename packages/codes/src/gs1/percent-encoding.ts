import { isAlphanumeric } from "../ascii.ts";

/** A text of ASCII with everything but letters, digits, hyphen, point, underscore and tilde as `%XX`. RFC 3986, 2.3. */
export function encodePercent(text: string): string {
  let encoded = "";
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isPlain = isAlphanumeric(unit) || "-._~".includes(text.charAt(at));
    encoded += isPlain ? text.charAt(at) : `%${unit.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/** The text that `%XX` stand in, or `undefined` where a percent sign is followed by anything else or by no ASCII. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes("%")) return text;
  let decoded = "";
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) !== "%") {
      decoded += text.charAt(at);
      continue;
    }
    const value = hexValueOf(text.charCodeAt(at + 1)) * 16 + hexValueOf(text.charCodeAt(at + 2));
    if (!(value < 0x80)) return undefined;
    decoded += String.fromCharCode(value);
    at += 2;
  }
  return decoded;
}

/** The value of a hexadecimal digit; not a number for anything else, also behind the end of a text. */
function hexValueOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : Number.NaN;
}
