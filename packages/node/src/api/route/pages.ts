import type { Fault } from "@cityroot/codes/fault";
import { type Code, parseCode } from "@cityroot/codes/ma/code";
import { codeFromPath } from "@cityroot/codes/ma/url";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { DID_MEDIA } from "../../did/did-media.ts";
import { didOfCode, didOfHolder } from "../../did/did-url.ts";
import { looksCompressed } from "../../gs1/read-address.ts";
import { renderFederatedPage } from "../../page/federated-page.ts";
import { renderHomePage } from "../../page/home-page.ts";
import { renderMalformedPage } from "../../page/malformed-page.ts";
import { renderNeverIssuedPage } from "../../page/never-issued-page.ts";
import { linkTo } from "../../page/page-context.ts";
import { renderNotFoundPage, renderUnavailablePage } from "../../page/plain-page.ts";
import { type Answer, answerProblem, MEDIA } from "../answer.ts";
import { readWithItems } from "../bring-items.ts";
import { answerCode, answerProof, answerUnissued, isIssued } from "../code-answer.ts";
import { answerCodePage, type PageParts } from "../code-page-answer.ts";
import type { ApiRoute } from "../context.ts";
import { problemOfFailure } from "../failure.ts";
import { answerLinkset, answerLinkType, linkHeaderOf, linkQuestionOf } from "../linkset.ts";
import { preferredType } from "../negotiate.ts";
import { readDescent, readExamples, readLinkedData, readNeverIssuedPage } from "../page-data.ts";
import { answerPage, type PageRequest, pageContextOf, questionOf, readPageRequest } from "../page-request.ts";
import { kindOfProblem, makeProblem, problemOfCode } from "../problem.ts";
import { readStanding } from "../read/standing.ts";
import { ItemsMissingError, type View } from "../read/view.ts";
import { CODE_IN_PATH, splitTarget } from "../schema/parameters.ts";
import { looksLikeCode, readTyped } from "../typed-code.ts";
import { answerCompressed, preflightOf } from "./digital-links.ts";
import { IDENTIFIERS_PATH } from "./identifiers.ts";
import { problemResponses } from "./responses.ts";

const DID_TYPES: readonly string[] = [DID_MEDIA.did, DID_MEDIA.jsonLd, DID_MEDIA.json, DID_MEDIA.resolution];
const SET_TYPES: readonly string[] = [MEDIA.linkset, MEDIA.linksetText];
const OFFERED = ["text/html", "application/json", MEDIA.proof, ...SET_TYPES, MEDIA.jsonLd, ...DID_TYPES];

/** `GET /` and `GET /{code}`. */
export function pageRoutes(parts: PageParts): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/",
      schema: {
        operationId: "getStartPage",
        tags: ["page"],
        summary: "The start page; with `q`, the page of the code that was meant",
        querystring: Type.Object({ q: Type.Optional(Type.String()), lang: Type.Optional(Type.String()) }),
        response: {
          200: { description: "The page.", content: { "text/html": { schema: {} } } },
          303: { description: "To the page of the code.", content: { "text/html": { schema: {} } } },
          400: {
            description: "No code can be read from the text.",
            content: { "text/html": { schema: {} } },
          },
        },
      },
      answer: (request) => guard(parts, readPageRequest(request), answerStart),
    },
    {
      method: "GET",
      path: "/*",
      rest: "code",
      schema: {
        operationId: "getPage",
        tags: ["page"],
        summary: "A code for people or programs, by what is asked for",
        description:
          "A page (`text/html`), the answer of `/v1/codes` (`application/json`), the proof, a link set (RFC 9264), or JSON-LD in terms of schema.org; with `linkType`, one of its links. Asked for a DID document, it leads to that of the organisation that holds the code, where the code is a prefix, or else to the code's own.",
        params: CODE_IN_PATH,
        querystring: Type.Object({
          lang: Type.Optional(Type.String({ description: "Language of the page: zh or en." })),
          version: Type.Optional(Type.String({ description: "Show this version." })),
          linkType: Type.Optional(
            Type.String({ description: "Lead to the link of this relation; or `linkset` for all of them." }),
          ),
          context: Type.Optional(Type.String({ description: "The region that a link is to be for." })),
        }),
        response: {
          200: contentOf("The code is in use."),
          300: contentOf("The code has several such links, and nothing tells them apart."),
          303: {
            description: "To the page of the code as it stands, or to the DID that was asked for.",
            content: { "text/plain": { schema: {} } },
          },
          307: {
            description: "To the link that was asked for.",
            content: { "text/plain": { schema: {} } },
          },
          410: contentOf("The code has been retired; its successors are named."),
          ...problemResponses("CODE_MALFORMED", "CODE_NEVER_ISSUED", "LINK_NOT_FOUND", "SERVED_ELSEWHERE"),
        },
      },
      answer: (request) => {
        const page = readPageRequest(request);
        return guard(parts, page, (_, __, view) => answerPath(parts, request, page, view));
      },
      preflight: (request) => preflightOfPage(parts, request),
    },
  ];
}

