import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { verifyInclusion } from "@cityroot/core/log/inclusion";
import { leafHash, rootOf } from "@cityroot/core/log/tree";
import { attributesOf, updateOf } from "@cityroot/core/operation/operation.testing";
import type { AsOf } from "@cityroot/core/proof/answer";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { proveAnswer } from "@cityroot/core/proof/prove";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { decodeVersioned, type Moment } from "@cityroot/core/state/entry";
import { codeKey, type StateKey } from "@cityroot/core/state/key";
import { decodeRecord } from "@cityroot/core/state/record";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  NATION,
  openStoredNode,
  signTransaction,
  withTestHome,
} from "../engine/embedded/stored-node.testing.ts";
import { verifyNative } from "../signature/native-ed25519.ts";
import { installNativeFunctions } from "./native-functions.ts";
import { findRow, findRowAt, proveVersionsAt, type ReadRow } from "./version-history.ts";
import { decodeVersionRow, encodeVersionRow, makeVersionRow, type VersionRow } from "./version-row.ts";

// Goal: every earlier version is found, by its number and by any moment, with a proof, and without reading them all.

beforeAll(installNativeFunctions);

const KEY = "key" as StateKey;

/** Rows of several entries, written in between each other as blocks replace their versions. */
function writeRows(lengths: readonly number[], momentOf: (index: number) => Moment) {
  const rows: VersionRow[] = [];
  const newest = lengths.map(() => 0);
  let reads = 0;
  const readRow: ReadRow = (number) => {
    reads += 1;
    return rows[number - 1]!;
  };
  for (let index = 0; index < Math.max(...lengths); index++) {
    for (const [entry, length] of lengths.entries()) {
      if (index >= length) continue;
      const row = makeVersionRow(versionOf(entry, index), newest[entry]!, momentOf(index), readRow);
      newest[entry] = rows.push(decodeVersionRow(encodeVersionRow(row)));
    }
  }
  return {
    readRow,
    newest,
    readsOf: <T>(work: () => T): { readonly value: T; readonly reads: number } => {
      reads = 0;
      return { value: work(), reads };
    },
  };
}

function versionOf(entry: number, index: number): Uint8Array {
  return Buffer.from(`entry ${entry}, version ${index + 1}`);
}

test("each of 1 to 200 versions is found and proven, in reads that grow with the logarithm of their number", () => {
  for (let length = 1; length <= 200; length += length < 70 ? 1 : 13) {
    const { readRow, newest, readsOf } = writeRows([length, 3], (index) => ({
      height: index + 1,
      timeMs: index,
    }));
    const leaves = Array.from({ length }, (_, index) => leafHash(versionOf(0, index)));
    const root = rootOf(leaves);
    const steps = Math.ceil(Math.log2(length + 1)) + 1;
    for (let index = 0; index < length; index++) {
      const name = `version ${index + 1} of ${length}`;
      const found = readsOf(() => findRow(readRow, newest[0]!, index));
      expect(readRow(found.value).index, name).toBe(index);
      expect(found.reads, `reads for ${name}`).toBeLessThanOrEqual(2 * steps);
      const proof = readsOf(() => proveVersionsAt(readRow, newest[0]!, KEY, { version: index + 1 }));
      expect(proof.value).toHaveLength(1);
      const inclusion = { index, size: length, path: proof.value[0]!.path };
      expect(verifyInclusion(leaves[index]!, inclusion, root), `proof of ${name}`).toBe(true);
      expect(proof.reads, `reads for the proof of ${name}`).toBeLessThanOrEqual(3 * steps);
      const asOf = readsOf(() => proveVersionsAt(readRow, newest[0]!, KEY, { height: index + 0.5 }));
      expect(asOf.reads, `reads for the moment of ${name}`).toBeLessThanOrEqual(6 * steps);
    }
  }
});

test("the version of a moment is the one that had begun and was not over", () => {
  const steps = fc.array(fc.nat(2), { minLength: 1, maxLength: 60, size: "max" });
  fc.assert(
    fc.property(steps, (gaps) => {
      // Where a gap is 0, several versions were replaced in one block.
      const heights = gaps.map((_, at) => gaps.slice(0, at + 1).reduce((sum, gap) => sum + gap, 1));
      const { readRow, newest, readsOf } = writeRows([gaps.length], (index) => ({
        height: heights[index]!,
        timeMs: heights[index]! * 1_000,
      }));
      const last = heights[heights.length - 1]!;
      for (let height = 0; height < last; height++) {
        const ends = (until: Moment): boolean => until.height <= height;
        const wanted = heights.findIndex((until) => until > height);
        const found = readsOf(() => findRowAt(readRow, newest[0]!, ends));
        expect(readRow(found.value).index, `at ${height} of ${heights}`).toBe(wanted);
        const limit = 2 + 2 * (Math.ceil(Math.log2(gaps.length + 1)) + 1) ** 2;
        expect(found.reads, `reads at ${height}`).toBeLessThanOrEqual(limit);
      }
    }),
    { numRuns: 60 },
  );
});

