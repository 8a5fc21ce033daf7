import type { IdentificationJson } from "@cityroot/codes/systems/identification-json";
import { type FindAliasesReturnType, findAliases } from "@cityroot/sdk/find-aliases";
import type { Context } from "../context.ts";
import { connect } from "../registry/connect.ts";
import { aliasLines, meaningLine } from "./alias-lines.ts";

/** What the registry proves to be claimed of a text, in each system that it fits and where anything is. */
export async function identifiedAliases(
  context: Context,
  { fits }: IdentificationJson,
  day: string | undefined,
): Promise<readonly FindAliasesReturnType[]> {
  const client = await connect(context);
  const found: FindAliasesReturnType[] = [];
  for (const { system, canonical: value } of fits) {
    const asked = { system, value, exact: true, signal: context.io.interrupt };
    const one = await findAliases(client, day === undefined ? asked : { ...asked, day });
    if (one.aliases.length > 0) found.push(one);
  }
  return found;
}

/** Those in lines. */
export function identifiedAliasLines(context: Context, found: FindAliasesReturnType): readonly string[] {
  return [
    meaningLine(context, found.meaning, found.day),
    ...found.aliases.flatMap((alias) => aliasLines(context, alias)),
  ];
}
