import type { DigitalLink } from "@cityroot/codes/gs1/digital-link";
import { pathOf } from "@cityroot/codes/gs1/digital-link";
import type { Code } from "@cityroot/codes/ma/code";
import { findPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "@cityroot/core/attribute/personal-number";
import { levelsOf } from "../gs1/digital-link-levels.ts";
import { type Found, type FoundThing, findThings } from "../gs1/find-things.ts";
import { passQuery } from "../gs1/pass-query.ts";
import { resolverLinks } from "../gs1/resolver-links.ts";
import { chooseLinks } from "../linkset/choose-link.ts";
import { calledOf } from "../linkset/code-links.ts";
import { LINK_TO_CONTEXT, LINKSET_CONTEXT, linkToLinkset } from "../linkset/link-header.ts";
import { printGs1Linkset, printLinksetText } from "../linkset/print-linkset.ts";
import { DEFAULT_LINK, DEFAULT_LINK_MULTI } from "../linkset/relation.ts";
import type { LinkContext, SetLink } from "../linkset/set-link.ts";
import { type DigitalLinkPageKind, renderDigitalLinkPage } from "../page/digital-link-page.ts";
import { LANGUAGES } from "../page/language.ts";
import { type Answer, answerProblem, MEDIA } from "./answer.ts";
import { answerUnissued, isIssued } from "./code-answer.ts";
import { answerCodePage, type PageParts } from "./code-page-answer.ts";
import {
  answerNoLink,
  type LinkQuestion,
  linkQuestionOf,
  linksAsked,
  redirectTo,
  VARY_BY_WISH,
} from "./linkset.ts";
import { preferredLanguage, preferredType } from "./negotiate.ts";
import { answerPage, type PageRequest, pageContextOf } from "./page-request.ts";
import { makeProblem, type Problem } from "./problem.ts";
import { type IssuedStanding, readStanding } from "./read/standing.ts";
import type { View } from "./read/view.ts";
import { dayOf } from "./route/aliases.ts";

/** A request for what GS1 names, read. */
export type DigitalLinkRequest = {
  readonly page: PageRequest;
  /** Where this server is reached, such as `https://id.example.cn`. */
  readonly base: string;
  readonly link: DigitalLink;
  readonly isCompressed: boolean;
};

type Thing = FoundThing & { readonly standing: IssuedStanding };

/** Answers for what an address of GS1 names: leads to a link of its code's record, or gives them all. Spec: api.md, GS1. */
export function answerDigitalLink(parts: PageParts, request: DigitalLinkRequest, view: View): Answer {
  if (namesPerson(request.link)) return answerPerson(view, request.link.key.ai);
  const found = findThings(view, levelsOf(request.link), dayOf(parts.context.clock()));
  const answer =
    found.kind === "things"
      ? answerThings(parts, request, view, found.things)
      : answerNoThing(parts, request, view, found);
  return { ...answer, headers: { ...answer.headers, link: linkHeader(request, answer.headers?.["link"]) } };
}

/** Whether an address names a person: by its key, or by the number of a citizen in any of its values. */
export function namesPerson({ key, qualifiers, attributes }: DigitalLink): boolean {
  return (
    [key, ...qualifiers].some(({ isPersonal }) => isPersonal) ||
    [key, ...qualifiers, ...attributes].some(
      ({ value }) => findPersonalNumber(value, PERSONAL_NUMBER_KINDS_IN_CODES) !== undefined,
    )
  );
}

/** That a key names persons, without its value. */
export function answerPerson({ head }: View, ai: string): Answer {
  return answerProblem(
    makeProblem("PERSONAL_NUMBER", `(${ai}): a number of a person is not looked up`),
    head,
  );
}

/** The links that every answer about an address has. */
export function linkHeader(
  { base, link, isCompressed }: Omit<DigitalLinkRequest, "page">,
  more?: string,
): string {
  const plain = base + pathOf(link);
  return [
    linkToLinkset(`${plain}?linkType=linkset`),
    ...(isCompressed ? [`<${plain}>; rel="owl:sameAs"`] : []),
    ...(more === undefined ? [] : [more]),
  ].join(", ");
}

function answerThings(
  parts: PageParts,
  request: DigitalLinkRequest,
  view: View,
  [finest, ...others]: readonly [FoundThing, ...FoundThing[]],
): Answer {
  const standing = readStanding(view, finest.code);
  if (!isIssued(standing)) return answerUnissued(view, finest.code, standing);
  const things = [{ ...finest, standing }, ...others.flatMap((thing) => issuedThing(view, thing))];
  const contexts = things.map((thing, at) => contextOf(request.base, thing, at > 0));
  const question = linkQuestionOf(request.page);
  const isRetired = standing.record.status === "retired";
  const type = wantedForm(question);
  if (type === "text/html" || (isRetired && type === undefined && wantsPage(question))) {
    return answerCodePage(parts, request.page, view, finest.code, standing);
  }
  if (type !== undefined || isRetired) {
    return answerSet(view, contexts, type ?? MEDIA.linkset, isRetired ? 410 : 200, request);
  }
  const [first] = contexts;
  if (question.linkType !== undefined)
    return answerAsked(request, view, contexts, question.linkType, question);
  const target = defaultOf(first?.links ?? [], question);
  return redirectTo(view, passQuery(target.href, request.link));
}

function issuedThing(view: View, thing: FoundThing): readonly Thing[] {
  const standing = readStanding(view, thing.code);
  return isIssued(standing) ? [{ ...thing, standing }] : [];
}

/** The coarser things of an address have no say in where it leads: what chooses among their defaults is not of it. */
function contextOf(
  base: string,
  { path, code, isVouched, standing }: Thing,
  isCoarser: boolean,
): LinkContext {
  const { record } = standing;
  const links = resolverLinks(base, code, record, isVouched);
  return {
    anchor: base + path,
    called: calledOf(code, record),
    links: isCoarser ? links.filter(({ rel }) => rel !== DEFAULT_LINK_MULTI) : links,
  };
}

/** In which form the whole set is wanted, or the page of people who want it; undefined where one link is. */
function wantedForm({ isWhole, accept }: LinkQuestion): string | undefined {
  const forms = [MEDIA.linkset, MEDIA.linksetText];
  if (isWhole) {
    const whole = [...forms, "application/json", MEDIA.jsonLd, "text/html"];
    return preferredType(accept, whole) ?? MEDIA.linkset;
  }
  const preferred = preferredType(accept, ["text/html", ...forms]);
  return preferred === "text/html" ? undefined : preferred;
}

function wantsPage({ accept }: { readonly accept: string | undefined }): boolean {
  return (accept ?? "").includes("text/html");
}

/** The one link that a request without a wish for a relation is led to: of several defaults the one that it likes best, if one is. */
function defaultOf(links: readonly SetLink[], question: LinkQuestion): SetLink {
  const multi = chooseLinks(
    links.filter(({ rel }) => rel === DEFAULT_LINK_MULTI),
    question,
  );
  const [only, other] = multi;
  if (only !== undefined && other === undefined) return only;
  const found = links.find(({ rel }) => rel === DEFAULT_LINK);
  if (found === undefined) throw new Error("every thing has a default link");
  return found;
}

function answerAsked(
  request: DigitalLinkRequest,
  view: View,
  contexts: readonly LinkContext[],
  linkType: string,
  question: LinkQuestion,
): Answer {
  const chosen = chooseLinks(linksAsked(contexts, linkType), question);
  const [only, other] = chosen;
  if (only === undefined) return answerNoLink(view, contexts, linkType);
  if (other === undefined) return redirectTo(view, passQuery(only.href, request.link));
  const context = contexts.find(({ links }) => links.includes(only));
  return answerSet(
    view,
    context === undefined ? [] : [{ ...context, links: chosen }],
    MEDIA.linkset,
    300,
    request,
  );
}

function answerSet(
  view: View,
  contexts: readonly LinkContext[],
  type: string,
  status: number,
  { page }: DigitalLinkRequest,
): Answer {
  const language = preferredLanguage(page.acceptLanguage, LANGUAGES);
  const set = printGs1Linkset(contexts, language) as { readonly linkset: [] };
  const isText = type === MEDIA.linksetText;
  const json = type === MEDIA.jsonLd ? { "@context": LINKSET_CONTEXT, ...set } : set;
  return {
    status,
    type: type === "application/json" ? MEDIA.json : type,
    // As bytes: the type has no charset, which the router would add to text.
    body: Buffer.from(isText ? printLinksetText(contexts) : JSON.stringify(json)),
    caching: "never",
    head: view.head,
    headers: { vary: VARY_BY_WISH, ...(!isText && { link: LINK_TO_CONTEXT }) },
  };
}

const NO_THING: { readonly [kind in DigitalLinkPageKind]: (path: string) => Problem } = {
  none: () =>
    makeProblem(
      "DIGITAL_LINK_UNKNOWN",
      "nobody claims on this ledger that what the address names is any code",
    ),
  ended: (path) => makeProblem("DIGITAL_LINK_ENDED", `${path} was a code on other days and is none today`),
  conflict: (path) => makeProblem("DIGITAL_LINK_UNKNOWN", `${path} is claimed to be different codes`),
};

/** Nothing is chosen: a conflict is 300 with all that it may be, what ended 410 with what it was, the unknown 404. */
function answerNoThing(
  { context, assets }: PageParts,
  request: DigitalLinkRequest,
  view: View,
  found: Exclude<Found, { kind: "things" }>,
): Answer {
  const codes = found.kind === "none" ? [] : found.codes;
  const path = found.kind === "none" ? pathOf(request.link) : found.path;
  const status = found.kind === "conflict" ? 300 : NO_THING[found.kind](path).status;
  if (wantsPage(request.page) && wantedForm(linkQuestionOf(request.page)) !== MEDIA.linkset) {
    const page = pageContextOf(request.page, assets, context.reader.network.id, view.head);
    const named = codes.map((code) => ({ code, name: nameOf(view, code) }));
    return answerPage(
      page,
      assets,
      renderDigitalLinkPage(page, { kind: found.kind, path, codes: named }),
      status,
      view.head,
    );
  }
  if (found.kind !== "conflict") return answerProblem(NO_THING[found.kind](path), view.head, { codes });
  const links = codes.map((code): SetLink => {
    const title = nameOf(view, code) ?? [["und", code]];
    return {
      rel: "related",
      href: `${request.base}/${code}`,
      type: "text/html",
      languages: [],
      regions: [],
      title,
    };
  });
  const why =
    codes.length > 0 ? NO_THING.conflict(path).detail : `more is claimed of ${path} than is weighed`;
  const called = [["en", why]] as const;
  return answerSet(view, [{ anchor: request.base + path, called, links }], MEDIA.linkset, status, request);
}

function nameOf(view: View, code: Code): LinkContext["called"] | undefined {
  const standing = readStanding(view, code);
  return isIssued(standing) ? calledOf(code, standing.record) : undefined;
}
