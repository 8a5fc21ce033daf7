/** The control characters of carriers, and how people and programs write them where they cannot be seen. */
const NAMES: readonly (readonly [character: string, names: readonly string[]])[] = [
  ["\x1d", ["\u241d", "<GS>", "{GS}", "[GS]"]],
  ["\x1e", ["\u241e", "<RS>", "{RS}", "[RS]"]],
  ["\x04", ["\u2404", "<EOT>", "{EOT}", "[EOT]"]],
  ["\x1d", ["<FNC1>", "{FNC1}", "[FNC1]"]],
];

const PICTURES = "\u2404\u241d\u241e";
const NAMED = new RegExp(`[${PICTURES}]|[<{[](?:GS|RS|EOT|FNC1)[>}\\]]`);

/** What may be such a character or begin its name. */
const LEADS = new RegExp(`[\x1d<{[${PICTURES}]`);

/** Whether a text has the character that ends values in scanned ones, however it is written. */
export function hasControls(text: string): boolean {
  return LEADS.test(text) && (text.includes("\x1d") || NAMED.test(text));
}

/** Puts control characters where a text names them. */
export function restoreControls(text: string): string {
  if (!NAMED.test(text)) return text;
  let restored = text;
  for (const [character, names] of NAMES)
    for (const name of names) restored = restored.replaceAll(name, character);
  return restored;
}