function contentOf(description: string): object {
  return {
    description,
    content: {
      "text/html": { schema: {} },
      "application/json": { schema: Type.Union([Type.Ref("CodeAnswer"), Type.Ref("Linkset")]) },
      [MEDIA.proof]: { schema: {} },
      [MEDIA.linkset]: { schema: Type.Ref("Linkset") },
      [MEDIA.linksetText]: { schema: {} },
      [MEDIA.jsonLd]: { schema: {} },
    },
  };
}

type Answering = (parts: PageParts, request: PageRequest, view: View) => Answer;

/** Answers with a page, also where the registry cannot be read. */
async function guard(parts: PageParts, request: PageRequest, answer: Answering): Promise<Answer> {
  const { context, assets } = parts;
  try {
    return await readWithItems(context.payloads, () => answer(parts, request, context.view()));
  } catch (error) {
    const problem = problemOfFailure(error, context.logger);
    if (preferredType(request.accept, OFFERED) !== "text/html") return answerProblem(problem);
    const page = pageContextOf(request, assets, context.reader.network.id, undefined);
    const why = error instanceof ItemsMissingError ? "items" : "store";
    return answerPage(page, assets, renderUnavailablePage(page, why), problem.status, undefined);
  }
}

function answerStart(parts: PageParts, request: PageRequest, view: View): Answer {
  const { context, assets } = parts;
  const page = pageContextOf(request, assets, context.reader.network.id, view.head);
  const typed = request.query.get("q") ?? "";
  const read = typed === "" ? undefined : readTyped(typed);
  switch (read?.kind) {
    case "code":
      return redirect(linkTo(page, `/${read.code}`));
    case "meant":
      return redirect(linkTo(page, `/${read.code}`, { typed }));
    case "malformed":
      return answerMalformed(parts, request, view, typed.trim(), read.fault);
    default: {
      const data = {
        examples: readExamples(view),
        policy: context.reader.policy,
        unread: read === undefined ? undefined : typed,
      };
      return answerPage(page, assets, renderHomePage(page, data), read === undefined ? 200 : 400, view.head);
    }
  }
}

function redirect(location: string): Answer {
  return { status: 303, type: MEDIA.text, body: "", caching: "never", headers: { location }, isPage: true };
}

function answerPath(parts: PageParts, raw: FastifyRequest, request: PageRequest, view: View): Answer {
  const code = codeFromPath(request.path);
  if (code.ok) return answerCodePath(parts, request, view, code.value);
  const compressed = answerCompressed(parts, raw, request);
  if (compressed !== undefined) return compressed;
  const typed = decodeLoosely(request.path.slice(1));
  const wantsPage = (request.accept ?? "").includes("text/html");
  if (looksLikeCode(typed)) {
    const read = parseCode(typed);
    if (!wantsPage) return answerProblem(problemOfCode(read.ok ? code.fault : read.fault), view.head);
    return answerMalformed(parts, request, view, typed, read.ok ? code.fault : read.fault);
  }
  if (!wantsPage) return answerProblem(makeProblem("NOT_FOUND", "nothing has this address"));
  const page = pageContextOf(request, parts.assets, parts.context.reader.network.id, view.head);
  return answerPage(page, parts.assets, renderNotFoundPage(page), 404, view.head);
}