test("every version and every moment of a record resolves with a proof that the core verifies", async () => {
  await withTestHome(async (path) => {
    // The clock stands still for several blocks.
    let now = 1_767_225_600_000;
    const node = await openStoredNode(path, { clock: () => now });
    const code = "MA.156.1301.02/60.10000000.1/000007" as Code;
    await node.engine.submit([signTransaction(NATION, [issueOf(code)], { lastHeight: 500, nonce: 0 })]);
    const oldHead = node.reader.head();
    const first = oldHead.checkpoint;
    const since: (Moment & { readonly version: number })[] = [
      { height: 1, timeMs: first.timeMs, version: 1 },
    ];
    for (let block = 0; since.length < 200; block++) {
      if (block % 3 === 0) now += 1_000;
      const changes = Array.from({ length: 1 + ((block * 7) % 5) }, (_, at) =>
        updateOf(code, { attributes: attributesOf([["name", [["en", `lamp ${block}-${at}`]]]]) }),
      );
      const bytes = signTransaction(NATION, changes, { lastHeight: 500, nonce: block + 1 });
      const [result] = await node.engine.submit([bytes]);
      if (!result!.outcome.ok) throw new Error(result!.outcome.rejection.detail);
      const { height, timeMs } = node.reader.head().checkpoint;
      for (const _ of changes) since.push({ height, timeMs, version: since.length + 1 });
    }
    const head = node.reader.head();
    const { checkpoint } = head;
    const seen = new Map();
    const versionAt = (asOf: AsOf): number | string => {
      const bundle = encodeBundle(proveAnswer(node.reader.source, code, head, { asOf }));
      const answer = verifyAnswer(bundle, code, {
        policy: node.policy,
        asOf,
        seen,
        verifySignature: verifyNative,
      });
      if (!answer.ok) return `${answer.failure.name}: ${answer.failure.detail}`;
      const { standing } = answer.value;
      return standing.kind === "record" ? standing.record.version : standing.kind;
    };
    for (const { version } of since) expect(versionAt({ version }), `version ${version}`).toBe(version);
    for (let height = 0; height <= checkpoint.height; height++) {
      const wanted = since.findLast((one) => one.height <= height)?.version ?? "not-yet-issued";
      expect(versionAt({ height }), `height ${height}`).toBe(wanted);
    }
    for (const timeMs of new Set(since.flatMap((one) => [one.timeMs - 1, one.timeMs, one.timeMs + 1]))) {
      if (timeMs > checkpoint.timeMs) continue;
      const wanted = since.findLast((one) => one.timeMs <= timeMs)?.version ?? "not-yet-issued";
      expect(versionAt({ timeMs }), `time ${timeMs}`).toBe(wanted);
    }
    expect(versionAt({ version: since.length + 1 })).toMatch("as-of-later");
    const all = node.reader.versions(codeKey(code), 1_000);
    expect(all.map(({ version }) => version)).toEqual(since.map(({ version }) => version).reverse());
    for (const { version, bytes } of all) {
      expect(decodeVersioned(bytes)?.version.version, `bytes of ${version}`).toBe(version);
      expect(decodeRecord(bytes)?.since, `since of ${version}`).toEqual({
        height: since[version - 1]!.height,
        timeMs: since[version - 1]!.timeMs,
      });
    }
    expect(node.reader.versions(codeKey(code), 3, 50).map(({ version }) => version)).toEqual([49, 48, 47]);
    expect(node.reader.versions(codeKey(code), 3, 2).map(({ version }) => version)).toEqual([1]);
    expect(node.reader.versions(codeKey("MA.156.9" as Code), 3)).toEqual([]);
    // An old checkpoint does not go with today's state.
    const stale = encodeBundle(proveAnswer(node.reader.source, code, oldHead));
    expect(verifyAnswer(stale, code, { policy: node.policy, verifySignature: verifyNative }).ok).toBe(false);
    await node.close();
  });
});
