import { isDigits } from "../ascii.ts";
import { APPLICATION_IDENTIFIERS } from "../gs1/application-identifiers.ts";
import { checkDigitOf } from "../gs1/check-digit.ts";
import { type Element, elementOf } from "../gs1/element.ts";
import { decodePercent } from "../gs1/percent-encoding.ts";
import { type Refusal, refuseForm } from "../systems/refusal.ts";
import type { Carried } from "./carried.ts";
import { faulty } from "./carry.ts";
import { carryElements } from "./from-elements.ts";

/** What URIs of EPC pure identity begin with. EPC Tag Data Standard 2.1, 6.3. */
export const EPC_LEAD = "urn:epc:id:";

type Outcome = { readonly ok: true; readonly value: readonly Element[] } | Refusal;

/** Reads the name of a key of GS1 as a URI, from behind {@link EPC_LEAD}. */
export function readEpc(text: string): Carried {
  const read = epcElements(text);
  if (!read.ok) return faulty("uri", read.fault);
  return { form: "uri", ...carryElements(read.value), doubts: [] };
}

/** Which elements an EPC names, and how many digits its company and reference have together. */
const EPC_KEYS: Readonly<
  Record<string, { readonly ai: string; readonly digits: number; readonly suffix: string }>
> = {
  sgtin: { ai: "01", digits: 13, suffix: "21" },
  sscc: { ai: "00", digits: 17, suffix: "" },
  sgln: { ai: "414", digits: 12, suffix: "254" },
  grai: { ai: "8003", digits: 12, suffix: "" },
  giai: { ai: "8004", digits: 0, suffix: "" },
};

/** An SGLN without an extension has this in its place. */
const NO_EXTENSION = "0";

function epcElements(text: string): Outcome {
  const colon = text.indexOf(":");
  const scheme = text.slice(0, colon).toLowerCase();
  const pieces = text.slice(colon + 1).split(".");
  const [company = "", reference = ""] = pieces;
  const known = colon > 0 && Object.hasOwn(EPC_KEYS, scheme) ? EPC_KEYS[scheme] : undefined;
  if (known === undefined || !isDigits(company)) return refuseEpc(text);
  // Only the last piece may hold dots.
  const rest = (from: number): string | undefined => decodePercent(pieces.slice(from).join("."));
  const { ai, digits, suffix } = known;
  if (scheme === "giai") return made([[ai, company + (rest(1) ?? "")]], text);
  if (!isDigits(company + reference) || company.length + reference.length !== digits) return refuseEpc(text);
  // The first digit of the reference goes before the company: the level of packing, or the extension.
  const isLed = scheme === "sgtin" || scheme === "sscc";
  const body = isLed ? reference.charAt(0) + company + reference.slice(1) : company + reference;
  const number = body + checkDigitOf(body);
  const more = rest(2);
  if (scheme === "grai") return made([[ai, `0${number}${more ?? ""}`]], text);
  const hasMore =
    suffix !== "" && more !== undefined && more !== "" && !(scheme === "sgln" && more === NO_EXTENSION);
  return made(
    hasMore
      ? [
          [ai, number],
          [suffix, more],
        ]
      : [[ai, number]],
    text,
  );
}

function made(pairs: readonly (readonly [ai: string, value: string])[], text: string): Outcome {
  const elements: Element[] = [];
  for (const [ai, value] of pairs) {
    const identifier = APPLICATION_IDENTIFIERS.get(ai);
    if (identifier === undefined) return refuseEpc(text);
    const element = elementOf(identifier, value);
    if (!element.ok) return element;
    elements.push(element.value);
  }
  return { ok: true, value: elements };
}

function refuseEpc(got: string): Refusal {
  const expected = "sgtin, sscc, sgln, grai or giai, a colon, and the pieces of its key with dots between";
  return refuseForm({ field: "urn:epc:id", expected, got });
}
