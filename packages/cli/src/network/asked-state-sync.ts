import { findTrust } from "@cityroot/node/engine/cometbft/find-trust";
import { isPublicUrl } from "@cityroot/node/home/config-field";
import type { StateSyncConfig } from "@cityroot/node/home/consensus-config";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";

const TRUST_DAYS = 365;

/**
 * How a node is to join by a snapshot, where it is to; the block that it begins with is asked of the nodes that are named,
 * unless it is said.
 */
export async function askedStateSync(
  { say }: Context,
  input: Input,
  network: string,
): Promise<StateSyncConfig | null> {
  const servers = input.texts("sync-from");
  const height = input.count("trust-height", 1);
  const hash = input.text("trust-hash");
  if (servers.length === 0) {
    for (const [name, got] of [
      ["trust-height", height],
      ["trust-hash", hash],
    ] as const)
      if (got !== undefined)
        throw optionMalformed(say, {
          field: `--${name}`,
          expected: say("error.withSyncFrom.expected"),
          got: `${got}`,
        });
    return null;
  }
  const isMany = new Set(servers).size >= 2 && servers.every(isPublicUrl);
  if (!isMany) {
    const expected = say("error.syncFrom.expected");
    throw optionMalformed(say, { field: "--sync-from", expected, got: servers.join(" ") });
  }
  if (hash !== undefined && (height === undefined || !/^[0-9a-fA-F]{64}$/.test(hash))) {
    const expected = say("error.trustHash.expected");
    throw optionMalformed(say, { field: "--trust-hash", expected, got: hash });
  }
  if (height !== undefined && hash !== undefined)
    return { servers, trustHeight: height, trustHash: hash.toUpperCase(), trustDays: TRUST_DAYS };
  try {
    const trusted = await findTrust(servers, network, height);
    return { servers, trustHeight: trusted.height, trustHash: trusted.hash, trustDays: TRUST_DAYS };
  } catch (cause) {
    throw trustFailure({ say }, cause as Error);
  }
}

/** Nodes that say different things, or nothing: whom to believe is for people to find out. */
export function trustFailure({ say }: Pick<Context, "say">, cause: Error): unknown {
  if (cause.name !== "TrustError") return cause;
  return new CommandFailure(
    { code: "TRUST_REFUSED", exit: "verification", detail: cause.message, fix: say("error.trust.fix") },
    { cause },
  );
}
