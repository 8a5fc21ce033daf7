/** Ranges of code points that take two columns: East Asian Wide and Fullwidth (UAX #11), and emoji. First and last. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** How many columns of a terminal a text takes; it holds no control characters. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfPoint(character.codePointAt(0)!);
  return width;
}

/** The text with spaces to its right up to the width. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** The text within the width, with an ellipsis where it was longer. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let shown = "";
  let used = 0;
  for (const character of text) {
    const next = widthOfPoint(character.codePointAt(0)!);
    if (used + next > width - 1) break;
    shown += character;
    used += next;
  }
  return `${shown}…`;
}

function widthOfPoint(point: number): number {
  if (point < 0x300) return 1;
  if (/\p{Mn}/u.test(String.fromCodePoint(point))) return 0;
  return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}
