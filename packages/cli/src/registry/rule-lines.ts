import { printShape } from "@cityroot/core/rule/pattern";
import { formatTime } from "@cityroot/sdk/resolution";
import type { RuleJson } from "@cityroot/sdk/rule-json";
import type { Context } from "../context.ts";
import { parseRule } from "./rule-options.ts";

/** What a rule says, for people; null for none. */
export function ruleLines(context: Context, json: RuleJson | null): readonly string[] {
  const { say } = context;
  if (json === null) return [`  ${say("rule.none")}`];
  const rule = parseRule(json);
  const facts: [string, string][] = [
    [say("rule.shapes"), rule.shapes.map(printShape).join("\n") || say("rule.nothing")],
    [say("rule.issuer"), say(`role.${rule.issuer}`)],
  ];
  if (rule.classes !== null) facts.push([say("rule.classes"), rule.classes.join(", ")]);
  if (rule.required.length > 0) {
    facts.push([
      say("rule.required"),
      rule.required.map((one) => `${one.class}: ${one.attributes.join(", ")}`).join("\n"),
    ]);
  }
  if (rule.countMax !== null)
    facts.push([say("rule.countMax"), rule.countMax.toLocaleString(context.language)]);
  if (rule.untilMs !== null) facts.push([say("rule.until"), formatTime(rule.untilMs)]);
  if (rule.sequence) facts.push([say("rule.sequence"), say("rule.yes")]);
  if (rule.checkCharacter) facts.push([say("rule.checkCharacter"), say("rule.yes")]);
  return context.facts(facts).map((line) => `  ${line}`);
}
