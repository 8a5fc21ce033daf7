import { allFits, type TextIdentificationJson } from "@cityroot/codes/carrier/carried-json";
import { type FindAliasesReturnType, findAliases } from "@cityroot/sdk/find-aliases";
import type { Context } from "../context.ts";
import { connect } from "../registry/connect.ts";

/** What the registry proves to be claimed of a text and what it carries, in each system that they fit and where anything is. */
export async function identifiedAliases(
  context: Context,
  identification: TextIdentificationJson,
  day: string | undefined,
): Promise<readonly FindAliasesReturnType[]> {
  const client = await connect(context);
  const found: FindAliasesReturnType[] = [];
  for (const { system, canonical: value } of allFits(identification)) {
    const asked = { system, value, exact: true, signal: context.io.interrupt };
    const one = await findAliases(client, day === undefined ? asked : { ...asked, day });
    if (one.aliases.length > 0) found.push(one);
  }
  return found;
}
