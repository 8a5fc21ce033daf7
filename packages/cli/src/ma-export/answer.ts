import { isJsonObject, type Json } from "@cityroot/core/json";
import { memberOf, textOf, wholeOf } from "./answer-json.ts";

/** What an answer of the registry of MA codes holds, by the members that it has. */
export type Answer =
  /** Calls 306 and 307: units. */
  | { readonly kind: "units"; readonly items: readonly Json[]; readonly path: string }
  /** Calls 403, 404, 409 and 410: categories that a unit registered or filed. */
  | { readonly kind: "categories"; readonly items: readonly Json[]; readonly path: string }
  /** Call 505: codes. */
  | { readonly kind: "codes"; readonly items: readonly Json[]; readonly path: string }
  /** Calls 502 and 503: uploads, with how many codes each has and none of the codes. */
  | { readonly kind: "uploads"; readonly items: readonly Json[]; readonly path: string }
  /** Call 504: the address of a list of codes. */
  | { readonly kind: "address"; readonly address: string }
  /** An answer of another published call, which has nothing for an import. */
  | { readonly kind: "other"; readonly member: string }
  /** The registry refused the call. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Not one of the published forms. */
  | { readonly kind: "unknown"; readonly got: string };

/** Lists of answers, by their member. */
const LISTS: readonly (readonly [member: string, kind: "units" | "categories" | "codes" | "uploads"])[] = [
  ["base_idcode_list", "categories"],
  ["organunit_list", "units"],
  ["code_record_list", "uploads"],
  ["code_record_tab", "uploads"],
  ["data", "codes"],
];

/** Members of other published answers: uses, categories of the tree, divisions, trades, states, registrations. */
const OTHERS = [
  "codeuse_list",
  "industrycategory_list",
  "batch_regist_list",
  "organunit_idcode",
  "is_audit",
  "code_pic_address",
];

const SUCCEEDED = 1;

/** Tells what an answer is. Nothing is read into a form that was not published. */
export function answerOf(json: Json): Answer {
  if (!isJsonObject(json)) return { kind: "unknown", got: Array.isArray(json) ? "a list" : typeof json };
  const result = resultOf(json);
  if (result !== undefined && result !== SUCCEEDED) {
    return { kind: "refused", reason: textOf(json, "result_msg") ?? `result_code ${result}` };
  }
  for (const [member, kind] of LISTS) {
    const items = memberOf(json, member);
    if (Array.isArray(items)) return { kind, items: items as readonly Json[], path: member };
  }
  if (textOf(json, "organunit_oid") !== undefined) return { kind: "units", items: [json], path: "" };
  const address = textOf(json, "codefileurl_info");
  if (address !== undefined && address !== "0") return { kind: "address", address };
  const other = OTHERS.find((member) => memberOf(json, member) !== undefined);
  if (other !== undefined) return { kind: "other", member: other };
  return { kind: "unknown", got: Object.keys(json).slice(0, 8).join(", ") };
}

/** A client that writes an answer again writes both members for the result, one of them 0. */
function resultOf(json: { readonly [name: string]: Json }): number | undefined {
  const results = Object.keys(json)
    .filter((name) => name.replaceAll("_", "").toLowerCase() === "resultcode")
    .map((name) => wholeOf({ result: json[name]! }, "result"));
  return results.includes(SUCCEEDED) ? SUCCEEDED : results[0];
}
