import type { Client } from "@cityroot/sdk/client";
import { findAliases } from "@cityroot/sdk/find-aliases";
import { resolve } from "@cityroot/sdk/resolve";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import type { AskedClaim } from "./alias-options.ts";

/** Who claims: the prefix that was named, else the one that has the say over the target. */
export async function newClaimant(
  { say, io }: Context,
  input: Input,
  client: Client,
  { target }: AskedClaim,
): Promise<string> {
  const named = input.text("claimant");
  if (named !== undefined) return named;
  const { chain } = await resolve(client, target, { follow: false, signal: io.interrupt });
  const nearest = chain?.at(-1)?.prefix;
  if (nearest !== undefined) return nearest;
  throw new CommandFailure({
    code: "PREFIX_UNKNOWN",
    exit: "notFound",
    detail: say("error.noPrefix", { code: target }),
    field: "--target",
    expected: say("error.noPrefix.expected"),
    got: target,
  });
}

/** Who claimed something: the prefix that was named, else the only one that did. */
export async function madeClaimant(
  { say, io }: Context,
  input: Input,
  client: Client,
  claim: AskedClaim,
): Promise<string> {
  const named = input.text("claimant");
  if (named !== undefined) return named;
  const { system, value, relation, target } = claim;
  const found = await findAliases(client, { system, value, exact: true, signal: io.interrupt });
  const claimants = found.aliases
    .filter((alias) => alias.relation === relation && alias.target === target)
    .map(({ claimant }) => claimant);
  const [only, ...others] = claimants;
  if (only !== undefined && others.length === 0) return only;
  throw new CommandFailure({
    code: only === undefined ? "ALIAS_UNKNOWN" : "CLAIMANT_MISSING",
    exit: only === undefined ? "notFound" : "usage",
    detail:
      only === undefined
        ? say("error.noClaim", { value, target })
        : say("error.claimants", { value, target, claimants: claimants.join(", ") }),
    field: "--claimant",
    expected: say("error.claimants.expected"),
    got: say("error.nothing"),
  });
}
