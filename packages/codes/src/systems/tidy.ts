import { lowerUnit, upperUnit } from "../ascii.ts";
import type { Form, Mending } from "./coding-system.ts";

/** A text in the form of a system, and what was changed for it. */
export type Tidied = { readonly text: string; readonly mended: readonly Mending[] };

const FULL_WIDTH_FIRST = 0xff01;
const FULL_WIDTH_LAST = 0xff5e;
const FULL_WIDTH_DISTANCE = 0xfee0;

/**
 * Brings a text into the form of a system: full-width characters become those of ASCII, spaces around it go, separators
 * of the system and spaces within go where the system names them, letters get its case. Nothing else is changed: a
 * look-alike letter stays what it is, and the value is refused for it.
 */
export function tidy(raw: string, { case: letters, separators }: Pick<Form, "case" | "separators">): Tidied {
  let text = "";
  const mended: Mending[] = [];
  const mend = (what: Mending): void => {
    if (!mended.includes(what)) mended.push(what);
  };
  const [from, to] = boundsOf(raw);
  if (to - from < raw.length) mend("space");
  for (let at = from; at < to; at++) {
    let unit = raw.charCodeAt(at);
    if (unit >= FULL_WIDTH_FIRST && unit <= FULL_WIDTH_LAST) {
      unit -= FULL_WIDTH_DISTANCE;
      mend("full-width");
    }
    if (separators !== "") {
      const character = String.fromCharCode(isSpace(unit) ? 0x20 : unit);
      if (separators.includes(character)) {
        mend(character === " " ? "space" : "separator");
        continue;
      }
    }
    const cased = letters === "keep" ? unit : letters === "upper" ? upperUnit(unit) : lowerUnit(unit);
    if (cased !== unit) mend("case");
    text += String.fromCharCode(cased);
  }
  return { text, mended };
}

function boundsOf(text: string): readonly [number, number] {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return [from, to];
}

/** Spaces that tables and chats bring along: blank, tab, line ends, no-break, ideographic, zero-width, byte-order mark. */
function isSpace(unit: number): boolean {
  return (
    unit === 0x20 ||
    (unit >= 0x09 && unit <= 0x0d) ||
    unit === 0xa0 ||
    unit === 0x3000 ||
    unit === 0x200b ||
    unit === 0xfeff
  );
}
