import type { Context } from "../context.ts";
import { columnsOf } from "../import/template.ts";
import { optionMalformed } from "../option-malformed.ts";

/** What of a list's columns says what: templates such as `{name}`; a column's name alone stands for its value. */
export type ListMapping = {
  readonly code: string;
  /** Further codes, by their coding system. */
  readonly codes: { readonly [system: string]: string };
  /** Names, by their language, `""` where it is not said. */
  readonly names: { readonly [language: string]: string };
  readonly place: string;
  readonly latitude: string;
  readonly longitude: string;
};

/** The two lists. */
export type Side = "left" | "right";
export const SIDES = ["left", "right"] as const;

type Guess = {
  readonly field: "code" | "name" | "place" | "lat" | "lon";
  readonly columns: readonly string[];
};

/** Names that columns have in practice, the likeliest first, in lower case without spaces, `_` and `-`. */
const GUESSES: readonly Guess[] = [
  {
    field: "code",
    columns: [
      ...[
        "macode",
        "ma码",
        "code",
        "codes",
        "编码",
        "代码",
        "统一编码",
        "标识码",
        "ifopt",
        "gtin",
        "code12",
        "code6",
      ],
      ...[
        "编号",
        "id",
        "uid",
        "identifier",
        "objectid",
        "number",
        "no",
        "nr",
        "kennung",
        "schluessel",
        "schlüssel",
      ],
    ],
  },
  {
    field: "name",
    columns: [
      "name",
      "namezh",
      "nameen",
      "名称",
      "title",
      "label",
      "bezeichnung",
      "设施名称",
      "站名",
      "station",
      "stop",
    ],
  },
  {
    field: "place",
    columns: [
      "place",
      "division",
      "district",
      "county",
      "行政区划",
      "所在区县",
      "区县",
      "地区",
      "区域",
      "bezirk",
      "ort",
      "region",
      "province",
    ],
  },
  { field: "lat", columns: ["latitude", "lat", "纬度", "wgs84lat", "breitengrad", "breite", "stoplat"] },
  {
    field: "lon",
    columns: ["longitude", "lon", "lng", "long", "经度", "wgs84lon", "längengrad", "länge", "stoplon"],
  },
];

/** What the user said, over what the columns' names tell. */
export function mappingOf(
  context: Pick<Context, "say">,
  side: Side,
  settings: readonly string[],
  columns: readonly string[],
): ListMapping {
  const said = new Map(settings.map((text) => settingOf(context, side, text, columns)));
  const guess = (field: Guess["field"]): string => said.get(field) ?? guessed(field, columns);
  const names: { [language: string]: string } = {};
  const codes: { [system: string]: string } = {};
  for (const [field, template] of said) {
    const [kind, ...rest] = field.split(".");
    const tag = rest.join(".");
    if (template === "" || tag === "") continue;
    if (kind === "name") names[tag] = template;
    else codes[tag] = template;
  }
  const name = said.get("name") ?? (Object.keys(names).length > 0 ? "" : guessed("name", columns));
  if (name !== "") names[""] = name;
  const mapping: ListMapping = {
    code: guess("code"),
    codes,
    names,
    place: guess("place"),
    latitude: guess("lat"),
    longitude: guess("lon"),
  };
  if (mapping.code === "") {
    throw optionMalformed(context.say, {
      field: `--${side}-map`,
      expected: "code=COLUMN",
      got: columns.join(", ") || context.say("error.nothing"),
      fix: context.say("reconcile.map.fix", { columns: columns.join(", ") }),
    });
  }
  return mapping;
}

const FIELD =
  /^(code|name|place|lat|lon|code\.[a-z0-9][a-z0-9-]{0,63}|name\.[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3})=(.*)$/s;

function settingOf(
  { say }: Pick<Context, "say">,
  side: Side,
  text: string,
  columns: readonly string[],
): readonly [field: string, template: string] {
  const found = FIELD.exec(text);
  if (found === null) {
    throw optionMalformed(say, {
      field: `--${side}-map`,
      expected: "code=, code.SYSTEM=, name=, name.LANGUAGE=, place=, lat=, lon=",
      got: text,
    });
  }
  const [, field = "", , value = ""] = found;
  const template = value === "" || value.includes("{") ? value : `{${value}}`;
  const missing = columnsOf(template).find((column) => !columns.includes(column));
  if (missing === undefined) return [field, template];
  throw optionMalformed(say, {
    field: `--${side}-map ${field}`,
    expected: columns.join(", "),
    got: missing,
    fix: say("reconcile.map.fix", { columns: columns.join(", ") }),
  });
}

/** The template of the first column that is called like one of a field. */
function guessed(field: Guess["field"], columns: readonly string[]): string {
  const known = GUESSES.find((guess) => guess.field === field)!.columns;
  const plain = columns.map((column) =>
    column
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s_-]/g, ""),
  );
  for (const name of known) {
    const at = plain.indexOf(name);
    if (at >= 0) return `{${columns[at]}}`;
  }
  return "";
}

/** A mapping as one line for people: `code={ifopt} name={name}`. */
export function mappingText({ code, codes, names, place, latitude, longitude }: ListMapping): string {
  const parts: readonly (readonly [string, string])[] = [
    ["code", code],
    ...Object.entries(codes).map(([system, template]) => [`code.${system}`, template] as const),
    ...Object.entries(names).map(
      ([language, template]) => [language === "" ? "name" : `name.${language}`, template] as const,
    ),
    ["place", place],
    ["lat", latitude],
    ["lon", longitude],
  ];
  return parts
    .filter(([, template]) => template !== "")
    .map(([field, template]) => `${field}=${template}`)
    .join(" ");
}
