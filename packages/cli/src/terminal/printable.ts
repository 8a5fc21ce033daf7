/**
 * The text without what a terminal would act on: control characters, and characters that turn the direction of text.
 * Some texts come from strangers, and must not be able to move the cursor or to hide each other.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, (character) =>
    character === "\n" || character === "\t" ? " " : "\ufffd",
  );
}

/** The same of a text of several lines, which stay lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
