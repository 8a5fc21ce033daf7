import { bytesToHex } from "@cityroot/core/hex";
import { decodeFrontier, frontierRoot } from "@cityroot/core/log/tree";
import type { Network } from "@cityroot/core/state/network";
import Type from "typebox";
import { Value } from "typebox/value";
import type { StoredHead } from "../../store/registry-store.ts";

/** Where a registry stands, in words that its operators can compare: digests in hexadecimal digits. */
export type LedgerHead = {
  readonly height: number;
  readonly timeMs: number;
  readonly stateRoot: string;
  readonly logSize: number;
  readonly logRoot: string;
};

/** What the genesis of a consensus says of the registry: which one it is, and where it stood when the consensus began. */
export type GenesisState = {
  /** Digest of the registry's genesis, in hexadecimal digits. */
  readonly genesis: string;
  /** Left out where the registry begins with the consensus. */
  readonly head?: LedgerHead;
};

const Digest = Type.String({ pattern: "^[0-9a-f]{64}$" });
const State = Type.Object({
  genesis: Digest,
  head: Type.Optional(
    Type.Object({
      height: Type.Integer({ minimum: 0 }),
      timeMs: Type.Integer({ minimum: 0 }),
      stateRoot: Digest,
      logSize: Type.Integer({ minimum: 1 }),
      logRoot: Digest,
    }),
  ),
});

/** Where a registry stands after its newest block. */
export function ledgerHeadOf({ height, timeMs, stateRoot, logFrontier }: StoredHead): LedgerHead {
  const frontier = decodeFrontier(logFrontier);
  if (!frontier.ok) throw new Error("the store's log frontier is damaged");
  return {
    height,
    timeMs,
    stateRoot: bytesToHex(stateRoot),
    logSize: frontier.value.size,
    logRoot: bytesToHex(frontierRoot(frontier.value)),
  };
}

/** Why a consensus does not begin with this registry; undefined where it does. */
export function whyOtherRegistry(
  appState: Uint8Array,
  network: Network,
  head: StoredHead,
): string | undefined {
  const stated = parse(appState);
  if (!Value.Check(State, stated))
    return "the genesis of the consensus does not say which registry it begins with";
  const genesis = bytesToHex(network.genesis);
  if (stated.genesis !== genesis)
    return `the consensus begins with a registry of the genesis ${stated.genesis}, this one has ${genesis}`;
  const own = ledgerHeadOf(head);
  if (stated.head === undefined) {
    if (own.height === 0) return undefined;
    return `the consensus begins with a new registry, this one stands at height ${own.height}: import it into every node, and name its head in the genesis`;
  }
  for (const name of ["height", "timeMs", "stateRoot", "logSize", "logRoot"] as const) {
    if (stated.head[name] === own[name]) continue;
    return `the consensus begins with a registry whose ${name} is ${stated.head[name]}, this one has ${own[name]}: take the export that every other node took`;
  }
  return undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
