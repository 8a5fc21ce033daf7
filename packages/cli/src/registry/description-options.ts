import type { Json } from "@cityroot/core/json";
import type { DescriptionJson } from "@cityroot/sdk/operation";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { coerceAttributes } from "../import/coerce-attributes.ts";
import type { Template } from "../import/template.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";

const LATITUDE_MAX_E7 = 900_000_000;
const LONGITUDE_MAX_E7 = 1_800_000_000;

/** Options that say what a code is. */
export const DESCRIPTION_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--class <name>", text: "option.class" },
  { flags: "--attribute <name=value>", text: "option.attribute", repeats: true },
  { flags: "--link <rel=address>", text: "option.link", repeats: true },
  { flags: "--commitment <name=digest>", text: "option.commitment", repeats: true },
];

/** What the options say of a code. */
export function descriptionOf(context: Context, input: Input): DescriptionJson {
  return {
    class: input.needed("class"),
    attributes: attributesOf(context, input),
    links: linksOf(context, input),
    commitments: commitmentsOf(context, input),
  };
}

/** The attributes of `--attribute name=value`; parts of a name are split by dots: `name.zh=路灯`, `legacy.gbt2260=130100`. */
export function attributesOf(context: Context, input: Input): NonNullable<DescriptionJson["attributes"]> {
  const tree: { [name: string]: Template } = {};
  for (const text of input.texts("attribute")) {
    const [path, value] = splitPair(context, "--attribute", text, "name.zh=路灯");
    const [name = "", ...rest] = path.split(".");
    if (name === "legacy" && rest.length > 0) {
      const list = (tree["legacy"] ?? []) as Template[];
      tree["legacy"] = [...list, { scheme: rest.join("."), value }];
      continue;
    }
    if (rest.length === 0) tree[name] = value;
    else
      tree[name] = { ...(tree[name] as { [name: string]: Template } | undefined), [rest.join(".")]: value };
  }
  const attributes = coerceAttributes(tree);
  checkPlace(context, attributes["place"], tree["place"]);
  return attributes as NonNullable<DescriptionJson["attributes"]>;
}

/** A place is written in degrees here, so it is refused in degrees, and not in the ledger's units. */
function checkPlace({ say }: Context, place: Json | undefined, written: Template | undefined): void {
  const [latitude, longitude] = Array.isArray(place) ? (place as readonly number[]) : [];
  const isPlace =
    Math.abs(latitude ?? Number.NaN) <= LATITUDE_MAX_E7 &&
    Math.abs(longitude ?? Number.NaN) <= LONGITUDE_MAX_E7;
  if (place === undefined || isPlace) return;
  const expected = say("error.place.expected");
  const got = typeof written === "string" ? written : JSON.stringify(written);
  throw optionMalformed(say, {
    field: "--attribute place",
    expected,
    got,
    fix: "--attribute place=38.04,114.5",
  });
}

/** The links of `--link rel=address`. */
export function linksOf(context: Context, input: Input): NonNullable<DescriptionJson["links"]> {
  return input.texts("link").map((text) => {
    const [rel, href] = splitPair(context, "--link", text, "describedby=https://example.org/lamp/7");
    return { rel, href };
  });
}

/** The commitments of `--commitment name=digest`. */
export function commitmentsOf(context: Context, input: Input): NonNullable<DescriptionJson["commitments"]> {
  return input.texts("commitment").map((text) => {
    const [name, digest] = splitPair(context, "--commitment", text, "owner=64 hexadecimal digits");
    return { name, digest };
  });
}

/** The two sides of the first "=". */
export function splitPair({ say }: Context, field: string, text: string, example: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw optionMalformed(say, { field, expected: example, got: text });
}

/** A JSON value as the types of the SDK have it: the rules of form judge it. */
export function asJson<T>(value: T): Json {
  return value as unknown as Json;
}
