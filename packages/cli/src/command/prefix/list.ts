import type { Code } from "@cityroot/codes/ma/code";
import { isBelow } from "@cityroot/codes/ma/prefix";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { codeKey } from "@cityroot/core/state/key";
import { type AnswerObject, listAt, malformed, memberOf, orNull, requestJson } from "@cityroot/sdk/answer";
import type { Client } from "@cityroot/sdk/client";
import { type GetPrefixReturnType, getPrefix } from "@cityroot/sdk/get-prefix";
import { codeAt } from "@cityroot/sdk/resolve-unverified";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { connect } from "../../registry/connect.ts";
import { listRoots } from "../../registry/list-roots.ts";
import { textOf } from "../../registry/resolution-lines.ts";
import { neverDelegated } from "./show.ts";

/** Prefixes that are asked for at once. */
const PARALLEL = 16;
const PART_MAX = 1_000;

export const command: CommandDefinition = {
  arguments: [{ name: "[prefix]", text: "argument.prefixOptional" }],
  options: [{ flags: "--deep", text: "option.deep" }],
  examples: [
    "cityroot prefix list",
    "cityroot prefix list MA.156.1301",
    "cityroot prefix list --deep --json",
  ],
  run: async (context, input) => {
    const named = input.optionalArgument("prefix");
    const client = await connect(context);
    const found: GetPrefixReturnType[] = [];
    const tops = named === undefined ? await listRoots(client) : [named];
    for (const top of tops) {
      const prefix = await getPrefix(client, top, { reported: false, signal: context.io.interrupt });
      if (prefix === null) throw neverDelegated(context, top);
      if (named === undefined) found.push(prefix);
      if (named !== undefined || input.flag("deep")) {
        await addBelow(context, client, prefix.prefix, { found, isDeep: input.flag("deep") });
      }
    }
    showPrefixes(context, found);
    return undefined;
  },
};

async function addBelow(
  context: Context,
  client: Client,
  prefix: Code,
  { found, isDeep }: { readonly found: GetPrefixReturnType[]; readonly isDeep: boolean },
): Promise<void> {
  let after: Code | undefined;
  do {
    context.throwIfInterrupted();
    const { json, place } = await requestJson(client, {
      path: `v1/lists/${prefix}`,
      query: { nearest: true, limit: PART_MAX, after },
      bytesMax: 16_777_216,
    });
    const codes = listAt(...memberOf(json, "entries", place))
      .filter(isPrefix)
      .map((entry) => codeAt(...memberOf(entry, "code", place)));
    // A list goes on and down, or it would never end.
    const stray = codes.find((code) => !isBelow(code, prefix));
    if (stray !== undefined) return malformed(place, `codes below ${prefix}`);
    for (let at = 0; at < codes.length; at += PARALLEL) {
      const asked = codes
        .slice(at, at + PARALLEL)
        .map((code) => getPrefix(client, code, { reported: false, signal: context.io.interrupt }));
      for (const answer of await Promise.all(asked)) {
        if (answer === null) continue;
        found.push(answer);
        if (isDeep) await addBelow(context, client, answer.prefix, { found, isDeep });
      }
    }
    const next = orNull(...memberOf(json, "next", place), codeAt);
    if (next !== null && codeKey(next) <= codeKey(after ?? prefix))
      return malformed(place, "a list that goes on");
    after = next ?? undefined;
  } while (after !== undefined);
}

/** Whether the server says that an entry is a prefix: who holds it is then asked with proof. */
function isPrefix(entry: Json): entry is AnswerObject {
  return isJsonObject(entry) && entry["isPrefix"] === true;
}

function showPrefixes(context: Context, prefixes: readonly GetPrefixReturnType[]): void {
  const { say, language } = context;
  if (context.json) {
    for (const prefix of prefixes) context.show(prefix, () => []);
    return;
  }
  const headings = [say("list.prefix"), say("list.status"), say("fact.holder")];
  const rows = prefixes.map((one) => [
    one.prefix,
    say(`status.${one.status}`),
    textOf(one.holder.name, language),
  ]);
  context.show({}, () => (rows.length === 0 ? say("list.noPrefix") : context.table(headings, rows)));
}
