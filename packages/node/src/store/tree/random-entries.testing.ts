import type { Code } from "@cityroot/codes/ma/code";
import {
  codeKey,
  holderKey,
  keyFromBytes,
  NETWORK_KEY,
  prefixKey,
  replayKey,
  ruleKey,
  type StateKey,
  tallyKey,
} from "@cityroot/core/state/key";
import type { StateEntry } from "@cityroot/core/state/view";
import fc from "fast-check";

const STEMS = ["MA.156.1301.02/60.10000000.1", "MA.156.1301.02/60.10000000.2", "MA.156.1301", "MA.276.X"];

/** Codes that lie close together and share long prefixes, also one below another. */
const codes: fc.Arbitrary<Code> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...STEMS), fc.nat(2_000))
    .map(([stem, serial]) => `${stem}/${String(serial).padStart(6, "0")}`),
  fc.tuple(fc.constantFrom(...STEMS), fc.nat(30), fc.nat(30)).map(([stem, a, b]) => `${stem}/${a}.${b}`),
  fc
    .tuple(fc.constantFrom(...STEMS), fc.stringMatching(/^[0-9A-Za-z_-]{1,40}$/))
    .map(([stem, text]) => `${stem}/${text}`),
  fc.constantFrom(...STEMS),
) as fc.Arbitrary<Code>;

/** Keys of every kind; those of a kind have one length or end in a byte of their own, as real ones do. */
export const stateKeys: fc.Arbitrary<StateKey> = fc.oneof(
  { weight: 8, arbitrary: codes.map(codeKey) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(prefixKey, ruleKey, tallyKey), codes).map(([of, code]) => of(code)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(holderKey) },
  { weight: 1, arbitrary: fc.nat(16_383).map(replayKey) },
  { weight: 1, arbitrary: fc.constant(NETWORK_KEY) },
  // Keys that part at any bit of any byte, as no kind of today has them.
  {
    weight: 2,
    arbitrary: fc
      .uint8Array({ minLength: 24, maxLength: 24 })
      .map((bytes) => keyFromBytes(Uint8Array.of(9, ...bytes))!),
  },
);

/** Values of all sizes up to one that no page holds beside another. */
const values: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.nat(300) },
      { weight: 2, arbitrary: fc.integer({ min: 300, max: 2_500 }) },
      { weight: 1, arbitrary: fc.integer({ min: 3_900, max: 6_000 }) },
    ),
    fc.nat(255),
  )
  .map(([size, fill]) => new Uint8Array(size).fill(fill));

/** What blocks write: some of the keys again and again, so that entries are replaced. */
export function randomBlocks(keyCount: number, blockCount: number): fc.Arbitrary<readonly StateEntry[][]> {
  return fc.uniqueArray(stateKeys, { minLength: 1, maxLength: keyCount, size: "max" }).chain((keys) =>
    fc.array(
      fc.array(fc.record({ key: fc.constantFrom(...keys), value: values }), {
        minLength: 1,
        maxLength: Math.ceil((2 * keyCount) / blockCount),
        size: "max",
      }),
      { minLength: 1, maxLength: blockCount, size: "max" },
    ),
  );
}
