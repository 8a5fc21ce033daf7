import { shorterGtinPart } from "../systems/gtin-13.ts";

/** Lengths that a trade item number of 14 digits may be written in, with fewer zeros before it. */
const SHORTER: readonly number[] = [13, 12, 8];

/**
 * The coding systems and values under which a trade item number of 14 digits may be known: itself, and without the zeros before
 * it. The shortest is the number itself; those between are ways to write it. GS1 General Specifications, 3.2.
 */
export function gtinNames(value: string): readonly { readonly system: string; readonly value: string }[] {
  const [part] = shorterGtinPart(value);
  const lengths = part === undefined ? [] : SHORTER.filter((length) => length >= part.text.length);
  return [
    { system: "gtin-14", value },
    ...lengths.map((length) => ({ system: `gtin-${length}`, value: value.slice(-length) })),
  ];
}
