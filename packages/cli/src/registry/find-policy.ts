import { join } from "node:path";
import { type Policy, printPolicy, readPolicy, writePolicy } from "@cityroot/core/log/witness-policy";
import { isHome, readHome } from "@cityroot/node/home/home";
import { fetchPolicy } from "@cityroot/sdk/fetch-policy";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { printableLines } from "../terminal/printable.ts";
import { addressOfHome } from "./address.ts";
import { findHome } from "./folders.ts";
import { homeMissing } from "./home-to-read.ts";
import { knownFolder, readKnownPolicy, saveKnownPolicy } from "./known-registry.ts";
import { malformedFile, readJsonFile } from "./read-json.ts";

/** Whom to believe, and where the newest checkpoint seen is kept. */
export type FoundPolicy = { readonly policy: Policy; readonly checkpointPath: string };

/** The policy that is there without asking any server: a file's, or the home's own; undefined for none. */
export function findLocalPolicy(context: Context): FoundPolicy | undefined {
  const { policy: path, say } = context;
  if (path !== undefined) return { policy: readPolicyFile(path, context), checkpointPath: `${path}.seen` };
  const home = findHome(context);
  if (home === undefined || !isOfHome(context, home)) return undefined;
  if (!isHome(home)) throw homeMissing(context, home);
  const policy = readPolicy(readHome(home).policy);
  if (!policy.ok) throw malformedFile(say, { ...policy.fault, path: join(home, "config.json") });
  return { policy: policy.value, checkpointPath: join(home, "checkpoint.seen") };
}

/**
 * Whom to believe about a registry: a file's policy, the home's own, or the one that this user agreed to before. Where
 * there is none, the registry's own word is taken if the user agrees, and kept.
 */
export async function findPolicy(context: Context, url: string): Promise<FoundPolicy> {
  const local = findLocalPolicy(context);
  if (local !== undefined) return local;
  const checkpointPath = join(knownFolder(context, url), "checkpoint.seen");
  const known = readKnownPolicy(context, url);
  if (known !== undefined) return { policy: known, checkpointPath };
  const policy = await fetchPolicy({ url });
  await agree(context, url, policy);
  saveKnownPolicy(context, url, policy);
  return { policy, checkpointPath };
}

/** The policy of a file that the user named. */
export function readPolicyFile(path: string, { say }: Pick<Context, "say">): Policy {
  const policy = readPolicy(readJsonFile(path, "--policy", say));
  if (policy.ok) return policy.value;
  throw malformedFile(say, { ...policy.fault, path });
}

function isOfHome({ url, policy, home: asked }: Context, home: string): boolean {
  if (policy !== undefined) return false;
  if (url === undefined || asked !== undefined) return true;
  return new URL(url).origin === new URL(addressOfHome(home)).origin;
}

async function agree(context: Context, url: string, policy: Policy): Promise<void> {
  const { say, io, yes, input } = context;
  const { logKeys } = writePolicy(policy);
  if (yes) {
    context.warn("POLICY_TAKEN", say("policy.taken", { url, key: logKeys.join(", ") }));
    return;
  }
  if (input) {
    io.err(printableLines(`${say("policy.new", { url })}\n${printPolicy(policy)}`));
    const answer = await io.ask(`${say("policy.ask")} `);
    if (say("confirm.yes").split(",").includes(answer.trim().toLowerCase())) return;
  }
  throw new CommandFailure({
    code: "POLICY_UNKNOWN",
    exit: "verification",
    detail: say("error.policy", { url }),
    field: "--policy",
    expected: say("error.policy.expected"),
    got: say("error.nothing"),
    fix: say("error.policy.fix"),
  });
}
