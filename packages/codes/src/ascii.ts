const CASE_BIT = 0x20;

/** Whether the code unit is one of 0-9. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** Whether the text is one or more of 0-9. */
export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return false;
  return text.length > 0;
}

/** Whether the code unit is one of 0-9, A-Z, a-z. */
export function isAlphanumeric(unit: number): boolean {
  const lower = unit | CASE_BIT;
  return isDigit(unit) || (lower >= 0x61 && lower <= 0x7a);
}

/** The code unit with A-Z as a-z. The same on every machine, unlike `toLowerCase`, and blind to other scripts. */
export function lowerUnit(unit: number): number {
  return unit >= 0x41 && unit <= 0x5a ? unit | CASE_BIT : unit;
}

/** The code unit with a-z as A-Z. */
export function upperUnit(unit: number): number {
  return unit >= 0x61 && unit <= 0x7a ? unit & ~CASE_BIT : unit;
}

/** The text with each code unit changed. */
export function mapUnits(text: string, map: (unit: number) => number): string {
  let mapped = "";
  for (let i = 0; i < text.length; i++) mapped += String.fromCharCode(map(text.charCodeAt(i)));
  return mapped;
}
