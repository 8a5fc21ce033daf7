import { setImmediate } from "node:timers/promises";
import { canonicalValue } from "@cityroot/codes/systems/canonical-value";
import type { Json } from "@cityroot/core/json";
import { TEXT_BYTES_MAX } from "@cityroot/core/limits";
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
import { makeProblem, type Problem, problemOfRejection } from "../problem.ts";
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
  const inTurn = oneByOne();
  const Body = Type.Object(
    {
      system: SYSTEM_PARAMETER,
      values: Type.Array(Type.String({ minLength: 1, maxLength: TEXT_BYTES_MAX }), {
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
      answer: (request) =>
        inTurn(async () => {
          // Who has gone while others were answered waits for nothing.
          if (request.raw.socket.destroyed) return answerProblem(overloaded());
          return lookUp(context, request.body as Omit<Static<typeof Body>, "day"> & DayQuery);
        }),
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
  const declared = request.headers["content-length"];
  if (declared === undefined) {
    return answerProblem(
      makeProblem("BODY_MALFORMED", "how long the body is has to be said before it", {
        field: "content-length",
        expected: `at most ${limits.lookupBytesMax}`,
        got: "none",
      }),
    );
  }
  if (Number(declared) > limits.lookupBytesMax) {
    return answerProblem(
      makeProblem("BODY_TOO_LARGE", `a body has at most ${limits.lookupBytesMax} bytes here`, {
        field: "content-length",
        expected: `at most ${limits.lookupBytesMax}`,
        got: declared,
        fix: "ask for fewer values at once",
      }),
    );
  }
  const room = lookups.receive(Number(declared), body);
  return room ?? answerProblem(overloaded());
}

function overloaded(): Problem {
  return makeProblem("OVERLOADED", "too many lookups are waiting; try again shortly");
}

/** Does one thing after another: so many lookups take no more of the process at a time than one. */
function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

/** For how long a lookup works before others are let in, in milliseconds. */
const SLICE_MS = 4;

/** Lets others in when it is time. */
function pacer(): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < SLICE_MS) return;
    await setImmediate();
    begun = performance.now();
  };
}

type Asked = {
  readonly system: string;
  readonly values: readonly string[];
  readonly exact?: boolean;
  readonly day?: string;
};

async function lookUp(
  context: ApiContext,
  { system, values, exact = false, day: asked }: Asked,
): Promise<Answer> {
  const nowMs = context.clock();
  const day = readDay(asked, nowMs);
  if (typeof day !== "string") return answerProblem(day);
  const pause = pacer();
  const legacies: LegacyCode[] = [];
  for (const [at, given] of values.entries()) {
    await pause();
    const field = `values[${at}]`;
    if (!given.isWellFormed()) {
      return answerProblem(
        makeProblem("BODY_MALFORMED", `${field}: expected text of Unicode`, {
          field,
          expected: "text of Unicode",
          got: "half a character",
        }),
      );
    }
    const legacy = { system, value: exact ? given : canonicalValue(system, given) };
    const firewall = checkNoPerson(legacy);
    if (!firewall.ok) return answerProblem({ ...problemOfRejection(firewall.rejection), field });
    legacies.push(legacy);
  }
  const { head } = context.view();
  const asOf = asOfToJson(context.view(), nowMs);
  const found: Json[] = [];
  let bytes = 0;
  let claims = 0;
  for (const legacy of legacies) {
    if (claims >= CLAIMS_READ || bytes >= context.limits.partBytesMax) break;
    await pause();
    // A view holds until others are let in: what is read after that may be of a newer block.
    const one = lookUpOne(context.view(), legacy, day);
    claims += one.claims;
    bytes += one.bytes;
    found.push(one.json);
  }
  return answerJson({ system, asOf, day, found }, head);
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
