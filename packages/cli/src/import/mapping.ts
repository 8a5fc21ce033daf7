import { isJsonObject, type Json } from "@cityroot/core/json";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import { readJsonFile } from "../registry/read-json.ts";
import { headerDoubt } from "./table-form.ts";
import { columnsOf, type Template } from "./template.ts";

/** What becomes of the rows of a table, as in data/starter.json. `{column}` stands for a value of the row. */
export type Mapping = {
  readonly class: string;
  readonly code: string;
  readonly attributes: { readonly [name: string]: Template };
  /** Links: objects of rel and href, and type, lang and title where wanted. */
  readonly links: readonly { readonly [name: string]: Template }[];
  /** Only rows that hold exactly these values are taken. */
  readonly filters: { readonly [column: string]: string };
  /** Further columns: the value of `from` without the text `trimEnd` at its end, however often it stands there. */
  readonly computed: { readonly [column: string]: { readonly from: string; readonly trimEnd: string } };
  /** Whether spaces at the ends of values are left out; else a text with one is refused. */
  readonly trim: boolean;
};

/** Options that say how rows become codes. */
export const MAP_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--map <file|name=template>", text: "option.map", repeats: true },
  { flags: "--trim", text: "option.trim" },
];

/** The mapping of a file, with what the other `--map` options say over it. */
export function readMapping(context: Context, input: Input): Mapping {
  const { say, io } = context;
  let json: { readonly [name: string]: Json } = {};
  const settings: (readonly [string, string])[] = [];
  for (const text of input.texts("map")) {
    const setting = /^([A-Za-z][A-Za-z0-9.-]*)=(.*)$/s.exec(text);
    if (setting !== null) {
      settings.push([setting[1]!, setting[2]!]);
      continue;
    }
    const file = readJsonFile(pathFrom(io.workingFolder, text), "--map", say);
    if (!isJsonObject(file)) throw malformed(context, "mapping", say("error.object"), typeof file);
    json = { ...json, ...file };
  }
  const read = mappingOf(context, json);
  const mapping = input.flag("trim") ? { ...read, trim: true } : read;
  return settings.reduce((made, [name, template]) => withSetting(context, made, name, template), mapping);
}

/** Reads a mapping of its JSON form. Members that say whence a table came are passed over. */
export function mappingOf(context: Pick<Context, "say">, json: { readonly [name: string]: Json }): Mapping {
  const {
    class: name = "",
    code = "",
    attributes = {},
    links = [],
    filters = {},
    computed = {},
    trim = false,
  } = json;
  const { say } = context;
  if (typeof name !== "string") throw malformed(context, "class", say("error.text"), typeof name);
  if (typeof code !== "string") throw malformed(context, "code", say("error.text"), typeof code);
  if (!isTemplate(attributes) || !isJsonObject(attributes)) {
    throw malformed(context, "attributes", say("error.template"), JSON.stringify(attributes));
  }
  if (
    !Array.isArray(links) ||
    !links.every((link) => isJsonObject(link as Json) && isTemplate(link as Json))
  ) {
    throw malformed(context, "links", say("error.template"), JSON.stringify(links));
  }
  if (!isJsonObject(filters) || !Object.values(filters).every((value) => typeof value === "string")) {
    throw malformed(context, "filters", say("error.object"), JSON.stringify(filters));
  }
  if (!isJsonObject(computed) || !Object.values(computed).every(isTrim)) {
    throw malformed(
      context,
      "computed",
      '{"name": {"from": "column", "trimEnd": "00"}}',
      JSON.stringify(computed),
    );
  }
  if (typeof trim !== "boolean") throw malformed(context, "trim", "true, false", JSON.stringify(trim));
  return {
    trim,
    class: name,
    code,
    attributes: attributes as Mapping["attributes"],
    links: links as unknown as Mapping["links"],
    filters: filters as Mapping["filters"],
    computed: computed as unknown as Mapping["computed"],
  };
}

/** Refuses a mapping that lacks the code or the class, or names columns that the table has not. */
export function checkMapping(
  context: Pick<Context, "say">,
  mapping: Mapping,
  columns: readonly string[],
): void {
  const { say } = context;
  for (const field of ["code", "class"] as const) {
    if (mapping[field] === "")
      throw malformed(context, `map ${field}`, say("error.template"), say("error.nothing"));
  }
  const used = [
    ...columnsOf(mapping.code),
    ...columnsOf(mapping.class),
    ...columnsOf(mapping.attributes),
    ...columnsOf(mapping.links),
    ...Object.keys(mapping.filters),
  ].filter((column) => !Object.hasOwn(mapping.computed, column));
  const sources = Object.values(mapping.computed).map(({ from }) => from);
  const missing = [...used, ...sources].find((column) => !columns.includes(column));
  if (missing === undefined) return;
  throw new CommandFailure({
    code: "MAPPING_MALFORMED",
    exit: "usage",
    detail: say("error.mapColumn", { column: missing }),
    field: `{${missing}}`,
    expected: columns.join(", "),
    got: missing,
    fix: headerDoubt(say, columns) ?? say("error.mapColumn.fix"),
  });
}

function withSetting(context: Context, mapping: Mapping, name: string, template: string): Mapping {
  if (name === "code" || name === "class") return { ...mapping, [name]: template };
  const [first = "", ...rest] = name.replace(/^attributes\./, "").split(".");
  if (first === "links" && rest.length > 0) {
    return { ...mapping, links: [...mapping.links, { rel: rest.join("."), href: template }] };
  }
  if (first === "legacy" && rest.length > 0) {
    const known = (mapping.attributes["legacy"] ?? []) as Template;
    const list = Array.isArray(known) ? (known as readonly Template[]) : [known];
    const legacy = [...list, { scheme: rest.join("."), value: template }];
    return { ...mapping, attributes: { ...mapping.attributes, legacy } };
  }
  if (first === "") throw malformed(context, "--map", "name.zh={column}", name);
  if (rest.length === 0) return { ...mapping, attributes: { ...mapping.attributes, [first]: template } };
  const group = mapping.attributes[first];
  const old =
    typeof group === "object" && !Array.isArray(group)
      ? (group as { readonly [name: string]: Template })
      : {};
  const attributes = { ...mapping.attributes, [first]: { ...old, [rest.join(".")]: template } };
  return { ...mapping, attributes };
}

function isTemplate(value: Json): boolean {
  if (typeof value === "string") return true;
  if (Array.isArray(value)) return value.every((part) => isTemplate(part as Json));
  return isJsonObject(value) && Object.values(value).every(isTemplate);
}

function isTrim(value: Json): boolean {
  return (
    isJsonObject(value) &&
    typeof value["from"] === "string" &&
    typeof value["trimEnd"] === "string" &&
    value["trimEnd"] !== ""
  );
}

function malformed(
  { say }: Pick<Context, "say">,
  field: string,
  expected: string,
  got: string,
): CommandFailure {
  return new CommandFailure({
    code: "MAPPING_MALFORMED",
    exit: "usage",
    detail: say("error.malformed", { field, expected, got }),
    field,
    expected,
    got,
    fix: say("error.mapping.fix"),
  });
}