function preflightOfPage(
  { context }: PageParts,
  request: FastifyRequest,
): { readonly [name: string]: string } {
  const { path } = splitTarget(request.raw.url ?? "/");
  const code = codeFromPath(path);
  if (code.ok) return { link: linkHeaderOf(context.publicUrl, code.value) };
  return looksCompressed(path) ? preflightOf(context, request) : {};
}

/** A path without its escapes, or as it came where they cannot be read. */
function decodeLoosely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function answerCodePath(parts: PageParts, request: PageRequest, view: View, code: Code): Answer {
  const { context, assets } = parts;
  const question = questionOf(request, code);
  const asked = question.asOf === undefined ? {} : { asOf: question.asOf };
  const type = typeWanted(request);
  if (type === MEDIA.proof) return { ...answerProof(view, code, asked), headers: { vary: "accept" } };
  const standing = readStanding(view, code, question.asOf);
  const base = context.publicUrl;
  const link = linkHeaderOf(base, code);
  const links = linkQuestionOf(request);
  if (links.linkType !== undefined && !links.isWhole) {
    if (!isIssued(standing)) return answerUnissued(view, code, standing);
    return answerLinkType(view, base, code, standing, { ...links, linkType: links.linkType });
  }
  if (links.isWhole ? type !== "text/html" : SET_TYPES.includes(type)) {
    if (!isIssued(standing)) return answerUnissued(view, code, standing);
    return answerLinkset(view, base, code, standing, type);
  }
  if (type === "application/json") {
    const answer = answerCode(view, context.clock(), code, asked);
    const isRetired = isIssued(standing) && standing.record.status === "retired";
    return { ...answer, status: isRetired ? 410 : answer.status, headers: { vary: "accept", link } };
  }
  if (type === MEDIA.jsonLd) {
    if (!isIssued(standing)) return answerUnissued(view, code, standing);
    const body = Buffer.from(JSON.stringify(readLinkedData(view, base, code, standing)));
    const status = standing.record.status === "retired" ? 410 : 200;
    return { status, type, body, caching: "never", head: view.head, headers: { vary: "accept", link } };
  }
  if (DID_TYPES.includes(type)) {
    return isIssued(standing) ? redirectToDid(view, code) : answerUnissued(view, code, standing);
  }
  if (isIssued(standing)) {
    const answer = answerCodePage(parts, request, view, code, standing);
    return { ...answer, headers: { ...answer.headers, link } };
  }
  const page = pageContextOf(request, assets, context.reader.network.id, view.head);
  if (standing.kind === "federated") {
    const descent = readDescent(view, code);
    const markup = renderFederatedPage(page, { code, referral: standing, descent, typed: question.typed });
    return answerPage(page, assets, markup, kindOfProblem("SERVED_ELSEWHERE").status, view.head);
  }
  // A moment that lies ahead, or before the code was issued, is not what this address is about: it shows the present.
  if (standing.kind !== "never-issued") return redirect(linkTo(page, `/${code}`));
  const data = readNeverIssuedPage(view, code, question.typed);
  return answerPage(page, assets, renderNeverIssuedPage(page, data), 404, view.head);
}

/** In which form an answer about a code is wanted. */
function typeWanted(request: PageRequest): string {
  const { accept } = request;
  const offered = linkQuestionOf(request).isWhole ? [...SET_TYPES, "application/json", "text/html"] : OFFERED;
  return preferredType(accept, offered) ?? offered[0] ?? "text/html";
}

/** To the DID of who holds a code that is a prefix, else to the code's own: a prefix stands for its holder. */
function redirectToDid(view: View, code: Code): Answer {
  const held = view.prefixAtOrAbove(code);
  const { network } = view.reader;
  const did = held?.prefix === code ? didOfHolder(network, held.holder.id) : didOfCode(network, code);
  const headers = { location: IDENTIFIERS_PATH + did, vary: "accept" };
  return { status: 303, type: MEDIA.text, body: "", caching: "never", head: view.head, headers };
}

function answerMalformed(
  { context, assets }: PageParts,
  request: PageRequest,
  view: View,
  typed: string,
  fault: Fault,
): Answer {
  const page = pageContextOf(request, assets, context.reader.network.id, view.head);
  const read = readTyped(typed);
  const meant = read.kind === "meant" || read.kind === "code" ? read.code : undefined;
  return answerPage(page, assets, renderMalformedPage(page, { typed, fault, meant }), 400, view.head);
}
