import type { CarriedJson, TextIdentificationJson } from "@cityroot/codes/carrier/carried-json";
import type { Context } from "../context.ts";
import { printable } from "../terminal/printable.ts";
import { fitLines, nearLines, wordsIn } from "./fit-lines.ts";

/** What a text is and what it carries, in lines. */
export function identificationLines(
  context: Context,
  value: string,
  { fits, nearly, carried }: TextIdentificationJson,
): readonly string[] {
  const { say } = context;
  const groups = [
    ...(carried === undefined ? [] : carriedGroups(context, carried)),
    ...(fits.length === 0 && carried === undefined
      ? [[say("identify.none", { value: printable(value) })]]
      : []),
    ...(fits.length > 0 && carried !== undefined && carried.form !== "barcode"
      ? [[say("identify.alsoWhole")]]
      : []),
    ...(fits.length > 1 ? [[say("identify.several", { count: fits.length })]] : []),
    ...fits.map((fit) => fitLines(context, fit)),
    ...nearly.map((near) => nearLines(context, near)),
  ];
  return groups.flatMap((lines, at) => (at === 0 ? lines : ["", ...lines]));
}

function carriedGroups(context: Context, carried: CarriedJson): readonly (readonly string[])[] {
  const { say, colors } = context;
  const { form, symbology, fields, values, digitalLink, doubts, fault } = carried;
  const name = say(`identify.carrier.${form}`);
  const head = symbology === undefined ? name : `${name} (${wordsIn(context, symbology.name)})`;
  const facts: (readonly [string, string])[] = [
    ...fields.map(({ name: field, label, text, meaning }): readonly [string, string] => {
      const said = text === null ? say("identify.withheld") : printable(text);
      const more = meaning === undefined ? said : `${said}  ${wordsIn(context, meaning)}`;
      return [labelOf(printable(field), printable(wordsIn(context, label))), more];
    }),
    ...(digitalLink === undefined ? [] : [["GS1 Digital Link", digitalLink] as const]),
    ...doubts.map((doubt): readonly [string, string] => [
      say("identify.doubt"),
      say("identify.why.value", doubt),
    ]),
    ...(fault === undefined ? [] : [[say("identify.why"), say("identify.why.value", fault)] as const]),
  ];
  const found = values.flatMap((value) => [
    ...value.fits.map((fit) => fitLines(context, fit)),
    ...value.nearly.map((near) => nearLines(context, near)),
  ]);
  return [[colors.bold(head), ...context.facts(facts)], ...found];
}

/** Carriers name some fields in words, and others by codes that need some. */
function labelOf(name: string, label: string): string {
  return name.toLowerCase() === label.toLowerCase() || !/[0-9]|^[A-Z]+$/.test(name)
    ? label
    : `${name}  ${label}`;
}
