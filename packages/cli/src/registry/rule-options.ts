import type { Code } from "@cityroot/codes/ma/code";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { type Rule, ruleFromJson } from "@cityroot/core/rule/rule";
import type { Client } from "@cityroot/sdk/client";
import { acceptedOf } from "@cityroot/sdk/error";
import { type GetPrefixReturnType, getPrefix } from "@cityroot/sdk/get-prefix";
import type { RuleJson } from "@cityroot/sdk/rule-json";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";
import { splitPair } from "./description-options.ts";
import { malformedFile, readJsonFile } from "./read-json.ts";

/** Options that say what a rule permits. */
export const RULE_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--rule <file>", text: "option.rule" },
  { flags: "--shape <shape>", text: "option.shape", repeats: true },
  { flags: "--allow-class <name>", text: "option.allowClass", repeats: true },
  { flags: "--require <class=attributes>", text: "option.require", repeats: true },
  { flags: "--issuer <role>", text: "option.issuer", choices: ["records", "registrar"] },
  { flags: "--count-max <number>", text: "option.countMax" },
  { flags: "--until <time>", text: "option.until" },
  { flags: "--sequence", text: "option.sequence" },
  { flags: "--check-character", text: "option.checkCharacter" },
];

/** The rule that the options describe; undefined where none of them stands. */
export function ruleOf(context: Context, input: Input): RuleJson | undefined {
  const { say, io } = context;
  const file = input.text("rule");
  const shapes = input.texts("shape");
  if (file !== undefined) {
    const path = pathFrom(io.workingFolder, file);
    const json = readJsonFile(path, "--rule", say);
    if (!isJsonObject(json))
      throw malformedFile(say, { field: "rule", path, expected: say("error.object"), got: "?" });
    acceptedOf(ruleFromJson(json));
    return json as unknown as RuleJson;
  }
  const classes = input.texts("allow-class");
  const required = input.texts("require").map((text) => {
    const [name, attributes] = splitPair(context, "--require", text, "street-lamp=name,place");
    return { class: name, attributes: attributes.split(",") };
  });
  const issuer = input.text("issuer") as RuleJson["issuer"] | undefined;
  const countMax = input.count("count-max");
  const until = input.text("until");
  const rule: RuleJson = {
    shapes,
    ...(classes.length > 0 && { classes }),
    ...(required.length > 0 && { required }),
    ...(issuer !== undefined && { issuer }),
    ...(countMax !== undefined && { countMax }),
    ...(until !== undefined && { untilMs: timeOf(context, until) }),
    ...(input.flag("sequence") && { sequence: true }),
    ...(input.flag("check-character") && { checkCharacter: true }),
  };
  if (Object.keys(rule).length === 1 && shapes.length === 0) return undefined;
  parseRule(rule);
  return rule;
}

function timeOf({ say }: Context, text: string): number {
  const timeMs = Date.parse(text);
  if (!Number.isNaN(timeMs)) return timeMs;
  const expected = say("error.time.expected");
  throw optionMalformed(say, { field: "--until", expected, got: text });
}

/** A rule that binds what happens below a prefix. */
export type BindingRule = { readonly prefix: Code; readonly rule: Rule };

/** The rules of some prefixes, from the root prefix down, at the server's word: rules are no part of a proof. */
export async function fetchBindingRules(
  client: Client,
  prefixes: readonly string[],
): Promise<readonly BindingRule[]> {
  const found = await Promise.all(prefixes.map((prefix) => getPrefix(client, prefix)));
  return found.flatMap((prefix) => (prefix === null ? [] : bindingRulesOf(prefix)));
}

/** The rules that a prefix carries: what its delegator bound it to, then its own. */
export function bindingRulesOf({ prefix, reported }: GetPrefixReturnType): readonly BindingRule[] {
  return [reported?.bound, reported?.own]
    .filter((rule) => rule !== null && rule !== undefined)
    .map((rule) => ({ prefix, rule: parseRule(rule) }));
}

/** A rule of its JSON form, as the SDK has it. */
export function parseRule(rule: RuleJson): Rule {
  return acceptedOf(ruleFromJson(rule as unknown as Json));
}
