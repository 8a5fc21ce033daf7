import type { SystemFault, Words } from "../systems/coding-system.ts";
import type { ApplicationIdentifier } from "./application-identifiers.ts";
import { checkElementValue } from "./element-value.ts";
import { explainElement } from "./explain-element.ts";
import { nameOfIdentifier } from "./identifier-names.ts";

/** An application identifier with a value that may stand behind it. */
export type Element = {
  /** Two to four digits. */
  readonly ai: string;
  /** The title that is printed beside it, such as `BATCH/LOT`. */
  readonly title: string;
  /** What the value is, in words. */
  readonly name: Words;
  readonly value: string;
  /** What the value says, where this package knows it. */
  readonly meaning?: Words;
  /** The value of a coding system that it is. */
  readonly refersTo?: { readonly system: string; readonly value: string };
  /** Whether it tells of a person, so that it must not be kept. */
  readonly isPersonal: boolean;
};

/** The outcome of making an element. */
export type ElementOutcome =
  | { readonly ok: true; readonly value: Element }
  | { readonly ok: false; readonly fault: SystemFault };

/** Identifiers whose values tell of a person: who was treated or born, who receives, and their addresses and phones. */
const PERSONAL: ReadonlySet<string> = new Set([
  ...["8018", "4301", "4302", "4303", "4308", "4311", "4312", "4313", "4319"],
  ...["7250", "7251", "7252", "7253", "7254", "7255", "7256", "7257", "7258", "7259"],
]);

/** Whether what stands behind an identifier tells of a person. */
export function isPersonalIdentifier(ai: string): boolean {
  return PERSONAL.has(ai);
}

/** A fault of what tells of a person, which repeats nothing of it. */
export function withheld(fault: SystemFault): SystemFault {
  const { kind, field, at } = fault;
  const plain = {
    kind,
    field,
    expected: "a value as the standard has it",
    got: "one that tells of a person",
  };
  return at === undefined ? plain : { ...plain, at };
}

/** Coding systems whose values stand behind identifiers, and how many characters of them. */
const REFERENCES: Readonly<Record<string, readonly [system: string, length?: number]>> = {
  "00": ["sscc"],
  "01": ["gtin-14"],
  "02": ["gtin-14"],
  "03": ["gtin-14"],
  "410": ["gln"],
  "411": ["gln"],
  "412": ["gln"],
  "413": ["gln"],
  "414": ["gln"],
  "415": ["gln"],
  "416": ["gln"],
  "417": ["gln"],
  "7023": ["giai"],
  "8003": ["grai"],
  "8004": ["giai"],
  "8006": ["gtin-14", 14],
  "8026": ["gtin-14", 14],
};

/**
 * The element of an identifier and a value. `year` is the one that years of two digits are read against; it decides what
 * is said of a date, not whether it is one.
 */
export function elementOf(identifier: ApplicationIdentifier, value: string, year?: number): ElementOutcome {
  const { ai, title } = identifier;
  const wrong = checkElementValue(identifier, value);
  if (wrong !== undefined) return { ok: false, fault: isPersonalIdentifier(ai) ? withheld(wrong) : wrong };
  const meaning = explainElement(identifier, value, year);
  const reference = REFERENCES[ai];
  return {
    ok: true,
    value: {
      ai,
      title,
      name: nameOfIdentifier(ai),
      value,
      ...(meaning === undefined ? {} : { meaning }),
      ...(reference === undefined
        ? {}
        : { refersTo: { system: reference[0], value: value.slice(0, reference[1]) } }),
      isPersonal: isPersonalIdentifier(ai),
    },
  };
}
