import type { Words } from "../systems/coding-system.ts";

/** The kind of barcode that a scanner read, as it says so itself. */
export type Symbology = {
  /** Three characters: `]`, a letter for the kind and one for how it was read. */
  readonly identifier: string;
  readonly name: Words;
};

/** Kinds of barcodes by their letter. ISO/IEC 15424, held against public lists of scanner makers. */
const KINDS: Readonly<Record<string, string>> = {
  A: "Code 39",
  C: "Code 128",
  E: "EAN/UPC",
  F: "Codabar",
  G: "Code 93",
  H: "Code 11",
  I: "Interleaved 2 of 5",
  J: "DotCode",
  K: "Code 16K",
  L: "PDF417",
  M: "MSI",
  O: "Codablock",
  Q: "QR Code",
  U: "MaxiCode",
  d: "Data Matrix",
  e: "GS1 DataBar",
  g: "Grid Matrix",
  h: "Han Xin Code",
  z: "Aztec Code",
};

/** Those that say that elements of GS1 follow. GS1 General Specifications, 7.8.2. */
const GS1: Readonly<Record<string, string>> = {
  "]C1": "GS1-128",
  "]d2": "GS1 DataMatrix",
  "]Q3": "GS1 QR Code",
  "]e0": "GS1 DataBar",
  "]J1": "GS1 DotCode",
};

/** Barcodes that hold a number of GS1 and nothing else. */
const NUMBERS: readonly string[] = ["]E0", "]E4", "]I1"];

const LENGTH = 3;

/** The symbology identifier at the beginning of a text, where there is one. */
export function symbologyOf(text: string): Symbology | undefined {
  if (!text.startsWith("]")) return undefined;
  const identifier = text.slice(0, LENGTH);
  const kind = KINDS[identifier.charAt(1)];
  if (kind === undefined || !/^\][A-Za-z][0-9A-Za-z]$/.test(identifier)) return undefined;
  const name = GS1[identifier] ?? kind;
  return { identifier, name: { en: name, zh: name === "Han Xin Code" ? "汉信码" : name } };
}

/** Whether it announces elements of GS1, or a number of it. */
export function announcesGs1({ identifier }: Symbology): boolean {
  return Object.hasOwn(GS1, identifier) || NUMBERS.includes(identifier);
}
