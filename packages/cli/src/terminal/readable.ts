/**
 * What a fault says, for people: Chinese characters, which faults show as escapes like all that is not ASCII, stand as they are
 * written. Other characters stay escapes, since that shows a full-width digit or a look-alike for what it is.
 */
export function readable(text: string): string {
  return text.replace(/\\\\|\\u([0-9a-f]{4})/g, (whole, unit?: string) => {
    const character = unit === undefined ? "" : String.fromCharCode(Number.parseInt(unit, 16));
    return IDEOGRAPH.test(character) ? character : whole;
  });
}

/** Not the radicals, which look like the characters that they are part of. */
const IDEOGRAPH = /^[\u3400-\u4dbf\u4e00-\u9fff]$/;
