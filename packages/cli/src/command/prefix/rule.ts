import type { Code } from "@cityroot/codes/ma/code";
import { isBelow } from "@cityroot/codes/ma/prefix";
import type { Attributes } from "@cityroot/core/attribute/attribute";
import { attributesFromJson } from "@cityroot/core/attribute/attribute";
import type { Rejection } from "@cityroot/core/rejection";
import { checkConforms, compileRule, conformsRange, type Matcher } from "@cityroot/core/rule/conform";
import { narrows } from "@cityroot/core/rule/narrow";
import { serialOf } from "@cityroot/core/state/interval";
import type { Client } from "@cityroot/sdk/client";
import { acceptedOf, registryErrorOf } from "@cityroot/sdk/error";
import { type GetPrefixReturnType, getPrefix } from "@cityroot/sdk/get-prefix";
import { type ListEntry, list } from "@cityroot/sdk/list";
import { setRule } from "@cityroot/sdk/operation";
import type { ResolvedDescription } from "@cityroot/sdk/resolution";
import type { RuleJson } from "@cityroot/sdk/rule-json";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT, type ExitCode } from "../../exit-code.ts";
import type { Input } from "../../input.ts";
import { connect } from "../../registry/connect.ts";
import { asJson } from "../../registry/description-options.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { ruleLines } from "../../registry/rule-lines.ts";
import {
  type BindingRule,
  fetchBindingRules,
  parseRule,
  RULE_OPTIONS,
  ruleOf,
} from "../../registry/rule-options.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";
import { neverDelegated } from "./show.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[prefix]", text: "argument.prefix" }],
  options: [
    ...RULE_OPTIONS,
    { flags: "--seat <seat>", text: "option.seat", choices: ["own", "bound"] },
    { flags: "--dry-run", text: "option.ruleDryRun" },
    ...WRITE_OPTIONS,
  ],
  examples: [
    "cityroot prefix rule MA.276.11000",
    "cityroot prefix rule MA.156.1301.02 --shape 'issue /60.<d8>.<n1-20>/<d6>' --allow-class street-lamp --dry-run",
    "cityroot prefix rule MA.156.1301.02 --shape 'issue /60.<d8>.<n1-20>/<d6>' --allow-class street-lamp",
  ],
  run: async (context, input) => {
    const prefix = input.optionalArgument("prefix");
    const rule = ruleOf(context, input);
    if (prefix !== undefined && rule === undefined && input.texts("with").length === 0) {
      return showRules(context, prefix);
    }
    if (prefix !== undefined && rule !== undefined && input.flag("dry-run"))
      return dryRun(context, input, prefix, rule);
    const seat = seatOf(input);
    return writeOperations(context, input, {
      type: "set-rule",
      isAsked: prefix !== undefined && rule !== undefined,
      request: async (client) => {
        const about = { code: prefix!, seat: seat === "own" ? "at-or-above" : "above" } as const;
        const holder = await findHolder(context, input, client, about);
        return { holder, operations: [setRule({ prefix: prefix!, seat, rule: rule! })] };
      },
      said: ([operation], { height }) =>
        context.say("done.rule", { prefix: String(operation?.["prefix"]), height }),
    });
  },
};

function seatOf(input: Input): "own" | "bound" {
  return input.text("seat") === "bound" ? "bound" : "own";
}

async function showRules(context: Context, name: string): Promise<undefined> {
  const { say, colors } = context;
  const found = await getPrefix(await connect(context), name);
  if (found === null) throw neverDelegated(context, name);
  const { prefix, reported } = found;
  for (const seat of ["bound", "own"] as const) {
    const rule = reported?.[seat] ?? null;
    context.show({ prefix, seat, rule, issued: reported?.issued ?? null }, () => [
      colors.bold(say(`rule.${seat}`)),
      ...ruleLines(context, rule),
    ]);
  }
  return undefined;
}

