import type { CodeParts } from "@cityroot/codes/ma/code";

/** What class codes have, by use, category and model: `60.10000000` -> `street-lamp`; the empty text is any code. */
export type Classes = ReadonlyMap<string, string>;

const FORM = /^(?:([0-9]{2}(?:\.[0-9]{8}(?:\.[0-9A-Za-z_-]{1,32})?)?)=)?([a-z][a-z0-9-]{0,31})$/;

/** Reads `street-lamp`, `60=asset`, `60.10000000=street-lamp`; gives the text that is none of these. */
export function classesOf(texts: readonly string[]): Classes | { readonly malformed: string } {
  const classes = new Map<string, string>();
  for (const text of texts) {
    const match = FORM.exec(text);
    if (match === null) return { malformed: text };
    classes.set(match[1] ?? "", match[2]!);
  }
  return classes;
}

/** The class of a code: what was said of the most of its object's nodes. */
export function classOf(classes: Classes, { object }: CodeParts): string | undefined {
  for (let nodes = object.length; nodes >= 0; nodes--) {
    const found = classes.get(object.slice(0, nodes).join("."));
    if (found !== undefined) return found;
  }
  return undefined;
}
