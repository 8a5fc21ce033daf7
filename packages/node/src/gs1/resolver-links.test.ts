import type { Code } from "@cityroot/codes/ma/code";
import type { Record } from "@cityroot/core/state/record";
import { expect, test } from "vitest";
import { DEFAULT_LINK, DEFAULT_LINK_MULTI } from "../linkset/relation.ts";
import { resolverLinks } from "./resolver-links.ts";

const CODE = "MA.156.1301/60.10000000.1/000001" as Code;
const BASE = "https://id.example.cn";
type Given = readonly [rel: string, href: string, type?: string | undefined, lang?: string];
const linksOf = (status: Record["status"], isVouched: boolean, ...given: readonly Given[]) => {
  const links = given.map(([rel, href, type = null, lang = null]) => [rel, href, type, lang, null]);
  return resolverLinks(BASE, CODE, { status, links, succession: null } as unknown as Record, isVouched);
};
const of = (links: ReturnType<typeof linksOf>, relation: string) =>
  links.filter(({ rel }) => rel === relation).map(({ href }) => href);
const PAGE = `${BASE}/${CODE}`;
const A = "https://example.cn/a";
const B = "https://example.cn/b";
const C = "https://example.cn/c";

test("there is one default link: the record's, or else the page", () => {
  expect(of(linksOf("active", true), DEFAULT_LINK)).toEqual([PAGE]);
  expect(of(linksOf("active", true, ["about", A]), DEFAULT_LINK)).toEqual([PAGE]);
  expect(of(linksOf("active", true, [DEFAULT_LINK, A]), DEFAULT_LINK)).toEqual([A]);
  // Of several the one that says nothing of type and language; the others are to be chosen among.
  const several = linksOf(
    "active",
    true,
    [DEFAULT_LINK, A, "text/html"],
    [DEFAULT_LINK, B],
    [DEFAULT_LINK, C, undefined, "en"],
  );
  expect([of(several, DEFAULT_LINK), of(several, DEFAULT_LINK_MULTI)]).toEqual([[B], [A, C]]);
  const alike = linksOf("active", true, [DEFAULT_LINK, A], [DEFAULT_LINK, B]);
  expect([of(alike, DEFAULT_LINK), of(alike, DEFAULT_LINK_MULTI)]).toEqual([[PAGE], [A, B]]);
});

test("it says nothing but its title, and what it is another link says", () => {
  const links = linksOf("active", true, [DEFAULT_LINK, A, "text/html", "de-CH"]);
  expect(links[0]).toMatchObject({ rel: DEFAULT_LINK, href: A, type: null, languages: [], regions: [] });
  expect(links.filter(({ href }) => href === A).slice(1)).toMatchObject([
    { rel: "related", type: "text/html", languages: ["de-CH"], regions: ["CH"] },
  ]);
});

test.each(["suspended", "retired"] as const)(
  "a code that is %s leads to its page, and says what it linked to",
  (status) => {
    const links = linksOf(status, true, [DEFAULT_LINK, A], [DEFAULT_LINK_MULTI, B], ["about", C]);
    expect([of(links, DEFAULT_LINK), of(links, DEFAULT_LINK_MULTI)]).toEqual([[PAGE], []]);
    expect([of(links, "related"), of(links, "about")]).toEqual([[A, B], [C]]);
  },
);

test("where nobody vouches for the claim, no link leaves this server", () => {
  const links = linksOf("active", false, [DEFAULT_LINK, A], [DEFAULT_LINK_MULTI, B], ["about", C]);
  for (const { href } of links) expect(href.startsWith(BASE)).toBe(true);
});
