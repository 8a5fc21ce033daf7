import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import {
  keySetOfSeeds,
  publicKeyOfSeed,
  seedOf,
  type TestHolder,
  testHolder,
} from "@cityroot/core/ledger.testing";
import type { Operation } from "@cityroot/core/operation/operation";
import {
  attributesOf,
  delegateOf,
  openRule,
  rangeOf,
  reinstateOf,
  retireOf,
  rotateOf,
  setRuleOf,
  supersedeOf,
  suspendOf,
  transferOf,
  updateOf,
} from "@cityroot/core/operation/operation.testing";
import { type ItemProof, standingOf } from "@cityroot/core/operation/standing";
import { type ItemBook, itemBook } from "@cityroot/core/proof/memory-source.testing";
import { UNIVERSE } from "@cityroot/core/proof/random-history.testing";
import { issueItems, issueOne } from "@cityroot/core/proof/registry.testing";
import { decodeHolder } from "@cityroot/core/state/holder";
import { holderKey } from "@cityroot/core/state/key";
import type { StateView } from "@cityroot/core/state/view";
import { NATION } from "@cityroot/node/engine/embedded/stored-node.testing";
import type { SeededRandom } from "../seeded-random.testing.ts";

/** Who acts in a simulation; the nation holds the root prefix and the others what it gives them. */
export const HOLDERS: readonly TestHolder[] = [NATION, testHolder("City", 2), testHolder("Bureau", 3)];

/** The codes that a simulation is about: some that get into each other's way, and some that have room. */
export const CODES: readonly Code[] = [
  ...UNIVERSE,
  ...Array.from({ length: 60 }, (_, at) => `MA.156.1301.02/60.10000000.9/${at}` as Code),
];

/** Keys that holders change to: by their public keys. */
const SEEDS = new Map(
  Array.from({ length: 12 }, (_, number) => seedOf(number)).map((seed) => [
    bytesToHex(publicKeyOfSeed(seed)),
    seed,
  ]),
);

/** The holder with the secret keys of all the keys that it has in a state. */
export function withCurrentKeys(view: StateView, holder: TestHolder): TestHolder {
  const bytes = view.get(holderKey(holder.id));
  const current = bytes === undefined ? undefined : decodeHolder(bytes);
  if (current === undefined) return holder;
  return { ...holder, seeds: current.keys.keys.map((key) => SEEDS.get(bytesToHex(key.bytes))!) };
}

/** Makes operations at random; which of them the rules let through, the ledger decides. */
export function randomOperations(random: SeededRandom): {
  readonly items: ItemBook;
  readonly next: (view: StateView, holder: TestHolder) => Operation[];
} {
  const items = itemBook();
  const serials = UNIVERSE.slice(0, 14);
  let batches = 0;
  const nextOf = (view: StateView, holder: TestHolder): Operation => {
    const any = random.pick(CODES);
    // What lies above all others is left to stand, or there would soon be nothing left to do.
    const code = any.includes("/") || random.oneIn(200) ? any : random.pick(CODES.slice(-60));
    const other = random.pick(HOLDERS);
    const item = itemOf(items, view, code);
    switch (random.below(16)) {
      case 0:
      case 1:
      case 2:
        return issueOne(code);
      case 3:
        return rangeOf(random.pick(serials), 1 + random.below(3), 1 + random.below(8));
      case 4: {
        const some = serials.filter(() => random.oneIn(3));
        batches += 1;
        return issueItems(items, some.length > 0 ? some : [code]);
      }
      case 5:
      case 6:
      case 7:
      case 8:
        return updateOf(code, {
          item,
          attributes: attributesOf([["category", `kind-${random.below(999)}-${batches}`]]),
        });
      case 9:
        return suspendOf(code, item);
      case 10:
        return reinstateOf(code, item);
      case 11:
        return random.oneIn(3) ? retireOf(code, item) : suspendOf(code, item);
      case 12: {
        const successor = random.pick(UNIVERSE);
        return supersedeOf("rename", [code], [successor], item, itemOf(items, view, successor));
      }
      case 13:
        return transferOf(code, other, item);
      case 14:
        return random.oneIn(2)
          ? delegateOf(code, other)
          : setRuleOf(random.pick(["MA.156.1301", code]), openRule({}), random.oneIn(2) ? "own" : "bound");
      default: {
        const seeds = [random.below(12), random.below(12)].filter((one, at, all) => all.indexOf(one) === at);
        return random.oneIn(3) && holder !== NATION
          ? rotateOf(keySetOfSeeds(seeds.map(seedOf), 1 + random.below(seeds.length)))
          : issueOne(`MA.156.1301.02/60.10000000.8/${random.below(5_000)}`);
      }
    }
  };
  return {
    items,
    next: (view, holder) =>
      Array.from({ length: random.oneIn(4) ? 1 + random.below(4) : 1 }, () => nextOf(view, holder)),
  };
}

function itemOf(items: ItemBook, view: StateView, code: Code): ItemProof | null {
  const standing = standingOf(view, code);
  if (standing.kind !== "in-batch") return null;
  const { root } = standing.interval;
  const index = items.codesOf(root).indexOf(code);
  return index < 0 ? null : items.proofAt(root, index);
}
