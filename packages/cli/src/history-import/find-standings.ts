import { type Code, isCode } from "@cityroot/codes/ma/code";
import type { Client } from "@cityroot/sdk/client";
import { findAliases, type ResolvedAlias } from "@cityroot/sdk/find-aliases";
import type { ResolvedRecord } from "@cityroot/sdk/resolution";
import { resolve } from "@cityroot/sdk/resolve";
import { findTaken } from "../import/find-taken.ts";

/** Questions that are asked at once. */
const PARALLEL = 32;

/** What the ledger holds of a code: its record, and all that is claimed of a legacy code. */
export type Standing = { readonly record: ResolvedRecord; readonly aliases: readonly ResolvedAlias[] };

/** Whose standing is asked for. */
export type Asked = { readonly code: string; readonly value: string };

/**
 * What the ledger holds of codes that were issued; others have none. A hint for what to submit: the ledger judges again what
 * is. Where nothing was issued, a request or two answer for all.
 */
export async function findStandings(
  client: Client,
  system: string,
  asked: readonly Asked[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Standing>> {
  const codes = asked.flatMap(({ code }) => (isCode(code) ? [code] : []));
  const taken = await findTaken(client, [...new Set(codes)], signal);
  const open = asked.filter(({ code }) => taken.has(code));
  const standings = new Map<string, Standing>();
  const look = async ({ code, value }: Asked): Promise<void> => {
    const [record, { aliases }] = await Promise.all([
      findRecord(client, code as Code, signal),
      findAliases(client, { system, value, exact: true, signal }),
    ]);
    if (record !== null) standings.set(code, { record, aliases });
  };
  for (let at = 0; at < open.length; at += PARALLEL) {
    await Promise.all(open.slice(at, at + PARALLEL).map(look));
  }
  return standings;
}

/** The record of a code; null where it has none. */
export async function findRecord(
  client: Client,
  code: Code,
  signal: AbortSignal,
): Promise<ResolvedRecord | null> {
  return (await resolve(client, code, { verify: false, follow: false, signal })).record;
}