/** Says whether a rule could be set, and what was issued that it would no longer allow. Changes nothing. */
async function dryRun(context: Context, input: Input, name: string, json: RuleJson): Promise<ExitCode> {
  const { say } = context;
  const client = await connect(context);
  const found = await getPrefix(client, name);
  if (found === null) throw neverDelegated(context, name);
  const { prefix } = found;
  const rule = parseRule(json);
  const above = await fetchBindingRules(
    client,
    found.chain.map((one) => one.prefix),
  );
  const binding = seatOf(input) === "own" ? boundOf(found) : [];
  for (const other of [...above, ...binding]) {
    const narrow = narrows(rule, prefix, other.rule, other.prefix);
    if (!narrow.ok) throw registryErrorOf(narrow.rejection);
  }
  const matcher = compileRule(rule, prefix);
  let checked = 0;
  let misfits = 0;
  for await (const entry of entriesBelow(context, client, prefix)) {
    if (!isBelow(entry.code, prefix)) continue;
    checked += 1;
    for (const { codes, rejection } of misfitsOf(matcher, entry)) {
      misfits += 1;
      const { name: rejected, detail, fault } = rejection;
      context.show(
        { code: codes, rejection: rejected, detail, ...fault },
        () => `${codes}  ${rejected}  ${detail}`,
      );
    }
  }
  context.done({ prefix, dryRun: true, checked, misfits }, () =>
    say(misfits === 0 ? "rule.dryRunFits" : "rule.dryRunMisfits", { checked, misfits }),
  );
  return misfits === 0 ? EXIT.ok : EXIT.failure;
}

/** What its delegator bound a prefix to, which its own rule has to lie within. */
function boundOf({ prefix, reported }: GetPrefixReturnType): readonly BindingRule[] {
  const bound = reported?.bound ?? null;
  return bound === null ? [] : [{ prefix, rule: parseRule(bound) }];
}

async function* entriesBelow(context: Context, client: Client, prefix: string): AsyncGenerator<ListEntry> {
  for await (const { entries } of list(client, prefix, { limit: 5_000, signal: context.io.interrupt }))
    yield* entries;
}

/** Codes of an entry that would be refused today, and why. */
type Misfit = { readonly codes: string; readonly rejection: Rejection };

/** What would be refused today; the moment and who issued it are past and do not count. */
function misfitsOf(matcher: Matcher, { code, record, interval }: ListEntry): readonly Misfit[] {
  const misfits: Misfit[] = [];
  if (record !== null) {
    const rejection = refusalOf(matcher, code, record);
    if (rejection !== undefined) misfits.push({ codes: code, rejection });
  }
  if (interval === null) return misfits;
  const { first, last, type, count, description } = interval;
  const codes = `${first} … ${last}`;
  const rejection = refusalOf(matcher, first, description) ?? refusalOf(matcher, last, description);
  if (rejection !== undefined) return [...misfits, { codes, rejection }];
  const isWhole =
    type === "batch" || count === 1 || conformsRange(matcher, first, digitsThatCount(first, last));
  return isWhole ? misfits : [...misfits, { codes, rejection: { name: "RULE_SHAPE", detail: codes } }];
}

/** Why a code would be refused; one that may be a prefix conforms too where the rule lets it be delegated. */
function refusalOf(matcher: Matcher, code: Code, description: ResolvedDescription): Rejection | undefined {
  const attributes: Attributes = acceptedOf(attributesFromJson(asJson(description.attributes)));
  const request = { code, class: description.class, attributes, timeMs: 0, role: "registrar" } as const;
  const issues = checkConforms(matcher, { ...request, act: "issue" });
  if (issues.ok || checkConforms(matcher, { ...request, act: "delegate" }).ok) return undefined;
  return issues.rejection;
}

/** The fewest digits at the end in which two codes of a range differ. */
function digitsThatCount(first: string, last: string): number {
  let same = 0;
  while (same < first.length && first[same] === last[same]) same++;
  const digits = first.length - same;
  return serialOf(first, digits) === undefined ? 1 : digits;
}
