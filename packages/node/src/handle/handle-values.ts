import type { Code } from "@cityroot/codes/ma/code";
import { attributesToJson } from "@cityroot/core/attribute/attribute";
import type { CborValue } from "@cityroot/core/cbor";
import type { Json } from "@cityroot/core/json";
import { attributesOf } from "../api/read/json.ts";
import type { IssuedStanding } from "../api/read/standing.ts";
import type { View } from "../api/read/view.ts";
import { didOfHolder } from "../did/did-url.ts";

/** A value of a handle, RFC 3651 §3.1, as the REST form of the Handle system has it. */
export type HandleValue = {
  readonly index: number;
  readonly type: string;
  readonly data: { readonly format: "string"; readonly value: string };
  /** Seconds that it may be kept. */
  readonly ttl: number;
  /** When it came to hold, to the second. */
  readonly timestamp: string;
};

/** Where the values of each kind begin, so that an index means the same for every handle. */
const INDEXES = { url: 1, code: 2, status: 3, class: 4, version: 5, holder: 6, prefix: 7 } as const;
const SUCCESSORS_AT = 10;
const LINKS_AT = 100;
const ATTRIBUTES_AT = 1_000;

/** How long values may be kept: a change on the ledger is seen everywhere after that. */
const TTL_S = 300;

/**
 * The values of the handle of a code: its page, how it stands, its links as `URL.` and their relation, its attributes as
 * `ATTRIBUTE.` and their name. There is no `HS_ADMIN`: nobody changes anything by the Handle system.
 */
export function handleValuesOf(
  view: View,
  code: Code,
  { record }: IssuedStanding,
  publicUrl: string,
): readonly HandleValue[] {
  const timestamp = `${new Date(record.since.timeMs).toISOString().slice(0, 19)}Z`;
  const textValue = (index: number, type: string, value: string): HandleValue => ({
    ...{ index, type, data: { format: "string", value }, ttl: TTL_S, timestamp },
  });
  const held = view.prefixAtOrAbove(code);
  const holder = record.holder ?? held?.holder.id;
  const successors = record.succession?.codes ?? [];
  const links = record.links as readonly (readonly CborValue[])[];
  const attributes = Object.entries(attributesToJson(attributesOf(record)));
  return [
    textValue(INDEXES.url, "URL", `${publicUrl}/${code}`),
    textValue(INDEXES.code, "CODE", code),
    textValue(INDEXES.status, "STATUS", record.status),
    textValue(INDEXES.class, "CLASS", record.class),
    textValue(INDEXES.version, "VERSION", String(record.version)),
    ...(holder === undefined
      ? []
      : [textValue(INDEXES.holder, "HOLDER", didOfHolder(view.reader.network, holder))]),
    ...(held === undefined ? [] : [textValue(INDEXES.prefix, "PREFIX", held.prefix)]),
    ...successors
      .slice(0, LINKS_AT - SUCCESSORS_AT)
      .map((successor, at) => textValue(SUCCESSORS_AT + at, "SUCCESSOR", successor)),
    ...links.map(([rel, href], at) => textValue(LINKS_AT + at, `URL.${rel as string}`, href as string)),
    ...attributes.map(([name, value], at) =>
      textValue(ATTRIBUTES_AT + at, `ATTRIBUTE.${name}`, textOf(value)),
    ),
  ];
}

/** Text stands for itself, anything else as JSON. */
function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Which values are asked for; all where nothing is named. */
export type HandleFilter = { readonly types: readonly string[]; readonly indexes: readonly number[] };

/** Values of a type or an index that is asked for. A type that ends with "." stands for all whose beginning it is. */
export function filterValues(
  values: readonly HandleValue[],
  { types, indexes }: HandleFilter,
): readonly HandleValue[] {
  if (types.length === 0 && indexes.length === 0) return values;
  return values.filter(
    ({ type, index }) =>
      indexes.includes(index) ||
      types.some((one) =>
        one.endsWith(".") ? type === one.slice(0, -1) || type.startsWith(one) : type === one,
      ),
  );
}
