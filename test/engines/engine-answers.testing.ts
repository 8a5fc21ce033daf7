import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import type { AsOf, ProvenStanding } from "@cityroot/core/proof/answer";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { proveAnswer, proveList } from "@cityroot/core/proof/prove";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { verifyList } from "@cityroot/core/proof/verify-list";
import { verifyNative } from "@cityroot/node/signature/native-ed25519";
import type { EngineWorld } from "./engine-worlds.testing.ts";

/** How a code stands, by a proof that holds under the world's policy. */
export function proveIn({ reader, policy }: EngineWorld, code: Code, asOf?: AsOf): ProvenStanding {
  const options = asOf === undefined ? {} : { asOf };
  const head = reader().head();
  const bundle = encodeBundle(proveAnswer(reader().source, code, head, { ...options, delegations: true }));
  const answer = verifyAnswer(bundle, code, { policy, verifySignature: verifyNative, ...options });
  if (!answer.ok) throw new Error(`${code}: ${answer.failure.name}, ${answer.failure.detail}`);
  if (answer.value.delegations === undefined) throw new Error(`${code}: its delegations are not shown`);
  return answer.value.standing;
}

/** All codes that have an entry at and below a prefix, by a proof that there are no others. */
export function listIn({ reader, policy }: EngineWorld, prefix: Code): readonly Code[] {
  const { bundle } = proveList(reader().source, prefix, reader().head(), { limit: 10_000 });
  const list = verifyList(encodeBundle(bundle), prefix, undefined, {
    policy,
    verifySignature: verifyNative,
  });
  if (!list.ok) throw new Error(`below ${prefix}: ${list.failure.name}, ${list.failure.detail}`);
  if (!list.value.isLast) throw new Error(`below ${prefix}: the list goes on`);
  return list.value.entries.map(({ code }) => code);
}

/** Where a world stands. */
export function rootsOf({ reader }: EngineWorld): { readonly [root: string]: string | number } {
  const { height, timeMs, size, stateRoot, logRoot } = reader().head().checkpoint;
  return { height, timeMs, size, stateRoot: bytesToHex(stateRoot), logRoot: bytesToHex(logRoot) };
}

/** What depends on when something entered. */
const OF_MOMENTS: readonly string[] = ["since", "peaks", "asOf"];

/**
 * How everything stands below a prefix, in words that hold no height and no time. Of the codes that are named apart, whose
 * items nobody holds, it says only that they are there.
 */
export function storyOf(world: EngineWorld, prefix: Code, apart: readonly Code[]): string {
  const tell = (standing: ProvenStanding): string =>
    JSON.stringify(standing, (name, value: unknown) => {
      if (OF_MOMENTS.includes(name)) return undefined;
      return value instanceof Uint8Array ? bytesToHex(value) : value;
    });
  return listIn(world, prefix)
    .map((code) => (apart.includes(code) ? code : `${code} ${tell(proveIn(world, code))}`))
    .join("\n");
}
