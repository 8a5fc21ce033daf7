import { isDigits } from "../ascii.ts";
import { type Fault, fault } from "../fault.ts";
import { type Code, partsOf } from "./code.ts";

/**
 * What the check digit of a medical code says. `unknown`: the text holds a character that the table of the
 * algorithm does not have.
 */
export type CheckResult = {
  readonly verdict: "right" | "wrong" | "unknown";
  /** The check character that the code carries. */
  readonly got: string;
  /** The digit that the algorithm gives, unless unknown. */
  readonly expected?: string;
};

/**
 * Tests the check digits of a medical code: `di` that of the device, the last character of the product node;
 * `pi` that of the production elements, a last element such as `C3`. Each is absent where the code carries none.
 *
 * The algorithm is not published by the registry. It is taken from a public code base and agrees with nearly
 * all codes found elsewhere; some printed codes fail it. So it is a hint, never a proof of registration or of
 * forgery. Each character becomes a number (0-9 as 0 to 9, A-Z as 10 to 35, a-g as 36 to 42, h-z as 45 to 63,
 * "-" as 64, "." as 65), the decimal digits of all numbers are put in a row and summed as in Luhn's formula,
 * except that the last digit counts once, the one before it twice, and so on; the check digit completes the sum
 * to a multiple of ten. The device digit covers the code from `MA` on; the production digit covers the
 * elements, each with the "." before it. Spec §2.9.
 */
export function checkMedical(code: Code): { readonly di?: CheckResult; readonly pi?: CheckResult } {
  const { profile, root, object, custom } = partsOf(code);
  const product = object[0];
  if (profile !== "medical" || product === undefined) return {};
  const di = compareCheck(`${root.join(".")}.${product.slice(0, -1)}`, product.slice(-1));
  const check = custom.at(-1);
  if (check === undefined || !isCheckElement(check)) return { di };
  const elements = custom.slice(0, -1).map((element) => `.${element}`);
  return { di, pi: compareCheck(elements.join(""), check.slice(1)) };
}

function isCheckElement(element: string): boolean {
  return element.length === 2 && element.startsWith("C");
}

function compareCheck(text: string, got: string): CheckResult {
  const digit = luhnDigitOf(text);
  if (digit === undefined) return { verdict: "unknown", got };
  const expected = String(digit);
  return { verdict: got === expected ? "right" : "wrong", got, expected };
}

const CHECK_VALUES = checkValuesOfUnits();

function checkValuesOfUnits(): Int8Array {
  const values = new Int8Array(128).fill(-1);
  const place = (first: string, count: number, value: number) => {
    for (let i = 0; i < count; i++) values[first.charCodeAt(0) + i] = value + i;
  };
  place("0", 10, 0);
  place("A", 26, 10);
  place("a", 7, 36);
  place("h", 19, 45);
  place("-", 1, 64);
  place(".", 1, 65);
  return values;
}

/** Runs from the right, where the weights begin. */
function luhnDigitOf(text: string): number | undefined {
  let sum = 0;
  let digits = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    const value = CHECK_VALUES[text.charCodeAt(i)]!;
    if (value < 0) return undefined;
    sum += luhnTerm(value % 10, digits++);
    if (value >= 10) sum += luhnTerm((value - (value % 10)) / 10, digits++);
  }
  return (10 - (sum % 10)) % 10;
}

function luhnTerm(digit: number, fromRight: number): number {
  if (fromRight % 2 === 0) return digit;
  return digit < 5 ? digit * 2 : digit * 2 - 9;
}

const REGISTRANT_DIGITS = 6;
const ELEMENT_LETTERS = "SMLDEVY";
const DATE_LETTERS = "MEV";

/**
 * What is doubtful in a code that is well formed; nothing for a general code. In a medical code: check digits
 * that are wrong or cannot be worked out, and departures from the published shape (a registrant of six digits; a
 * product node of pack level, item and check digit; elements led by S serial, M production date, L lot, D
 * sterilisation lot, E expiry date, V valid-until date, Y insurance code, each once, dates of 6 or 8 digits, C
 * and the check digit last). Codes in use depart from it, so these are never grounds to refuse a code.
 */
export function warningsOf(code: Code): readonly Fault[] {
  const { profile, root, object, custom } = partsOf(code);
  if (profile !== "medical") return [];
  const warnings: Fault[] = [];
  const registrant = root[3];
  if (registrant !== undefined && !(registrant.length === REGISTRANT_DIGITS && isDigits(registrant))) {
    warnings.push(fault({ field: "root[3]", expected: `${REGISTRANT_DIGITS} digits`, got: registrant }));
  }
  const product = object[0];
  if (product === undefined) return warnings;
  if (product.length < 3 || !isDigits(product.charAt(0))) {
    const expected = "a digit for the pack level, an item code and a check digit";
    warnings.push(fault({ field: "object.product", expected, got: product }));
  }
  const { di, pi } = checkMedical(code);
  if (di !== undefined) pushCheckWarning(warnings, "object.product", di);
  pushElementWarnings(warnings, custom);
  if (pi !== undefined) pushCheckWarning(warnings, `custom[${custom.length - 1}]`, pi);
  return warnings;
}

function pushCheckWarning(warnings: Fault[], field: string, { verdict, got, expected }: CheckResult): void {
  if (verdict === "wrong") {
    const fix = "compare the code with the label; if it is printed so, it may follow another check table";
    warnings.push(fault({ field, expected: `check digit ${expected}`, got, fix }));
  } else if (verdict === "unknown") {
    warnings.push(fault({ field, expected: 'characters of the check table, which has no "_"', got }));
  }
}

function pushElementWarnings(warnings: Fault[], elements: readonly string[]): void {
  if (elements.length === 0) return;
  const checked = isCheckElement(elements.at(-1)!);
  const contents = checked ? elements.slice(0, -1) : elements;
  for (const [index, element] of contents.entries()) {
    const expected = expectedElement(element, contents.slice(0, index));
    if (expected !== undefined) warnings.push(fault({ field: `custom[${index}]`, expected, got: element }));
  }
  if (!checked)
    warnings.push(fault({ field: "custom", expected: "C and a check digit last", got: elements.at(-1)! }));
}

/** What should stand in place of an element, if it departs from the published shape. */
function expectedElement(element: string, before: readonly string[]): string | undefined {
  const letter = element.charAt(0);
  if (!ELEMENT_LETTERS.includes(letter)) return `an element led by one of ${ELEMENT_LETTERS}`;
  if (before.some((other) => other.startsWith(letter))) return `one element ${letter} only`;
  const content = element.slice(1);
  if (
    DATE_LETTERS.includes(letter) &&
    !(isDigits(content) && (content.length === 6 || content.length === 8))
  ) {
    return `${letter} and a date of 6 or 8 digits`;
  }
  return undefined;
}
