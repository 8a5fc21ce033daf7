/** What is wrong with a text, as a linter found it. */
export type Finding = {
  /** The reason, as the GS1 Barcode Syntax Dictionary names it: `incorrect-check-digit`. */
  readonly reason: string;
  /** Where the wrong piece begins, in UTF-16 code units from 0. */
  readonly at: number;
  /** How long it is; 0 where something is missing. */
  readonly length: number;
  /** What would have been right. */
  readonly expected: string;
};

/** Looks at a text and finds what is wrong with it; `undefined` if nothing is. */
export type Linter = (text: string) => Finding | undefined;

/** A finding over a whole text. */
export function wholeFinding(text: string, reason: string, expected: string): Finding {
  return { reason, at: 0, length: text.length, expected };
}

/** A finding of the first character that is none of those allowed. */
export function findForeign(
  text: string,
  allowed: string,
  reason: string,
  expected: string,
): Finding | undefined {
  for (let at = 0; at < text.length; at++) {
    if (!allowed.includes(text.charAt(at))) return { reason, at, length: 1, expected };
  }
  return undefined;
}

/** A finding of the first character that is no digit. */
export function findNonDigit(text: string): Finding | undefined {
  return findForeign(text, "0123456789", "non-digit-character", "digits");
}

/** The finding of a linter that looked at a piece, placed in the text that the piece was taken from. */
export function shiftFinding(finding: Finding | undefined, by: number): Finding | undefined {
  return finding === undefined ? undefined : { ...finding, at: finding.at + by };
}
