import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { genesisToJson } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { STORED_GENESIS, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { memoryRegistry } from "@cityroot/node/registry.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";
import { HOLDERS, randomOperations, withCurrentKeys } from "../simulation/random-operations.testing.ts";
import type { RecordedChain, ReplayReport } from "./chain.testing.ts";

// Goal: what a network decided comes out the same on every Node.js that a validator may run: roots depend on no release.
// Method: a chain of random operations is recorded here, and replayed with core alone by processes of other releases, which
// judge the histories of vectors/ too. CITYROOT_SEED repeats the chain, CITYROOT_BLOCKS is its length.

const BLOCKS = Number(process.env["CITYROOT_BLOCKS"] ?? 60);
const SEED = seedFromEnvironment("CITYROOT_SEED");
const PROGRAM = fileURLToPath(new URL("./replay-chain.ts", import.meta.url));
const FETCHED = fileURLToPath(new URL("../nodes/node_modules/", import.meta.url));
const HISTORIES = readdirSync(new URL("../../vectors/histories/", import.meta.url)).length;

/** Releases by their major numbers: the pinned one runs this, the others are pinned in test/nodes/package.json. */
const RELEASES = [22, 24, 26].map((major) => {
  const isThis = process.versions.node.startsWith(`${major}.`);
  const fetched = `${FETCHED}node-${major}-${process.platform}-${process.arch}/bin/node`;
  const path = isThis ? process.execPath : fetched;
  // Where others rely on the tests, a release that is missing is a failure.
  const isMissing = !existsSync(path) && process.env["CI"] === undefined;
  const why = isMissing ? ' (not tried: it is not here, "npm run fetch:nodes" fetches it)' : "";
  return { major, path, isMissing, why };
});

let folder = "";
let roots: Pick<ReplayReport, "stateRoot" | "logRoot">;
const digests = new Set<string>();

beforeAll(async () => {
  console.info(`CITYROOT_SEED=${SEED}`);
  folder = mkdtempSync(`${tmpdir()}/cityroot-replay-`);
  const recorded = await recordChain();
  writeFileSync(`${folder}/chain.json`, JSON.stringify(recorded.chain));
  ({ roots } = recorded);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const { major, path, isMissing, why } of RELEASES) {
  test.skipIf(isMissing)(
    `Node.js ${major} comes to the same roots${why}`,
    async () => {
      const { stdout } = await promisify(execFile)(
        path,
        ["--conditions=source", PROGRAM, `${folder}/chain.json`],
        { timeout: 60_000 },
      );
      const { version, digest, ...found } = JSON.parse(stdout) as ReplayReport;
      expect(version).toMatch(new RegExp(`^v${major}\\.`));
      expect(found).toEqual({ same: HISTORIES, different: [], ...roots });
      digests.add(digest);
      expect(digests.size, "the roots after every block").toBe(1);
    },
    70_000,
  );
}

/** Submits random operations, block by block. */
async function recordChain(): Promise<{ readonly chain: RecordedChain; readonly roots: typeof roots }> {
  const random = seededRandom(SEED);
  const { next } = randomOperations(random);
  const registry = memoryRegistry(STORED_GENESIS);
  const head = () => registry.reader.head().checkpoint;
  for (let nonce = 0; head().height < BLOCKS; ) {
    const transactions = Array.from({ length: 1 + random.below(4) }, () => {
      nonce += 1;
      const holder = withCurrentKeys(registry.state, random.oneIn(2) ? HOLDERS[0]! : random.pick(HOLDERS));
      return signTransaction(holder, next(registry.state, holder), { lastHeight: 10_000, nonce });
    });
    await registry.engine.submit(transactions);
  }
  const { height, stateRoot, logRoot } = head();
  const blocks = Array.from({ length: height + 1 }, (_, at) => bytesToHex(registry.reader.block(at)!));
  return {
    chain: { genesis: genesisToJson(STORED_GENESIS), blocks },
    roots: { stateRoot: bytesToHex(stateRoot), logRoot: bytesToHex(logRoot) },
  };
}
