import { fault } from "@cityroot/codes/fault";
import type { Code } from "@cityroot/codes/ma/code";
import { chooseLinks, type Wish } from "../linkset/choose-link.ts";
import { calledOf, ownLinks, recordedLinks } from "../linkset/code-links.ts";
import { LINK_TO_CONTEXT, linkToLinkset } from "../linkset/link-header.ts";
import { printLinkset, printLinksetText } from "../linkset/print-linkset.ts";
import { relationsMeant } from "../linkset/relation.ts";
import type { LinkContext, SetLink } from "../linkset/set-link.ts";
import { type Answer, answerProblem, MEDIA } from "./answer.ts";
import type { PageRequest } from "./page-request.ts";
import { makeProblem } from "./problem.ts";
import type { IssuedStanding } from "./read/standing.ts";
import type { View } from "./read/view.ts";

/** Values of `linkType` that ask for the link set itself: of today and of earlier versions of the standards. */
const WHOLE_SET: readonly string[] = ["linkset", "all"];

/** What a request says about links: the relation that it asks for, and whether it asks for the whole set. */
export type LinkQuestion = Wish & { readonly linkType: string | undefined; readonly isWhole: boolean };

/** Reads it. */
export function linkQuestionOf({ query, accept, acceptLanguage }: PageRequest): LinkQuestion {
  // The standards write `linkType`, and people write it as they like.
  const linkType = query.get("linkType") || query.get("linktype") || undefined;
  const region = query.get("context")?.toUpperCase();
  const isWhole = linkType !== undefined && WHOLE_SET.includes(linkType.toLowerCase());
  return { linkType, isWhole, accept, acceptLanguage, region };
}

/** The links of a record, with what this server itself says of the code. */
export function linksOfCode(
  base: string,
  code: Code,
  { record }: Pick<IssuedStanding, "record">,
): LinkContext {
  const links = [...ownLinks(base, code, record), ...recordedLinks(record)];
  return { anchor: `${base}/${code}`, called: calledOf(code, record), links };
}

/** Where the link set of a code is, beside its page: for every answer about it. RFC 9264 §6. */
export function linkHeaderOf(base: string, code: Code): string {
  return linkToLinkset(`${base}/${code}?linkType=linkset`);
}

/** The links of a code as a link set, RFC 9264, in JSON or in the form of headers. */
export function answerLinkset(
  view: View,
  base: string,
  code: Code,
  standing: IssuedStanding,
  type: string,
): Answer {
  const contexts = [linksOfCode(base, code, standing)];
  const isText = type === MEDIA.linksetText;
  const text = isText ? printLinksetText(contexts) : JSON.stringify(printLinkset(contexts));
  return {
    status: standing.record.status === "retired" ? 410 : 200,
    type: isText ? MEDIA.linksetText : type === "application/json" ? MEDIA.json : MEDIA.linkset,
    // As bytes: the type has no charset, which the router would add to text.
    body: Buffer.from(text),
    caching: "never",
    head: view.head,
    headers: {
      vary: "accept",
      link: isText ? linkHeaderOf(base, code) : `${linkHeaderOf(base, code)}, ${LINK_TO_CONTEXT}`,
    },
  };
}

/** The links of a relation that is asked for, of the first thing that has some. */
export function linksAsked(contexts: readonly LinkContext[], linkType: string): readonly SetLink[] {
  const meant = relationsMeant(linkType);
  for (const { links } of contexts) {
    for (const relation of meant) {
      const found = links.filter(({ rel }) => rel === relation);
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** Leads to the link that a request likes best of those of a relation. 300 where nothing tells them apart, 404 where there is none. */
export function answerLinkType(
  view: View,
  base: string,
  code: Code,
  standing: IssuedStanding,
  question: LinkQuestion & { readonly linkType: string },
): Answer {
  const context = linksOfCode(base, code, standing);
  const chosen = chooseLinks(linksAsked([context], question.linkType), question);
  const link = linkHeaderOf(base, code);
  const [only, other] = chosen;
  if (only === undefined) {
    const answer = answerNoLink(view, [context], question.linkType);
    return { ...answer, headers: { ...answer.headers, link } };
  }
  if (other === undefined) return redirectTo(view, only.href, link);
  const body = Buffer.from(JSON.stringify(printLinkset([{ ...context, links: chosen }])));
  const headers = { link, vary: VARY_BY_WISH };
  return { status: 300, type: MEDIA.linkset, body, caching: "never", head: view.head, headers };
}

/** Headers by which a choice among links differs. */
export const VARY_BY_WISH = "accept, accept-language";

/** To an address that the record or this server named. */
export function redirectTo({ head }: View, location: string, link?: string): Answer {
  const headers = { location, vary: VARY_BY_WISH, ...(link !== undefined && { link }) };
  return { status: 307, type: MEDIA.text, body: "", caching: "never", head, headers };
}

/** That there is no link of a relation, and of which there are some. */
export function answerNoLink({ head }: View, contexts: readonly LinkContext[], linkType: string): Answer {
  const available = [...new Set(contexts.flatMap(({ links }) => links.map(({ rel }) => rel)))];
  const problem = makeProblem(
    "LINK_NOT_FOUND",
    "the code has no link of this type",
    fault({ field: "linkType", expected: `one of ${available.join(", ")}`, got: linkType }),
  );
  const answer = answerProblem(problem, head);
  return { ...answer, headers: { ...answer.headers, vary: VARY_BY_WISH } };
}
