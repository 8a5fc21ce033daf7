import { decompressDigitalLink } from "../gs1/compressed-link.ts";
import { CANONICAL_STEM, type DigitalLink, parseDigitalLink, pathOf } from "../gs1/digital-link.ts";
import { parseWebAddress, splitPiece } from "../gs1/web-address.ts";
import type { Words } from "../systems/coding-system.ts";
import type { Carried, CarriedField, CarriedValue } from "./carried.ts";
import { faulty, holdsCitizen, valueIn, valuesIn } from "./carry.ts";
import { decodeText } from "./decode-text.ts";
import { carryElements } from "./from-elements.ts";

/** Hosts whose paths are values of a system, and what stands before the value. */
const RESOLVERS: readonly {
  readonly hosts: readonly string[];
  readonly before: string;
  readonly system: string;
}[] = [
  { hosts: ["doi.org", "dx.doi.org", "www.doi.org"], before: "/", system: "doi" },
  { hosts: ["hdl.handle.net"], before: "/", system: "handle" },
  { hosts: ["plus.codes", "www.plus.codes"], before: "/", system: "plus-code" },
  { hosts: ["geohash.org", "www.geohash.org"], before: "/", system: "geohash" },
  { hosts: ["oid-base.com", "oid-info.com", "www.oid-info.com"], before: "/get/", system: "oid" },
];

const LABELS: Readonly<Record<"host" | "path" | "fragment", Words>> = {
  host: { en: "Host", zh: "主机" },
  path: { en: "Path", zh: "路径" },
  fragment: { en: "Behind the number sign", zh: "井号后的部分" },
};

/** Most pieces of an address that are held against all systems. Our choice. */
const PIECES_MAX = 32;
/** How a uniform code begins, which may hold slashes as addresses do. */
const UNIFORM = "MA.";

type Piece = { readonly field: string; readonly text: string };

/**
 * Reads an address of http or https: as a GS1 Digital Link, plain or compressed; as one of a resolver whose paths are values of a
 * system; else piece by piece, where only that is told which a check character speaks for, or what has digits and takes texts of
 * one length. Nothing is fetched.
 */
export function readAddress(text: string, year?: number): Carried {
  const link = parseDigitalLink(text, year);
  if (link.ok) return carryLink(link.value);
  const address = parseWebAddress(withoutForeign(text));
  if (!address.ok) return faulty("web-address", address.fault);
  const { origin, path, query } = address.value;
  const host = origin.slice(origin.indexOf("//") + 2).replace(/:[0-9]+$/, "");
  const known = RESOLVERS.find(({ hosts, before }) => hosts.includes(host) && path.text.startsWith(before));
  if (known !== undefined) return carryKnown(known.system, host, path.text.slice(known.before.length));
  // Few texts that are not meant so can be decompressed, and those hold a right check digit.
  const packed = decompressDigitalLink(text, year);
  if (packed.ok) return carryLink(packed.value);
  const decoded = decodeText(path.text) ?? path.text;
  const hash = text.indexOf("#");
  const fragment = hash < 0 ? undefined : text.slice(hash + 1);
  const pieces = [
    ...uniformOf("path", decoded),
    ...path.text.split("/").map((segment) => ({ field: "path", text: segment })),
    ...(query === undefined ? [] : splitPiece(query, "&").flatMap((piece) => pairOf(piece.text))),
    ...(fragment === undefined
      ? []
      : [...uniformOf("fragment", fragment), { field: "fragment", text: fragment }]),
  ];
  const [uniform] = pieces.filter(({ text: piece }) => piece.startsWith(UNIFORM));
  // What stands before the first slash of a uniform code is another code, which the address does not mean.
  const meant = pieces.filter(
    ({ text: piece }) => piece === uniform?.text || !uniform?.text.startsWith(`${piece}/`),
  );
  const values = meant.slice(0, PIECES_MAX).flatMap(valuesOf);
  const texts = pieces.map(({ text: piece }) => decodeText(piece) ?? piece);
  return {
    form: "web-address",
    fields: fieldsOf(host, values),
    values,
    doubts: [],
    ...(holdsCitizen(texts) && { person: "citizen-number" }),
    // Written like a GS1 Digital Link, but for a value that is wrong.
    ...(link.fault.field.startsWith("(") && { fault: link.fault }),
  };
}

function carryLink(link: DigitalLink): Carried {
  const elements = [link.key, ...link.qualifiers, ...link.attributes];
  const isPersonal = [link.key, ...link.qualifiers].some((element) => element.isPersonal);
  const carried = carryElements(elements);
  return {
    form: "digital-link",
    fields: carried.fields,
    values: carried.values,
    ...(!isPersonal && { digitalLink: CANONICAL_STEM + pathOf(link) }),
    doubts: [],
  };
}

function carryKnown(system: string, host: string, path: string): Carried {
  const text = decodeText(path) ?? path;
  const fields = [
    { name: "host", label: LABELS.host, text: host },
    { name: "path", label: LABELS.path, text },
  ];
  return { form: "web-address", fields, values: [valueIn(system, "path", text)], doubts: [] };
}

/** Addresses as people paste them hold Chinese too, which stands escaped in real ones. A lone surrogate stays, and is refused. */
function withoutForeign(text: string): string {
  return text.replace(/[^\x21-\x7e]/gu, (character) =>
    isLone(character) ? character : encodeURIComponent(character),
  );
}

function isLone(character: string): boolean {
  return character.length === 1 && character >= "\ud800" && character <= "\udfff";
}

/** A uniform code that stands in a text, up to its end: it may hold slashes itself. */
function uniformOf(field: string, text: string): readonly Piece[] {
  const at = text.indexOf(UNIFORM);
  return at < 0 ? [] : [{ field, text: text.slice(at).replace(/\/$/, "") }];
}

function pairOf(pair: string): readonly Piece[] {
  const equals = pair.indexOf("=");
  // A query may be nothing but a code, and codes hold no equals sign.
  if (equals < 0) return [...uniformOf("query", decodeText(pair) ?? pair), { field: "query", text: pair }];
  return [{ field: pair.slice(0, equals), text: pair.slice(equals + 1).replaceAll("+", " ") }];
}

function valuesOf({ field, text: raw }: Piece, at: number, all: readonly Piece[]): readonly CarriedValue[] {
  const text = decodeText(raw) ?? raw;
  const isRepeated = all.findIndex((other) => other.text === raw) < at;
  if (text === "" || isRepeated) return [];
  return valuesIn(field, text);
}

function fieldsOf(host: string, values: readonly CarriedValue[]): readonly CarriedField[] {
  const said = values.map(({ field, text }): CarriedField => {
    const label = Object.hasOwn(LABELS, field)
      ? LABELS[field as keyof typeof LABELS]
      : { en: field, zh: field };
    return { name: field, label, text };
  });
  return [{ name: "host", label: LABELS.host, text: host }, ...said];
}
