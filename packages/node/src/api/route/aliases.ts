import { canonicalValue } from "@cityroot/codes/systems/canonical-value";
import { VALUE_CHARACTERS_MAX } from "@cityroot/codes/systems/coding-system";
import { CODING_SYSTEMS, systemOf } from "@cityroot/codes/systems/systems";
import { checkNoPerson } from "@cityroot/core/operation/alias-field";
import { decodeCodingSystem } from "@cityroot/core/state/coding-system";
import { type Day, isDay } from "@cityroot/core/state/day";
import { BEFORE_CODING_SYSTEMS, kindOfKey } from "@cityroot/core/state/key";
import Type, { type Static, type TSchema } from "typebox";
import { ALIASES, answerAliasesOf, answerLegacy } from "../alias-answer.ts";
import { answerJson, answerProblem, MEDIA } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { preferredType } from "../negotiate.ts";
import { type Problem, problemOfCode, problemOfParameter, problemOfRejection } from "../problem.ts";
import { asOfToJson } from "../read/json.ts";
import { EntryUnreadableError, type View } from "../read/view.ts";
import { CODE_IN_PATH, codeAfter } from "../schema/parameters.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

/** Path of what is claimed of legacy codes. */
export const ALIASES_PATH = "/v1/aliases";

/** `GET /v1/aliases`, `GET /v1/aliases/{code}` and `GET /v1/coding-systems`. */
export function aliasRoutes(context: ApiContext): readonly ApiRoute[] {
  return [legacyRoute(context), codeRoute(context), systemsRoute(context)];
}

function partParameters({ limits }: ApiContext) {
  return {
    after: Type.Optional(
      Type.String({
        pattern: "^([0-9a-f]{64}|[0-9a-f]{96})$",
        description: "Where to begin: `next` of the part before.",
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.listEntriesMax, default: ALIASES })),
    proof: Type.Optional(Type.Boolean({ description: "Add the proof that nothing is left out." })),
  };
}

const PROOF_TOO =
  "Asked for `application/vnd.cityroot.proof`, it gives the proof alone: the claims are in it.";

function responseOf(schema: string, description: string): object {
  return {
    description,
    content: {
      "application/json": { schema: Type.Ref(schema) },
      "application/vnd.cityroot.proof": { schema: {} },
    },
  };
}

/** A query that may ask about a day. */
export type DayQuery = { readonly day?: string };

/** The parameter that asks about a day. */
export const DAY_PARAMETER: TSchema = Type.Optional(
  Type.String({
    pattern: "^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$",
    description: "The day asked about, or a year, of which the last day counts. Today when absent.",
    examples: ["1995", "1995-07-01"],
  }),
);

/** The parameter that names a coding system. */
export const SYSTEM_PARAMETER: ReturnType<typeof Type.String> = Type.String({
  pattern: "^[a-z][a-z0-9-]{0,31}$",
  description: "Name of the coding system, as `GET /v1/coding-systems` has it or a department gave it.",
  examples: ["gbt2260"],
});

function legacyRoute(context: ApiContext): ApiRoute {
  const Query = Type.Object(
    {
      system: SYSTEM_PARAMETER,
      value: Type.String({ minLength: 1, maxLength: VALUE_CHARACTERS_MAX, description: "The legacy code." }),
      exact: Type.Optional(
        Type.Boolean({
          description: "Take the value as it stands, also where its system would write it otherwise.",
        }),
      ),
      day: DAY_PARAMETER,
      authority: Type.Optional(
        Type.Boolean({ description: "Let the proof show who the authority of the coding system is." }),
      ),
      ...partParameters(context),
    },
    { additionalProperties: false },
  );
  return {
    method: "GET",
    path: ALIASES_PATH,
    schema: {
      operationId: "getAliases",
      tags: ["resolve"],
      summary: "What a legacy code is claimed to be, by whom, and what that comes to on a day",
      description: PROOF_TOO,
      querystring: Query,
      response: {
        200: responseOf("AliasesAnswer", "All claims, or a part of them; none where nobody claims anything."),
        ...problemResponses("PARAMETER_MALFORMED", "PERSONAL_NUMBER"),
      },
    },
    answer: (request) => {
      const { system, value: given, ...query } = request.query as Static<typeof Query> & DayQuery;
      const day = readDay(query.day, context.clock());
      if (typeof day !== "string") return answerProblem(day);
      const value = query.exact === true ? given : canonicalValue(system, given);
      const legacy = { system, value };
      const firewall = checkNoPerson(legacy);
      if (!firewall.ok) return answerProblem(problemOfRejection(firewall.rejection));
      const bytesMax = context.limits.partBytesMax;
      const question = { ...query, day, bytesMax, isProofAlone: isProofAsked(request.headers.accept) };
      return answerLegacy(context.view(), context.clock(), legacy, question);
    },
  };
}

