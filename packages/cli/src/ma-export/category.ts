import { type Code, parseCode, partsOf } from "@cityroot/codes/ma/code";
import { findUriFault } from "@cityroot/core/attribute/https-uri";
import type { Json } from "@cityroot/core/json";
import { LINK_CHARACTERS_MAX } from "@cityroot/core/limits";
import { textOf, wholeOf } from "./answer-json.ts";

/** How a category came to the registry: registered there (注册), or filed as one that was in use before (备案). */
export type Way = "registered" | "filed";

/** A category with its model that a unit registered or filed: the object part of its codes. */
export type Category = {
  /** The code up to the model, such as `MA.156.1003.1629/60.10000000.2`. */
  readonly code: Code;
  /** Undefined where the answer does not say it, or not in a published way. */
  readonly way: Way | undefined;
  /** The registry's own id of the registration. */
  readonly id: string | undefined;
  readonly name: { readonly zh?: string; readonly en?: string };
  readonly description: string | undefined;
  /** Where a scan leads to, if that is an address that a record can hold. */
  readonly target: string | undefined;
};

/** A category that was read, with what of it was left out. */
export type ReadCategory =
  | {
      readonly category: Category;
      readonly leftOut: readonly { readonly member: string; readonly got: string }[];
    }
  | { readonly refused: { readonly member: string; readonly got: string; readonly expected: string } };

const OBJECT_NODES = 3;

/** Reads a category of an answer. */
export function categoryOf(json: Json): ReadCategory {
  const text = textOf(json, "complete_code") ?? "";
  const parsed = parseCode(text);
  if (!parsed.ok) {
    return {
      refused: { member: "complete_code", got: text, expected: parsed.fault.expected ?? "an MA code" },
    };
  }
  const code = parsed.value;
  const { profile, object, custom } = partsOf(code);
  if (profile === "general" && (object.length !== OBJECT_NODES || custom.length > 0)) {
    const expected = "a code of use, category and model, with nothing after them";
    return { refused: { member: "complete_code", got: text, expected } };
  }
  const node = textOf(json, "category_code");
  if (profile === "general" && node !== undefined && node !== object[1]) {
    return { refused: { member: "category_code", got: node, expected: `${object[1]}, as in ${code}` } };
  }
  const leftOut: { member: string; got: string }[] = [];
  const way = wayOf(json);
  if (way === undefined) leftOut.push({ member: "code_pay_type", got: textOf(json, "code_pay_type") ?? "" });
  const address = textOf(json, "gotourl");
  const isTarget =
    address !== undefined && address.length <= LINK_CHARACTERS_MAX && findUriFault(address) === undefined;
  if (address !== undefined && !isTarget) leftOut.push({ member: "gotourl", got: address });
  const [zh, en] = [textOf(json, "model_number"), textOf(json, "model_number_en")];
  return {
    leftOut,
    category: {
      code,
      way,
      id: textOf(json, "category_reg_idstr") ?? textOf(json, "category_reg_id"),
      name: { ...(zh === undefined ? {} : { zh }), ...(en === undefined ? {} : { en }) },
      description: textOf(json, "introduction") ?? textOf(json, "category_memo"),
      target: isTarget ? address : undefined,
    },
  };
}

/** Published: 2 registered, 5 filed; and, finer, 1, 2 and 3 registered, -1 filed. */
function wayOf(json: Json): Way | undefined {
  const paid = wholeOf(json, "code_pay_type");
  if (paid !== undefined) return paid === 2 ? "registered" : paid === 5 ? "filed" : undefined;
  const finer = wholeOf(json, "regist_type");
  if (finer === undefined) return undefined;
  return finer === -1 ? "filed" : finer >= 1 && finer <= 3 ? "registered" : undefined;
}
