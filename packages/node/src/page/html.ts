/** Markup that is safe to send: whatever was put into it has been escaped. Only {@link html} and `jsonLdScript` make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may stand in a template: text is escaped, nothing is left out, lists follow one another. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

const ESCAPES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function markupOf(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === "string") return part.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
  if (typeof part === "number") return String(part);
  if (Array.isArray(part)) return part.map(markupOf).join("");
  return "";
}

/**
 * A piece of a page. Everything that is put in is escaped for text and for quoted attributes: so attributes are always
 * quoted, and nothing is put where a name, a script or a style would stand. Line breaks between tags are taken out.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = strings[0]!.replace(INDENT, "");
  for (const [at, part] of parts.entries()) {
    markup += markupOf(part) + strings[at + 1]!.replace(INDENT, "");
  }
  return new Html(markup);
}

const INDENT = /\n\s*/g;

/** Pieces with something between them. */
export function join(parts: readonly Part[], between: Html): Html {
  return new Html(parts.map(markupOf).join(between.markup));
}
