import Type from "typebox";
import { dereferenceDid } from "../../did/dereference-did.ts";
import { DID_ERRORS, type DidError, didErrorToJson } from "../../did/did-error.ts";
import { DID_MEDIA, DOCUMENT_MEDIA } from "../../did/did-media.ts";
import { type DidUrl, parseDidUrl } from "../../did/did-url.ts";
import type { DidObject } from "../../did/holder-document.ts";
import { type DidResolution, resolveDid } from "../../did/resolve-did.ts";
import type { Answer } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { preferredType } from "../negotiate.ts";
import { ItemsMissingError, type View } from "../read/view.ts";
import { splitTarget } from "../schema/parameters.ts";
import { problemResponses } from "./responses.ts";

/** Beginning of the path of what a DID comes to. */
export const IDENTIFIERS_PATH = "/1.0/identifiers/";

const DESCRIPTION = `The binding of DID Resolution 1.0 to HTTP, for the DIDs of docs/spec/did-method.md. Asked for \`application/did-resolution\`, or for
nothing, it gives the resolution result; for \`application/did\`, \`application/did+ld+json\`, \`application/did+json\` or
\`application/json\` the document alone; for \`application/did-url-dereferencing\` the dereferencing result. Options that are not known are
passed over. What is not found here, or of another network, says nothing about a code: its own address does.`;

const OPTIONS = Type.Object({
  versionId: Type.Optional(Type.String({ description: "The version asked for, counted from 1." })),
  versionTime: Type.Optional(
    Type.String({ description: "The version that held in this second.", examples: ["2026-03-01T00:00:00Z"] }),
  ),
  service: Type.Optional(Type.String({ description: "A service, by what follows the # of its id." })),
  serviceType: Type.Optional(Type.String({ description: "A service, by its type." })),
  relativeRef: Type.Optional(Type.String({ description: "An address relative to the service's." })),
});

/** `GET /1.0/identifiers/{did}`. */
export function identifierRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: `${IDENTIFIERS_PATH}*`,
      rest: "did",
      schema: {
        operationId: "resolveDid",
        tags: ["resolve"],
        summary: "Resolve a DID of an organisation or of a coded thing, or dereference a DID URL",
        description: DESCRIPTION,
        params: Type.Object({
          "*": Type.String({ description: "A DID, or a DID URL with its escapes." }),
        }),
        querystring: OPTIONS,
        response: {
          200: {
            description: "The result, or the document alone.",
            content: Object.fromEntries(
              [DID_MEDIA.resolution, DID_MEDIA.dereferencing, ...DOCUMENT_MEDIA].map((type) => [
                type,
                { schema: {} },
              ]),
            ),
          },
          303: {
            description: "To the address of the service.",
            content: { "text/uri-list": { schema: {} } },
          },
          ...problemResponses(),
          400: results("INVALID_DID, INVALID_DID_URL, INVALID_OPTIONS", "Problem"),
          404: results("NOT_FOUND"),
          406: results("REPRESENTATION_NOT_SUPPORTED"),
          410: results("The DID was deactivated: its code has been retired."),
          500: results("INTERNAL_ERROR"),
          501: results("METHOD_NOT_SUPPORTED, FEATURE_NOT_SUPPORTED"),
        },
      },
      answer: (request) => {
        const { url = "" } = request.raw;
        const target = splitTarget(url);
        const text = decodeURIComponent(target.path.slice(IDENTIFIERS_PATH.length));
        const query = new URLSearchParams(target.query);
        return answerGuarded(context, { text, query, accept: request.headers.accept });
      },
    },
  ];
}

/** Answers that are results without a document; a problem where the address itself cannot be read. */
function results(description: string, problem?: "Problem"): object {
  return {
    description,
    content: {
      [DID_MEDIA.resolution]: { schema: {} },
      [DID_MEDIA.dereferencing]: { schema: {} },
      ...(problem !== undefined && { "application/problem+json": { schema: Type.Ref(problem) } }),
    },
  };
}

/** What is asked: a DID or DID URL, what stands beside it, and what is wanted. */
type Question = {
  readonly text: string;
  readonly query: URLSearchParams;
  readonly accept: string | undefined;
};

function answerGuarded(context: ApiContext, question: Question): Answer {
  try {
    return answerDid(context.view(), question);
  } catch (error) {
    // Items that others hold are fetched, and the question is asked again.
    if (error instanceof ItemsMissingError) throw error;
    context.logger.error({ err: error }, "a DID could not be resolved");
    return answerError(undefined, DID_MEDIA.resolution, {
      error: "INTERNAL_ERROR",
      detail: "this server cannot read its store; that says nothing about the DID",
    });
  }
}

