import type { Code } from "@cityroot/codes/ma/code";
import type { Record } from "@cityroot/core/state/record";
import { ownLinks, recordedLinks } from "../linkset/code-links.ts";
import { DEFAULT_LINK, DEFAULT_LINK_MULTI } from "../linkset/relation.ts";
import type { SetLink } from "../linkset/set-link.ts";

/**
 * The links of a code to somebody who asked for it by its name of GS1. What a record links to is offered only where the authority of
 * the coding system stands for the claim that the two are one: else anybody who may issue codes could send those who scan another's product
 * wherever they like.
 *
 * There is always exactly one default link (GS1-Conformant Resolver Standard 1.2, 2.5.8): the one that the record names, of several
 * the one without type and language, and else the code's page on this server. So it is, too, for a code that is not in use.
 */
export function resolverLinks(
  base: string,
  code: Code,
  record: Record,
  isVouched: boolean,
): readonly SetLink[] {
  const own = ownLinks(base, code, record);
  const recorded = isVouched ? recordedLinks(record) : [];
  const isDefault = ({ rel }: SetLink): boolean => rel === DEFAULT_LINK || rel === DEFAULT_LINK_MULTI;
  const others = [...own, ...recorded.filter((link) => !isDefault(link))];
  const defaults = recorded.filter(isDefault);
  const inUse = record.status === "active" ? defaults : [];
  const named = nameDefault(inUse.filter(({ rel }) => rel === DEFAULT_LINK));
  const multi = inUse.filter((link) => link !== named).map((link) => ({ ...link, rel: DEFAULT_LINK_MULTI }));
  const page = own[0];
  const chosen = named ?? page;
  if (chosen === undefined) throw new Error("a code has a page");
  // A default link says nothing but its title; what it is besides, another link to the same address says.
  const plain = { ...chosen, rel: DEFAULT_LINK, type: null, languages: [], regions: [] };
  const described = new Set(others.map(({ href }) => href));
  const undescribed = defaults
    .filter(({ href }) => !described.has(href))
    .map((link) => ({ ...link, rel: "related" }));
  return [plain, ...multi, ...others, ...undescribed];
}

function nameDefault(defaults: readonly SetLink[]): SetLink | undefined {
  const [only, other] = defaults;
  if (other === undefined) return only;
  const plain = defaults.filter(({ type, languages }) => type === null && languages.length === 0);
  return plain.length === 1 ? plain[0] : undefined;
}
