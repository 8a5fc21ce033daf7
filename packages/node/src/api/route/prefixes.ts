import type { Code } from "@cityroot/codes/ma/code";
import { standingOf } from "@cityroot/core/operation/standing";
import { ruleToJson } from "@cityroot/core/rule/rule";
import { ruleKey, tallyKey } from "@cityroot/core/state/key";
import { decodePrefixRules, decodeTally, type PrefixRules } from "@cityroot/core/state/prefix";
import { answerJson, answerProblem } from "../answer.ts";
import { answerUnissued } from "../code-answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem, problemOfCode } from "../problem.ts";
import { asOfToJson, holderToJson, momentToJson, prefixToJson } from "../read/json.ts";
import { chainOf, EntryUnreadableError, type View } from "../read/view.ts";
import { CODE_IN_PATH, codeAfter } from "../schema/parameters.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const PREFIXES_PATH = "/v1/prefixes/";

/** `GET /v1/prefixes/{prefix}`. */
export function prefixRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: `${PREFIXES_PATH}*`,
      rest: "prefix",
      schema: {
        operationId: "getPrefix",
        tags: ["resolve"],
        summary: "Who holds a delegated prefix, and under which rules",
        params: CODE_IN_PATH,
        response: {
          200: jsonResponse("PrefixAnswer", "The prefix."),
          ...problemResponses("CODE_MALFORMED", "PREFIX_UNKNOWN", "SERVED_ELSEWHERE"),
        },
      },
      answer: (request) => {
        const code = codeAfter(request.raw.url!, PREFIXES_PATH);
        if (!code.ok) return answerProblem(problemOfCode(code.fault));
        const view = context.view();
        const chain = chainOf(view, code.value);
        const held = chain[chain.length - 1];
        const standing = standingOf(view.source, code.value);
        if (standing.kind === "federated") return answerUnissued(view, code.value, standing);
        if (held?.prefix !== code.value) {
          const problem = makeProblem("PREFIX_UNKNOWN", `${code.value} was never delegated`, {
            field: "prefix",
            expected: "a delegated prefix",
            got: code.value,
            ...(held !== undefined && { fix: `the nearest prefix above it is ${held.prefix}` }),
          });
          return answerProblem(problem, view.head);
        }
        const rules = readRules(view, held.prefix);
        return answerJson(
          {
            prefix: held.prefix,
            asOf: asOfToJson(view, context.clock()),
            version: held.entry.version,
            since: momentToJson(held.entry.since),
            status: held.entry.status,
            holder: holderToJson(held.holder),
            bound: rules === undefined || rules.bound === null ? null : ruleToJson(rules.bound),
            own: rules === undefined || rules.own === null ? null : ruleToJson(rules.own),
            issued: decodeTally(view.source.get(tallyKey(held.prefix))),
            chain: chain.map(prefixToJson),
          },
          view.head,
        );
      },
    },
  ];
}

function readRules(view: View, prefix: Code): PrefixRules | undefined {
  const bytes = view.source.get(ruleKey(prefix));
  if (bytes === undefined) return undefined;
  const rules = decodePrefixRules(bytes);
  if (rules === undefined) throw new EntryUnreadableError(`the rules of ${prefix} cannot be read`);
  return rules;
}
