import type { Formats } from "./format.ts";

/** What every page is rendered with. */
export type PageContext = {
  readonly formats: Formats;
  /** Whether the language was chosen in the address, so that links have to carry it on. */
  readonly isLanguageChosen: boolean;
  /** Addresses of this server's own files. */
  readonly files: { readonly style: string; readonly script: string };
  /** Id of the network. */
  readonly network: string;
  /** The block that the page is as of; undefined where the registry could not be read. */
  readonly asOf: { readonly height: number; readonly timeMs: number } | undefined;
  /** The page's own path, without a query. */
  readonly path: string;
  /** Parameters of the page's own address beside the language. */
  readonly query: URLSearchParams;
};

/** The address of a path of this server that stays in the chosen language. */
export function linkTo(
  context: PageContext,
  path: string,
  query: { readonly [name: string]: string } = {},
): string {
  const parameters = new URLSearchParams(query);
  if (context.isLanguageChosen) parameters.set("lang", context.formats.language);
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}
