import { isJsonObject, type Json } from "@cityroot/core/json";

/** Why a text is no JSON, and where. Lines and columns count from 1. */
export type JsonFault = { readonly line: number; readonly column: number; readonly reason: string };

type Reviver = (
  this: unknown,
  name: string,
  value: unknown,
  context: { readonly source?: string },
) => unknown;

/**
 * Reads JSON. A whole number beyond 2^53 comes as its digits, in text: the registry's ids have twenty, and a number
 * would be another one.
 */
export function parseJson(text: string): { readonly json: Json } | { readonly fault: JsonFault } {
  const keepDigits: Reviver = (_, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?[0-9]+$/.test(source ?? "")
      ? source
      : value;
  try {
    return { json: JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]) as Json };
  } catch (error) {
    return { fault: faultOf(text, (error as Error).message) };
  }
}

/** The parser names a position, or none where the text ends too early. */
function faultOf(text: string, message: string): JsonFault {
  const at = /at position ([0-9]+)/.exec(message)?.[1];
  const before = text.slice(0, at === undefined ? text.length : Number(at)).split("\n");
  const isEnd = at === undefined || Number(at) >= text.length || /unterminated|end of/i.test(message);
  const reason = isEnd
    ? "the text ends before the JSON does"
    : message.replace(/ \(line.*$| in JSON at.*$/s, "");
  return { line: before.length, column: before.at(-1)!.length + 1, reason };
}

/**
 * A member of an answer by its name in the present form of the calls, such as `organunit_oid`. Older answers wrote it
 * `OrganUnit_Oid` or `OrganUnitOid`: letter case and "_" do not matter where the present form is not there. Null is
 * taken for absent: clients write what they did not get so.
 */
export function memberOf(object: Json, name: string): Json | undefined {
  if (!isJsonObject(object)) return undefined;
  const exact = Object.hasOwn(object, name) ? object[name] : null;
  if (exact !== null) return exact;
  const wanted = plain(name);
  for (const other of Object.keys(object)) {
    if (plain(other) === wanted && object[other] !== null) return object[other];
  }
  return undefined;
}

/** A member that is text, or a number, which is written as one; trimmed; undefined where nothing is left. */
export function textOf(object: Json, name: string): string | undefined {
  const value = memberOf(object, name);
  const text = typeof value === "number" ? String(value) : value;
  const trimmed = typeof text === "string" ? text.trim() : "";
  return trimmed === "" ? undefined : trimmed;
}

/** A member that is a whole number, or the digits of one; undefined where it is neither. */
export function wholeOf(object: Json, name: string): number | undefined {
  const text = textOf(object, name);
  return text !== undefined && /^-?[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}

function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