function answerDid(view: View, { text, query, accept }: Question): Answer {
  const parsed = parseDidUrl(text);
  const isBare = parsed === undefined || parsed.did === text;
  const own = parsed?.query ?? new URLSearchParams();
  const options = readOptions(own, query);
  const wantsService = "service" in options || "serviceType" in options || "relativeRef" in options;
  const isPlain = (isBare || isVersionOnly(parsed)) && !wantsService;
  const envelopes = isPlain
    ? [DID_MEDIA.resolution, DID_MEDIA.dereferencing]
    : [DID_MEDIA.dereferencing, DID_MEDIA.resolution];
  const offered = [...envelopes, ...DOCUMENT_MEDIA, ...(wantsService ? ["text/uri-list"] : [])];
  const type = preferredType(accept, offered);
  const fallback = type === DID_MEDIA.dereferencing || (type === undefined && !isPlain);
  const envelope = fallback ? DID_MEDIA.dereferencing : DID_MEDIA.resolution;
  if (parsed === undefined) {
    const isUrl = type === DID_MEDIA.dereferencing;
    const detail = "expected a DID such as did:cityroot:<network>:<holder or code>";
    return answerError(view, envelope, { error: isUrl ? "INVALID_DID_URL" : "INVALID_DID", detail });
  }
  if ("error" in options) return answerError(view, envelope, options);
  if (type === undefined) {
    const detail = `expected one of ${offered.join(", ")}`;
    return answerError(view, envelope, { error: "REPRESENTATION_NOT_SUPPORTED", detail });
  }
  if (isPlain && type !== DID_MEDIA.dereferencing) {
    return answerResolution(view, type, resolveDid(view, parsed, options));
  }
  if (type === DID_MEDIA.resolution) {
    const detail = `a DID URL is dereferenced: ask for ${DID_MEDIA.dereferencing}`;
    return answerError(view, envelope, { error: "INVALID_DID", detail });
  }
  return answerDereferenced(view, type, parsed, options);
}

/** Whether a DID URL says nothing beside its DID but which version. */
function isVersionOnly({ path, query, fragment }: DidUrl): boolean {
  if (path !== "" || fragment !== undefined) return false;
  return [...query.keys()].every((name) => name === "versionId" || name === "versionTime");
}

const NAMES = ["versionId", "versionTime", "service", "serviceType", "relativeRef"] as const;
type Options = { readonly [name in (typeof NAMES)[number]]?: string };

/** Options from the DID URL's own query and from the address's: of each name one value. */
function readOptions(own: URLSearchParams, beside: URLSearchParams): Options | DidError {
  const options: { [name in (typeof NAMES)[number]]?: string } = {};
  for (const name of NAMES) {
    const given = new Set([...own.getAll(name), ...beside.getAll(name)]);
    if (given.size > 1) return { error: "INVALID_OPTIONS", detail: `${name}: expected one value` };
    for (const value of given) options[name] = value;
  }
  // Passed over, it would let what was hashed seem to be what was given.
  if (own.has("hl") || beside.has("hl")) {
    return { error: "FEATURE_NOT_SUPPORTED", detail: "hl: hashes of what is linked are not checked here" };
  }
  return options;
}

function answerResolution(view: View, type: string, resolution: DidResolution): Answer {
  if ("error" in resolution) return answerError(view, DID_MEDIA.resolution, resolution);
  const { document, metadata, isDeactivated } = resolution;
  const status = isDeactivated ? 410 : 200;
  if (type !== DID_MEDIA.resolution && document !== null) {
    return answerBytes(view, status, type, representationOf(document, type));
  }
  const result = {
    didResolutionMetadata: { ...(document !== null && { contentType: DID_MEDIA.did }) },
    didDocument: document,
    didDocumentMetadata: metadata,
  };
  return answerBytes(view, status, DID_MEDIA.resolution, result);
}

function answerDereferenced(view: View, type: string, url: DidUrl, options: Options): Answer {
  const found = dereferenceDid(view, url, options);
  if (found.kind === "error") return answerError(view, DID_MEDIA.dereferencing, found);
  if (found.kind === "address") {
    const answer = answerBytes(view, 303, "text/uri-list", undefined);
    return { ...answer, headers: { ...answer.headers, location: found.address } };
  }
  const { content, resolved } = found;
  const status = resolved.isDeactivated ? 410 : 200;
  if (type !== DID_MEDIA.dereferencing && content !== null) {
    return answerBytes(view, status, type, representationOf(content, type));
  }
  const result = {
    dereferencingMetadata: { ...(content !== null && { contentType: DID_MEDIA.did }) },
    contentStream: content,
    contentMetadata: resolved.metadata,
  };
  return answerBytes(view, status, DID_MEDIA.dereferencing, result);
}

/** What holds no JSON-LD has no context. DID Core 1.0 §6.2. */
function representationOf(content: DidObject, type: string): DidObject {
  if (type !== DID_MEDIA.json) return content;
  const { "@context": _context, ...rest } = content;
  return rest;
}

function answerError(view: View | undefined, envelope: string, error: DidError): Answer {
  const problem = { error: didErrorToJson(error) };
  const result =
    envelope === DID_MEDIA.dereferencing
      ? { dereferencingMetadata: problem, contentStream: null, contentMetadata: {} }
      : { didResolutionMetadata: problem, didDocument: null, didDocumentMetadata: {} };
  return answerBytes(view, DID_ERRORS[error.error].http, envelope, result);
}

function answerBytes(
  view: View | undefined,
  status: number,
  type: string,
  value: object | undefined,
): Answer {
  return {
    status,
    type,
    // As bytes: the types have no charset, which the router would add to text.
    body: value === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(value)),
    caching: "never",
    ...(view !== undefined && { head: view.head }),
    headers: { vary: "accept" },
  };
}
