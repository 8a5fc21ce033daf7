import type { Json } from "@cityroot/core/json";
import { Html } from "./html.ts";

const ESCAPES: { readonly [character: string]: string } = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * A block of data in a page: JSON-LD, which browsers do not run. All that could end the block, begin a comment or be taken for an
 * entity stands escaped, which JSON reads as the same.
 */
export function jsonLdScript(value: Json): Html {
  const text = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? "");
  return new Html(`<script type="application/ld+json">${text}</script>`);
}