function codeRoute(context: ApiContext): ApiRoute {
  const Query = Type.Object(partParameters(context), { additionalProperties: false });
  return {
    method: "GET",
    path: `${ALIASES_PATH}/*`,
    rest: "code",
    schema: {
      operationId: "getAliasesOfCode",
      tags: ["resolve"],
      summary: "Which legacy codes a code is claimed to have, and by whom",
      description: PROOF_TOO,
      params: CODE_IN_PATH,
      querystring: Query,
      response: {
        200: responseOf("AliasesOfCodeAnswer", "All claims about the code, or a part of them."),
        ...problemResponses("CODE_MALFORMED", "PARAMETER_MALFORMED"),
      },
    },
    answer: (request) => {
      const code = codeAfter(request.raw.url!, `${ALIASES_PATH}/`);
      if (!code.ok) return answerProblem(problemOfCode(code.fault));
      const query = request.query as Static<typeof Query>;
      const bytesMax = context.limits.partBytesMax;
      const question = { ...query, bytesMax, isProofAlone: isProofAsked(request.headers.accept) };
      return answerAliasesOf(context.view(), context.clock(), code.value, question);
    },
  };
}

function isProofAsked(accept: string | undefined): boolean {
  return preferredType(accept, ["application/json", MEDIA.proof]) === MEDIA.proof;
}

function systemsRoute(context: ApiContext): ApiRoute {
  return {
    method: "GET",
    path: "/v1/coding-systems",
    schema: {
      operationId: "getCodingSystems",
      tags: ["resolve"],
      summary: "The coding systems that are known here or have an authority on the ledger",
      response: {
        200: jsonResponse("CodingSystemsAnswer", "Those that this program can check, then the others."),
        ...problemResponses(),
      },
    },
    answer: () => {
      const view = context.view();
      const known = CODING_SYSTEMS.map(({ id, title, standards }) => ({
        system: id,
        title: { ...title },
        standards: standards.map(({ name }) => name),
        authority: view.authorityOf(id),
      }));
      const others = systemsOfLedger(view).map(({ system, authority }) => ({
        ...{ system, title: null, standards: [], authority },
      }));
      const asOf = asOfToJson(view, context.clock());
      return answerJson({ asOf, systems: [...known, ...others], known: known.length }, view.head);
    },
  };
}

/** Systems that only the ledger knows are few: the network's governor names each. */
const OTHER_SYSTEMS_MAX = 10_000;

function systemsOfLedger(
  view: View,
): readonly { readonly system: string; readonly authority: string | null }[] {
  const others: { readonly system: string; readonly authority: string | null }[] = [];
  let at = view.source.after(BEFORE_CODING_SYSTEMS);
  while (at !== undefined && kindOfKey(at.key) === "system" && others.length < OTHER_SYSTEMS_MAX) {
    const entry = decodeCodingSystem(at.value);
    if (entry === undefined) throw new EntryUnreadableError("a coding system cannot be read");
    if (systemOf(entry.system) === undefined) others.push(entry);
    at = view.source.after(at.key);
  }
  return others;
}

/** The day asked about: one as it stands, the last of a year, or today in UTC. */
export function readDay(text: string | undefined, nowMs: number): Day | Problem {
  if (text === undefined) return dayOf(nowMs);
  const day = text.length === 4 ? `${text}-12-31` : text;
  if (isDay(day)) return day;
  return problemOfParameter("day", "a day of the calendar as YYYY-MM-DD, or a year", text);
}

const DAY_MS = 86_400_000;
let lastDay: { readonly number: number; readonly day: Day } | undefined;

/** The day of a time in milliseconds, in UTC. */
export function dayOf(timeMs: number): Day {
  const number = Math.floor(timeMs / DAY_MS);
  // Nearly all that is asked is asked on the same day as what was asked before.
  if (lastDay?.number !== number)
    lastDay = { number, day: new Date(timeMs).toISOString().slice(0, 10) as Day };
  return lastDay.day;
}
