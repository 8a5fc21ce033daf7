import type { Code } from "@cityroot/codes/ma/code";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { type Rule, ruleFromJson } from "@cityroot/core/rule/rule";
import { memberOf, requestJson } from "@cityroot/sdk/answer";
import type { Client } from "@cityroot/sdk/client";
import { acceptedOf } from "@cityroot/sdk/error";
import type { RuleJson } from "@cityroot/sdk/rule-json";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
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
  acceptedOf(ruleFromJson(rule as unknown as Json));
  return rule;
}

function timeOf({ say }: Context, text: string): number {
  const timeMs = Date.parse(text);
  if (!Number.isNaN(timeMs)) return timeMs;
  const expected = say("error.time.expected");
  throw new CommandFailure({
    code: "OPTION_MALFORMED",
    exit: "usage",
    detail: say("error.malformed", { field: "--until", expected, got: text }),
    field: "--until",
    expected,
    got: text,
  });
}

/** The rules of one prefix and how many codes it has issued, at the server's word: rules are no part of a proof. */
export type ReportedRules = {
  readonly prefix: Code;
  readonly bound: Rule | null;
  readonly own: Rule | null;
  readonly issued: number;
};

/** Asks for the rules of a prefix. Throws a `RegistryError` `PREFIX_UNKNOWN` for one that was never delegated. */
export async function fetchRules(client: Client, prefix: string): Promise<ReportedRules> {
  const { json, place } = await requestJson(client, { path: `v1/prefixes/${prefix}` });
  const read = (name: string): Rule | null => {
    const [value] = memberOf(json, name, place);
    return value === null ? null : acceptedOf(ruleFromJson(value));
  };
  const [issued] = memberOf(json, "issued", place);
  return { prefix: prefix as Code, bound: read("bound"), own: read("own"), issued: Number(issued) };
}

/** The rules that bind what happens at or below a prefix, from the root prefix down. */
export async function fetchBindingRules(
  client: Client,
  prefixes: readonly string[],
): Promise<readonly { readonly prefix: Code; readonly rule: Rule }[]> {
  const all = await Promise.all(prefixes.map((prefix) => fetchRules(client, prefix)));
  return all.flatMap(({ prefix, bound, own }) =>
    [bound, own].filter((rule) => rule !== null).map((rule) => ({ prefix, rule })),
  );
}
