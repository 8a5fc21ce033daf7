import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Policy, parsePolicy, printPolicy } from "@cityroot/core/log/witness-policy";
import type { CheckpointStore } from "@cityroot/sdk/checkpoint-memory";
import type { Context } from "../context.ts";
import { userFolder } from "./folders.ts";
import { malformedFile } from "./read-json.ts";
import { writeFileWhole } from "./write-file.ts";

// What this user knows of registries: whom to believe about each, and the newest checkpoint seen.

/** The folder of what is known of a registry. */
export function knownFolder(context: Pick<Context, "io">, url: string): string {
  return join(userFolder(context), "known", url.replace(/^https?:\/\//, "").replace(/[^A-Za-z0-9.-]+/g, "_"));
}

/**
 * The policy that the user agreed to for a registry, or undefined. One that is damaged is refused: to take the registry's
 * word anew would let it change who is believed.
 */
export function readKnownPolicy(context: Pick<Context, "io" | "say">, url: string): Policy | undefined {
  const path = join(knownFolder(context, url), "policy.json");
  if (!existsSync(path)) return undefined;
  const policy = parsePolicy(readFileSync(path, "utf8"));
  if (policy.ok) return policy.value;
  throw malformedFile(context.say, { ...policy.fault, path });
}

/** Keeps the policy of a registry. */
export function saveKnownPolicy(context: Pick<Context, "io">, url: string, policy: Policy): void {
  writeFileWhole(join(knownFolder(context, url), "policy.json"), printPolicy(policy));
}

/** Keeps the newest checkpoint in a file, so that no later call takes an older answer. */
export function checkpointFile(path: string): CheckpointStore {
  return {
    load: () => (existsSync(path) ? readFileSync(path, "utf8") : null),
    save: (note) => {
      try {
        writeFileWhole(path, note);
      } catch {
        // A folder that cannot be written costs the memory of this call, not its answer.
      }
    },
  };
}
