import { canonicalValue } from "@cityroot/codes/systems/canonical-value";
import { VALUE_CHARACTERS_MAX } from "@cityroot/codes/systems/coding-system";
import type { Json } from "@cityroot/core/json";
import { checkNoPerson } from "@cityroot/core/operation/alias-field";
import { readStem } from "@cityroot/core/proof/aliases";
import { type LegacyCode, stemOfLegacy } from "@cityroot/core/state/alias";
import { meaningOf } from "@cityroot/core/state/alias-meaning";
import type { Day } from "@cityroot/core/state/day";
import type { FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import type { Admission, Arriving, Room } from "../admission.ts";
import { type Answer, answerJson, answerProblem } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem, problemOfRejection } from "../problem.ts";
import { aliasToJson, readAlias } from "../read/alias-json.ts";
import { asOfToJson } from "../read/json.ts";
import type { View } from "../read/view.ts";
import { ALIASES_PATH, DAY_PARAMETER, type DayQuery, readDay, SYSTEM_PARAMETER } from "./aliases.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

/** Claims that are shown of one legacy code; `GET /v1/aliases` gives all. */
const CLAIMS_SHOWN = 16;
/** Claims that one answer reads: it ends with the legacy code that brings it to them. */
const CLAIMS_READ = 1_024;

/** `POST /v1/aliases/lookup`. */
export function aliasLookupRoutes(context: ApiContext, lookups: Admission): readonly ApiRoute[] {
  const { limits } = context;
  const Body = Type.Object(
    {
      system: SYSTEM_PARAMETER,
      values: Type.Array(Type.String({ minLength: 1, maxLength: VALUE_CHARACTERS_MAX }), {
        minItems: 1,
        maxItems: limits.lookupValuesMax,
        description: "The legacy codes.",
      }),
      exact: Type.Optional(
        Type.Boolean({
          description: "Take the values as they stand, also where their system would write them otherwise.",
        }),
      ),
      day: DAY_PARAMETER,
    },
    { additionalProperties: false },
  );
  return [
    {
      method: "POST",
      path: `${ALIASES_PATH}/lookup`,
      consumes: ["application/json"],
      bodyTimeoutMs: limits.bodyTimeoutMs,
      admit: (request, body) => admit(context, lookups, request, body),
      schema: {
        operationId: "lookUpAliases",
        tags: ["resolve"],
        summary: "What many legacy codes of one system are claimed to be, as the rows of a table have them",
        description: "Changes nothing and proves nothing: ask about one of them for the proof.",
        body: { content: { "application/json": { schema: Body } } },
        response: {
          200: jsonResponse("AliasLookupAnswer", "Each of them in the order of the request."),
          ...problemResponses(
            ...(["BODY_MALFORMED", "BODY_TOO_LARGE", "REQUEST_TIMEOUT", "UNSUPPORTED_MEDIA_TYPE"] as const),
            ...(["PARAMETER_MALFORMED", "PERSONAL_NUMBER"] as const),
          ),
        },
      },
      answer: (request) => lookUp(context, request.body as Omit<Static<typeof Body>, "day"> & DayQuery),
    },
  ];
}

/** Refuses before it is read a body that is too long, and takes room for it otherwise. */
function admit(
  { limits }: ApiContext,
  lookups: Admission,
  request: FastifyRequest,
  body: Arriving,
): Answer | Room {
  const bytes = Number(request.headers["content-length"] ?? limits.lookupBytesMax);
  if (bytes > limits.lookupBytesMax) {
    return answerProblem(
      makeProblem("BODY_TOO_LARGE", `a body has at most ${limits.lookupBytesMax} bytes here`, {
        field: "content-length",
        expected: `at most ${limits.lookupBytesMax}`,
        got: String(bytes),
        fix: "ask for fewer values at once",
      }),
    );
  }
  const room = lookups.receive(bytes, body);
  if (room !== undefined) return room;
  return answerProblem(makeProblem("OVERLOADED", "too many lookups are waiting; try again shortly"));
}

type Asked = {
  readonly system: string;
  readonly values: readonly string[];
  readonly exact?: boolean;
  readonly day?: string;
};

function lookUp(context: ApiContext, { system, values, exact = false, day: asked }: Asked): Answer {
  const nowMs = context.clock();
  const day = readDay(asked, nowMs);
  if (typeof day !== "string") return answerProblem(day);
  const legacies = values.map((value) => ({
    system,
    value: exact ? value : canonicalValue(system, value),
  }));
  for (const [at, legacy] of legacies.entries()) {
    const firewall = checkNoPerson(legacy);
    if (firewall.ok) continue;
    const problem = problemOfRejection(firewall.rejection);
    return answerProblem({ ...problem, field: `values[${at}]` });
  }
  const view = context.view();
  const found: Json[] = [];
  let bytes = 0;
  let claims = 0;
  for (const legacy of legacies) {
    if (claims >= CLAIMS_READ || bytes >= context.limits.partBytesMax) break;
    const one = lookUpOne(view, legacy, day);
    claims += one.claims;
    bytes += one.bytes;
    found.push(one.json);
  }
  return answerJson({ system, asOf: asOfToJson(view, nowMs), day, found }, view.head);
}

function lookUpOne(
  view: View,
  legacy: LegacyCode,
  day: Day,
): { readonly json: Json; readonly claims: number; readonly bytes: number } {
  const { entries, isLast } = readStem(view.source, stemOfLegacy(legacy), { limit: CLAIMS_SHOWN });
  const aliases = entries.map(({ value }) => readAlias(value));
  const meaning = isLast ? meaningOf(aliases, day) : null;
  const json = {
    value: legacy.value,
    meaning: meaning as Json,
    aliases: aliases.map((one) => aliasToJson(view, one)),
  };
  const bytes = entries.reduce((sum, { value }) => sum + value.length, 0);
  return { json, claims: entries.length, bytes };
}
