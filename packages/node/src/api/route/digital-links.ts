import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { describeResolver } from "../../gs1/description-file.ts";
import { looksCompressed, PRIMARY_KEYS, type ReadAddress, readAddress } from "../../gs1/read-address.ts";
import { renderMalformedDigitalLinkPage } from "../../page/digital-link-page.ts";
import { type Answer, answerJson, answerProblem, MEDIA } from "../answer.ts";
import type { PageParts } from "../code-page-answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { answerDigitalLink, answerPerson, linkHeader, namesPerson } from "../digital-link-answer.ts";
import { answerPage, type PageRequest, pageContextOf, readPageRequest } from "../page-request.ts";
import { makeProblem } from "../problem.ts";
import { splitTarget } from "../schema/parameters.ts";
import { problemResponses } from "./responses.ts";

/** The key of a person who is served: it leads here to be refused. */
const PERSON_KEY = "8018";
const PERSON = new RegExp(`^/${PERSON_KEY}(/|$)`);
const KEY_PATTERN = [...PRIMARY_KEYS, PERSON_KEY].join("|");

/** `GET /{key}/{value}` for every key of GS1, and `GET /.well-known/gs1resolver`. GS1-Conformant Resolver Standard 1.2. */
export function digitalLinkRoutes(parts: PageParts): readonly ApiRoute[] {
  return [keyRoute(parts), descriptionRoute(parts.context)];
}

function keyRoute(parts: PageParts): ApiRoute {
  return {
    method: "GET",
    path: `/:key(^(?:${KEY_PATTERN})$)/*`,
    rest: "value",
    schema: {
      operationId: "getDigitalLink",
      tags: ["resolve"],
      summary: "What a GS1 Digital Link URI names, by the aliases on the ledger",
      description:
        "Leads to a link of the record of the code that the key is claimed to be, or of a coarser one where the finer is not known; gives the link set where that is asked for. Parameters of others are passed on.",
      params: Type.Object({
        key: Type.String({
          pattern: `^(?:${KEY_PATTERN})$`,
          description: "Application identifier of a key.",
          examples: ["01"],
        }),
        "*": Type.String({
          description: "Its value, then qualifiers and their values.",
          examples: ["09521234543213/21/12345"],
        }),
      }),
      querystring: Type.Object({
        linkType: Type.Optional(
          Type.String({ description: "A relation: `gs1:pip`, its address, a registered one; or `linkset`." }),
        ),
        context: Type.Optional(Type.String({ description: "A region: two letters of ISO 3166-1." })),
        lang: Type.Optional(Type.String({ description: "Language of pages: zh or en." })),
      }),
      response: {
        200: contentOf("The link set, or the page of the code."),
        300: contentOf("Links that nothing tells apart, or codes of which none is chosen."),
        307: {
          description: "To a link that the record or this server names.",
          content: { "text/plain": { schema: {} } },
        },
        ...withPages(
          problemResponses(
            "DIGITAL_LINK_MALFORMED",
            "DIGITAL_LINK_UNKNOWN",
            "LINK_NOT_FOUND",
            "CODE_NEVER_ISSUED",
            "SERVED_ELSEWHERE",
            "DIGITAL_LINK_ENDED",
            "PERSONAL_NUMBER",
          ),
        ),
      },
    },
    answer: (request) => answerKey(parts, request),
    preflight: (request) => preflightOf(parts.context, request),
  };
}

const SET_CONTENT = {
  [MEDIA.linkset]: { schema: Type.Ref("Linkset") },
  [MEDIA.linksetText]: { schema: {} },
  "application/json": { schema: Type.Ref("Linkset") },
  [MEDIA.jsonLd]: { schema: {} },
  "text/html": { schema: {} },
};

function contentOf(description: string): object {
  return { description, content: SET_CONTENT };
}

/** People are answered with pages, and what was retired with its links. */
function withPages(responses: { readonly [status: number]: object }): object {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const content = (response as { readonly content?: object }).content;
      const more = Number(status) === 410 ? SET_CONTENT : { "text/html": { schema: {} } };
      return [status, Number(status) < 500 ? { ...response, content: { ...content, ...more } } : response];
    }),
  );
}

/** Answers an address that begins with a key. */
function answerKey(parts: PageParts, request: FastifyRequest): Answer {
  const page = readPageRequest(request);
  return answerRead(parts, request, page, readRequest(parts.context, request));
}

/** Answers a path of one segment where it is a compressed address; undefined where it is none. */
export function answerCompressed(
  parts: PageParts,
  request: FastifyRequest,
  page: PageRequest,
): Answer | undefined {
  if (!looksCompressed(page.path)) return undefined;
  const read = readRequest(parts.context, request);
  return read.ok ? answerRead(parts, request, page, read) : undefined;
}

function readRequest({ clock }: ApiContext, { raw: { url = "/" } }: FastifyRequest): ReadAddress {
  const { path, query } = splitTarget(url);
  return readAddress(path, query, new Date(clock()).getUTCFullYear());
}

function answerRead(parts: PageParts, request: FastifyRequest, page: PageRequest, read: ReadAddress): Answer {
  const { context, assets } = parts;
  const view = context.view();
  const base = baseOf(context, request);
  if (read.ok)
    return answerDigitalLink(parts, { page, base, link: read.value, isCompressed: read.isCompressed }, view);
  // A number of a person is not repeated, and neither is what was probably meant as one.
  if (PERSON.test(page.path)) return answerPerson(view, PERSON_KEY);
  const { kind: _, meant: __, ...fault } = read.fault;
  if ((page.accept ?? "").includes("text/html")) {
    const frame = pageContextOf(page, assets, context.reader.network.id, view.head);
    return answerPage(
      frame,
      assets,
      renderMalformedDigitalLinkPage(frame, { path: page.path, ...fault }),
      400,
      view.head,
    );
  }
  const detail = `${fault.field}: expected ${fault.expected}, got ${fault.got}`;
  return answerProblem(makeProblem("DIGITAL_LINK_MALFORMED", detail, fault), view.head);
}

/** Link sets name whole addresses: those that the operator configured, or else those that the request came to. */
function baseOf({ publicUrl }: ApiContext, { headers }: FastifyRequest): string {
  if (publicUrl !== "") return publicUrl;
  const { host = "" } = headers;
  return /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/.test(host)
    ? `http://${host}`
    : "";
}

/** Links of the answer to `OPTIONS`; none where the address is none of GS1. */
export function preflightOf(
  context: ApiContext,
  request: FastifyRequest,
): { readonly [name: string]: string } {
  const read = readRequest(context, request);
  // A number of a person is not repeated.
  if (!read.ok || namesPerson(read.value)) return {};
  return {
    link: linkHeader({ base: baseOf(context, request), link: read.value, isCompressed: read.isCompressed }),
  };
}

function descriptionRoute(context: ApiContext): ApiRoute {
  return {
    method: "GET",
    path: "/.well-known/gs1resolver",
    schema: {
      operationId: "getGs1Resolver",
      tags: ["resolve"],
      summary: "What this server says of itself as a resolver of GS1 Digital Link URIs",
      response: {
        200: {
          description: "GS1-Conformant Resolver Standard 1.2, 3.",
          content: { "application/json": { schema: Type.Ref("Gs1Resolver") } },
        },
        ...problemResponses(),
      },
    },
    answer: (request) => answerJson(describeResolver(baseOf(context, request), context.reader.network.id)),
  };
}
