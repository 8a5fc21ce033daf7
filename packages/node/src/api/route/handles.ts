import { parseCode } from "@cityroot/codes/ma/code";
import type { Json } from "@cityroot/core/json";
import Type from "typebox";
import { filterValues, type HandleFilter, handleValuesOf } from "../../handle/handle-values.ts";
import { type Answer, MEDIA } from "../answer.ts";
import { isIssued } from "../code-answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { problemOfStanding } from "../read/as-of-problem.ts";
import { readStanding } from "../read/standing.ts";
import type { View } from "../read/view.ts";
import { splitTarget } from "../schema/parameters.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const HANDLES_PATH = "/api/handles/";

/** Codes of the Handle protocol that are given here, each with its status over HTTP. DO-IRP 3.0 §6.3. */
const RESPONSES = {
  success: { responseCode: 1, status: 200 },
  error: { responseCode: 2, status: 400 },
  notFound: { responseCode: 100, status: 404 },
  invalid: { responseCode: 102, status: 400 },
  noValues: { responseCode: 200, status: 200 },
  notResponsible: { responseCode: 301, status: 400 },
} as const;

const VALUES_ASKED_MAX = 32;

/** `GET /api/handles/{handle}`. */
export function handleRoutes(context: ApiContext): readonly ApiRoute[] {
  const given = (description: string): object => jsonResponse("HandleAnswer", description);
  const listOf = (description: string): object =>
    Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], { description }));
  return [
    {
      method: "GET",
      path: `${HANDLES_PATH}*`,
      rest: "handle",
      schema: {
        operationId: "getHandle",
        tags: ["resolve"],
        summary: "A code as the REST form of the Handle system gives handles, read-only",
        description:
          "The handle is the prefix that the operator configured, a slash, and the code. Where none is configured, every handle is another server's.",
        params: Type.Object({
          "*": Type.String({
            description: "A handle.",
            examples: ["20.500.12345/MA.156.1301.02/60.10000000.1/000123"],
          }),
        }),
        querystring: Type.Object({
          type: listOf(
            "Values of this type alone, or where it ends with a dot, of those below it; may be repeated.",
          ) as never,
          index: listOf(
            "The value of this index alone; may be repeated, and joins what `type` asks for.",
          ) as never,
          auth: Type.Optional(
            Type.String({ description: "Taken and of no effect: every answer is the newest." }),
          ),
          pretty: Type.Optional(Type.String({ description: "Indent the answer, unless `false`." })),
          callback: Type.Optional(
            Type.String({ description: "Refused: this server runs no script of an address." }),
          ),
        }),
        response: {
          ...problemResponses(),
          200: given("1: the values; 200: the handle has no value of what was asked for."),
          400: given("2: a parameter cannot be used; 102: no code; 301: another server's handle."),
          404: given("100: the code was never issued."),
        },
      },
      answer: (request) => {
        const { url = "" } = request.raw;
        const target = splitTarget(url);
        const handle = decodeURIComponent(target.path.slice(HANDLES_PATH.length));
        const query = new URLSearchParams(target.query);
        return answerHandle(context, handle, query);
      },
    },
  ];
}

function answerHandle(
  { handlePrefix, publicUrl, view: readView }: ApiContext,
  handle: string,
  query: URLSearchParams,
): Answer {
  const view = readView();
  const answer = (kind: keyof typeof RESPONSES, members: { readonly [name: string]: Json }): Answer => {
    const { responseCode, status } = RESPONSES[kind];
    const json = { responseCode, handle, ...members };
    const isPretty = query.has("pretty") && query.get("pretty") !== "false";
    const body = JSON.stringify(json, undefined, isPretty ? 2 : undefined);
    return { status, type: MEDIA.json, body, caching: "never", head: view.head };
  };
  const asked = readFilter(query);
  if (typeof asked === "string") return answer("error", { message: asked });
  const slash = handle.indexOf("/");
  const prefix = slash < 0 ? handle : handle.slice(0, slash);
  if (handlePrefix === null || prefix !== handlePrefix) {
    const message = `this server answers for ${handlePrefix === null ? "no prefix" : `${handlePrefix} alone`}`;
    return answer("notResponsible", { message });
  }
  const code = parseCode(slash < 0 ? "" : handle.slice(slash + 1));
  if (!code.ok) {
    const { expected, got } = code.fault;
    return answer("invalid", {
      message: `expected ${prefix}/ and a code, which has ${expected}; got ${got}`,
    });
  }
  return answerCode(view, code.value, { asked, publicUrl, answer });
}

type Answering = {
  readonly asked: HandleFilter;
  readonly publicUrl: string;
  readonly answer: (kind: keyof typeof RESPONSES, members: { readonly [name: string]: Json }) => Answer;
};

function answerCode(
  view: View,
  code: Parameters<typeof readStanding>[1],
  { asked, publicUrl, answer }: Answering,
): Answer {
  const standing = readStanding(view, code);
  if (!isIssued(standing)) {
    const message = problemOfStanding(code, standing).detail;
    return answer(standing.kind === "federated" ? "notResponsible" : "notFound", { message });
  }
  const values = filterValues(handleValuesOf(view, code, standing, publicUrl), asked);
  if (values.length === 0) return answer("noValues", { values: [] });
  return answer("success", { values: values.map((value) => ({ ...value, data: { ...value.data } })) });
}

/** Which values are asked for, or in one sentence why that cannot be used. */
function readFilter(query: URLSearchParams): HandleFilter | string {
  if (query.has("callback"))
    return "callback: this server wraps no answer in a script; it lets every origin read";
  const types = query.getAll("type");
  const indexes = query.getAll("index");
  if (types.length + indexes.length > VALUES_ASKED_MAX)
    return `type, index: expected at most ${VALUES_ASKED_MAX} of them`;
  const wrong = indexes.find((index) => !/^[0-9]{1,10}$/.test(index));
  if (wrong !== undefined) return `index: expected a whole number, got ${wrong.slice(0, 40)}`;
  return { types, indexes: indexes.map(Number) };
}
