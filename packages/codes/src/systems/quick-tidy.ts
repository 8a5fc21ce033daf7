import { type CharacterSet, characterSetOf, meets } from "./character-set.ts";
import type { Form } from "./coding-system.ts";
import { tidy } from "./tidy.ts";

/** A form prepared for many texts. */
export type QuickForm = {
  /** The text that {@link tidy} makes of a raw one. */
  readonly textOf: (raw: RawText) => string;
};

/** A text that is brought into many forms: what several of them need is made once. */
export type RawText = {
  readonly raw: string;
  /** The text without spaces at its ends and with characters of ASCII for full-width ones. */
  readonly plain: string;
  /** The characters of that. */
  readonly used: CharacterSet;
  /** Whether all of them are of ASCII, so that the platform's own functions change nothing else. */
  readonly isAscii: boolean;
  upper: string | undefined;
  lower: string | undefined;
};

const NOT_ASCII = characterSetOf("\u0080");

/** Prepares a text of these characters. */
export function rawText(raw: string, rawUsed: CharacterSet): RawText {
  if (!meets(rawUsed, NOT_ASCII)) {
    const plain = raw.trim();
    return { raw, plain, used: rawUsed, isAscii: true, upper: undefined, lower: undefined };
  }
  const plain = tidy(raw, PLAIN).text;
  const used = characterSetOf(plain);
  return { raw, plain, used, isAscii: !meets(used, NOT_ASCII), upper: undefined, lower: undefined };
}

/** Changes neither case nor what stands between characters. */
const PLAIN = { case: "keep", separators: "" } as const;

/** Prepares a form. What it makes of a text is exactly what {@link tidy} makes of it, without saying what was changed. */
export function quickForm(form: Pick<Form, "case" | "separators">): QuickForm {
  const { case: letters, separators } = form;
  // A tab or a line end between characters is a space.
  const dropped = separators.includes(" ") ? `${separators}\t\n\v\f\r` : separators;
  const droppedSet = characterSetOf(dropped);
  const pattern = new RegExp(`[${dropped.replace(/[\\\]^-]/g, "\\$&")}]`, "g");
  return {
    textOf: (text) => {
      if (!text.isAscii) return tidy(text.raw, form).text;
      const cased = letters === "keep" ? text.plain : letters === "upper" ? upperOf(text) : lowerOf(text);
      return dropped !== "" && meets(text.used, droppedSet) ? cased.replace(pattern, "") : cased;
    },
  };
}

function upperOf(text: RawText): string {
  text.upper ??= text.plain.toUpperCase();
  return text.upper;
}

function lowerOf(text: RawText): string {
  text.lower ??= text.plain.toLowerCase();
  return text.lower;
}
