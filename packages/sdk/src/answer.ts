import { hexToBytes } from "@cityroot/core/hex";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { REJECTIONS } from "@cityroot/core/rejection";
import { RegistryError, type RegistryErrorDetails, TransportError } from "./error.ts";
import { type Answer, type Requester, type RequestParameters, request } from "./request.ts";

/** An object of an answer, whose members are read with the functions of this file. */
export type AnswerObject = { readonly [name: string]: Json };

/** Media type of a proof bundle. Spec §5.12. */
export const PROOF_MEDIA_TYPE = "application/vnd.cityroot.proof";

/** A part of an answer with the way to it, for errors. */
export type Place = { readonly url: string; readonly path: string };

/** Asks for JSON and gives the object of a good answer. Throws {@link RegistryError}, {@link TransportError}. */
export async function requestJson(
  client: Requester,
  parameters: Omit<RequestParameters, "accept">,
): Promise<{ readonly json: AnswerObject; readonly place: Place }> {
  const answer = await request(client, { ...parameters, accept: "application/json" });
  if (answer.status !== 200 && answer.status !== 201) throw problemOf(answer);
  return jsonOf(answer);
}

/** The JSON object of an answer. Throws {@link TransportError} `malformed`. */
export function jsonOf(answer: Answer): { readonly json: AnswerObject; readonly place: Place } {
  const place = { url: answer.url, path: "answer" };
  return { json: objectAt(parseJson(answer.bytes), place), place };
}

/** Asks for bytes of one media type. Throws {@link RegistryError}, {@link TransportError}. */
export async function requestBytes(client: Requester, parameters: RequestParameters): Promise<Uint8Array> {
  const answer = await request(client, parameters);
  if (answer.status !== 200) throw problemOf(answer);
  if (answer.contentType === parameters.accept) return answer.bytes;
  const detail = `expected ${parameters.accept}, got ${answer.contentType || "no media type"}`;
  throw new TransportError({ failure: "malformed", detail, url: answer.url, status: answer.status });
}

/** What an answer that is not good says: a refusal by the rules, or a failure on the way. RFC 9457. */
export function problemOf(answer: Answer): RegistryError | TransportError {
  const { status, url, headers } = answer;
  const json = parseJson(answer.bytes);
  const problem = isJsonObject(json) ? json : {};
  const code = textOf(problem["code"]);
  if (code !== undefined && Object.hasOwn(REJECTIONS, code)) return refusalOf(problem);
  const detail = textOf(problem["detail"]) ?? textOf(problem["title"]) ?? `status ${status}`;
  const retryAfterMs = waitOf(headers.get("retry-after"));
  return new TransportError({ failure: "status", detail, url, status, code, retryAfterMs });
}

/** The refusal that a problem describes, also one of a name that this version does not know. */
export function refusalOf(problem: AnswerObject): RegistryError {
  const operation = problem["operation"];
  const details: RegistryErrorDetails = {
    rejection: textOf(problem["code"]) ?? "UNKNOWN",
    detail: textOf(problem["detail"]) ?? "the registry gave no reason",
    field: textOf(problem["field"]),
    expected: textOf(problem["expected"]),
    got: textOf(problem["got"]),
    fix: textOf(problem["fix"]),
    operation: typeof operation === "number" ? operation : undefined,
  };
  return new RegistryError(details);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Milliseconds of a retry-after header in seconds; its other form, a date, is passed over. RFC 9110 §10.2.3. */
function waitOf(header: string | null): number | undefined {
  return header !== null && /^[0-9]{1,6}$/.test(header) ? 1000 * Number(header) : undefined;
}

function parseJson(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch {
    return undefined;
  }
}

/** A member of an object, with its place. */
export function memberOf(object: AnswerObject, name: string, place: Place): [Json | undefined, Place] {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return [value, { url: place.url, path: `${place.path}.${name}` }];
}

/** The value as an object. */
export function objectAt(value: Json | undefined, place: Place): AnswerObject {
  return isJsonObject(value) ? value : malformed(place, "an object");
}

/** The value as a list. */
export function listAt(value: Json | undefined, place: Place): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : malformed(place, "a list");
}

/** The value as text. */
export function textAt(value: Json | undefined, place: Place): string {
  return typeof value === "string" ? value : malformed(place, "text");
}

/** The value as a whole number from 0 to 2^53-1. */
export function countAt(value: Json | undefined, place: Place): number {
  const isCount = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  return isCount ? value : malformed(place, "a whole number");
}

/** The value as true or false. */
export function flagAt(value: Json | undefined, place: Place): boolean {
  return typeof value === "boolean" ? value : malformed(place, "true or false");
}

/** The value as one of some words. */
export function wordAt<W extends string>(value: Json | undefined, place: Place, words: readonly W[]): W {
  return words.find((word) => word === value) ?? malformed(place, `one of ${words.join(", ")}`);
}

/** The value as null, or as what `read` makes of it. */
export function orNull<T>(
  value: Json | undefined,
  place: Place,
  read: (value: Json | undefined, place: Place) => T,
): T | null {
  return value === null ? null : read(value, place);
}

/** The value as bytes in lower case hexadecimal. */
export function hexAt(value: Json | undefined, place: Place): string {
  const isHex = typeof value === "string" && hexToBytes(value) !== undefined;
  return isHex ? value.toLowerCase() : malformed(place, "hexadecimal");
}

/** Refuses an answer that is not what the interface promises. */
export function malformed({ url, path }: Place, expected: string): never {
  throw new TransportError({ failure: "malformed", detail: `${path}: expected ${expected}`, url });
}

/** Reads each element of a list. */
export function eachAt<T>(
  value: Json | undefined,
  place: Place,
  read: (value: Json | undefined, place: Place) => T,
): readonly T[] {
  return listAt(value, place).map((item, at) => read(item, { ...place, path: `${place.path}[${at}]` }));
}
