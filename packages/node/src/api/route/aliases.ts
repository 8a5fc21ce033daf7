import { canonicalValue } from "@cityroot/codes/systems/canonical-value";
import { VALUE_CHARACTERS_MAX } from "@cityroot/codes/systems/coding-system";
import { CODING_SYSTEMS, systemOf } from "@cityroot/codes/systems/systems";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { checkNoPerson } from "@cityroot/core/operation/alias-field";
import { proveAliased, proveAliases, readStem } from "@cityroot/core/proof/aliases";
import { type Bundle, encodeBundle } from "@cityroot/core/proof/bundle";
import { decodeAliased, keyOfAlias, stemOfAliased, stemOfLegacy } from "@cityroot/core/state/alias";
import { decodeCodingSystem } from "@cityroot/core/state/coding-system";
import { type Day, isDay } from "@cityroot/core/state/day";
import { BEFORE_CODING_SYSTEMS, keyToBytes, kindOfKey, type StateKey } from "@cityroot/core/state/key";
import Type, { type Static } from "typebox";
import { type Answer, answerJson, answerProblem, MEDIA } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { preferredType } from "../negotiate.ts";
import { type Problem, problemOfCode, problemOfParameter, problemOfRejection } from "../problem.ts";
import { aliasToJson, readAlias, readAuthority, readMeaning } from "../read/alias-json.ts";
import { asOfToJson } from "../read/json.ts";
import { EntryUnreadableError, type View } from "../read/view.ts";
import { CODE_IN_PATH, codeAfter } from "../schema/parameters.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const PATH = "/v1/aliases";
const ALIASES = 100;

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

function legacyRoute(context: ApiContext): ApiRoute {
  const Query = Type.Object(
    {
      system: Type.String({
        pattern: "^[a-z][a-z0-9-]{0,31}$",
        description: "Name of the coding system, as `GET /v1/coding-systems` has it or a department gave it.",
        examples: ["gbt2260"],
      }),
      value: Type.String({ minLength: 1, maxLength: VALUE_CHARACTERS_MAX, description: "The legacy code." }),
      exact: Type.Optional(
        Type.Boolean({
          description: "Take the value as it stands, also where its system would write it otherwise.",
        }),
      ),
      day: Type.Optional(
        Type.String({
          pattern: "^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$",
          description: "The day asked about, or a year, of which the last day counts. Today when absent.",
          examples: ["1995", "1995-07-01"],
        }),
      ),
      ...partParameters(context),
    },
    { additionalProperties: false },
  );
  return {
    method: "GET",
    path: PATH,
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
      const { system, value: given, ...query } = request.query as Static<typeof Query>;
      const day = readDay(query.day, context.clock());
      if (typeof day !== "string") return answerProblem(day);
      const value = query.exact === true ? given : canonicalValue(system, given);
      const legacy = { system, value };
      const firewall = checkNoPerson(legacy);
      if (!firewall.ok) return answerProblem(problemOfRejection(firewall.rejection));
      const view = context.view();
      const stem = stemOfLegacy(legacy);
      const part = partOf(stem, query);
      return answerPart(view, request.headers.accept, query.proof === true, {
        prove: () => proveAliases(view.source, legacy, view.head, part),
        json: () => {
          const { entries, isLast } = readStem(view.source, stem, part);
          return {
            ...legacy,
            asOf: asOfToJson(view, context.clock()),
            day,
            authority: readAuthority(view, system),
            meaning: readMeaning(view, legacy, day) as Json,
            aliases: entries.map((entry) => aliasToJson(view, readAlias(entry.value))),
            next: nextOf(stem, entries.at(-1)?.key, isLast),
          };
        },
      });
    },
  };
}

function codeRoute(context: ApiContext): ApiRoute {
  const Query = Type.Object(partParameters(context), { additionalProperties: false });
  return {
    method: "GET",
    path: `${PATH}/*`,
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
      const code = codeAfter(request.raw.url!, `${PATH}/`);
      if (!code.ok) return answerProblem(problemOfCode(code.fault));
      const query = request.query as Static<typeof Query>;
      const view = context.view();
      const stem = stemOfAliased(code.value);
      const part = partOf(stem, query);
      return answerPart(view, request.headers.accept, query.proof === true, {
        prove: () => proveAliased(view.source, code.value, view.head, part),
        json: () => {
          const { entries, isLast } = readStem(view.source, stem, part);
          const aliases = entries.map(({ value }) => {
            const name = decodeAliased(value);
            if (name === undefined) throw new EntryUnreadableError("what leads to a claim cannot be read");
            return aliasToJson(view, readAlias(view.source.get(keyOfAlias(name))));
          });
          const asOf = asOfToJson(view, context.clock());
          return { code: code.value, asOf, aliases, next: nextOf(stem, entries.at(-1)?.key, isLast) };
        },
      });
    },
  };
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
        authority: readAuthority(view, id),
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

type PartQuery = { readonly after?: string; readonly limit?: number };

function partOf(stem: string, { after, limit = ALIASES }: PartQuery): { limit: number; after?: StateKey } {
  if (after === undefined) return { limit };
  const rest = after.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  return { limit, after: `${stem}${rest}` as StateKey };
}

/** Where the next part begins: what its last key has beyond what all of them begin with. */
function nextOf(stem: string, last: StateKey | undefined, isLast: boolean): string | null {
  if (isLast || last === undefined) return null;
  return bytesToHex(keyToBytes(last)).slice(2 * stem.length);
}

type PartAnswer = {
  readonly prove: () => Bundle;
  readonly json: () => { readonly [name: string]: Json };
};

function answerPart(
  { head }: View,
  accept: string | undefined,
  proves: boolean,
  { prove, json }: PartAnswer,
): Answer {
  const type = preferredType(accept, ["application/json", MEDIA.proof]);
  if (type === MEDIA.proof) {
    return { status: 200, type: MEDIA.proof, body: encodeBundle(prove()), caching: "never", head };
  }
  const proof = proves ? { proof: Buffer.from(encodeBundle(prove())).toString("base64") } : {};
  return answerJson({ ...json(), ...proof }, head);
}

function readDay(text: string | undefined, nowMs: number): Day | Problem {
  const day =
    text === undefined
      ? new Date(nowMs).toISOString().slice(0, 10)
      : text.length === 4
        ? `${text}-12-31`
        : text;
  return isDay(day)
    ? day
    : problemOfParameter("day", "a day of the calendar as YYYY-MM-DD, or a year", text ?? day);
}
