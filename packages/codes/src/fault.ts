/**
 * Why an input was refused, or what is doubtful in it: enough to mend it without reading the code.
 * All texts are printable ASCII, so that a fault can be shown, logged and compared anywhere. Our choice.
 */
export type Fault = {
  /** The part at fault, in the words of the type that was being read, such as `country` or `custom[0]`. */
  readonly field: string;
  /** Where the trouble begins: index of the UTF-16 code unit in the input, from 0. */
  readonly at?: number;
  /** What would have been right. */
  readonly expected: string;
  /** What came: escaped by {@link escapeText} and at most {@link FAULT_GOT_CHARACTERS_MAX} characters. */
  readonly got: string;
  /** What to do about it, where that is known. */
  readonly fix?: string;
};

/** The outcome of reading an input: its value, or the fault for which it was refused. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Fault };

/** Longest `got` of a fault, in characters: the input may come from a stranger and be of any length. Our choice. */
export const FAULT_GOT_CHARACTERS_MAX = 80;

const ELLIPSIS = "...";

/** The outcome of an input that was read well. */
export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** The outcome of an input that was refused. */
export function refused(why: Fault): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: why };
}

/** Makes a fault; `got` is given raw and is escaped and shortened here. */
export function fault(details: Fault): Fault {
  return { ...details, got: escapeText(details.got, FAULT_GOT_CHARACTERS_MAX) };
}

/**
 * The text in printable ASCII: a backslash as `\\`, everything outside U+0020 to U+007E as `\uXXXX`, one for
 * each UTF-16 code unit. Two texts that differ look different. A result longer than `charactersMax` ends in
 * `...` and never within an escape.
 */
export function escapeText(text: string, charactersMax: number): string {
  let shown = "";
  let cut = "";
  for (let i = 0; i < text.length; i++) {
    shown += escapeUnit(text.charCodeAt(i));
    if (shown.length > charactersMax) return cut + ELLIPSIS;
    if (shown.length <= charactersMax - ELLIPSIS.length) cut = shown;
  }
  return shown;
}

function escapeUnit(unit: number): string {
  if (unit === 0x5c) return "\\\\";
  if (unit >= 0x20 && unit <= 0x7e) return String.fromCharCode(unit);
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
