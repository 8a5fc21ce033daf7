import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex, equalBytes } from "@cityroot/core/hex";
import { GENESIS_TIME_MS } from "@cityroot/core/ledger.testing";
import type { Checkpoint } from "@cityroot/core/log/checkpoint";
import { proveConsistency, verifyConsistency } from "@cityroot/core/log/consistency";
import { proveInclusion, verifyInclusion } from "@cityroot/core/log/inclusion";
import { decodeEntryBundle, hashAtOfTiles, TILE_WIDTH, tileWidthAt } from "@cityroot/core/log/tile";
import { frontierRoot, leafHash } from "@cityroot/core/log/tree";
import { standingOf } from "@cityroot/core/operation/standing";
import type { AsOf, ProvenStanding } from "@cityroot/core/proof/answer";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { memoryProofSource } from "@cityroot/core/proof/memory-source.testing";
import { proveAnswer, proveList } from "@cityroot/core/proof/prove";
import { type VerifyOptions, verifyAnswer } from "@cityroot/core/proof/verify";
import { verifyList } from "@cityroot/core/proof/verify-list";
import { codeKey, isKeyAtOrBelow } from "@cityroot/core/state/key";
import { auditRegistry } from "@cityroot/node/audit/audit-registry";
import { exportRegistry } from "@cityroot/node/audit/export-registry";
import {
  makeTestHome,
  openStoredNode,
  openStoredReader,
  STORED_GENESIS,
  type StoredNode,
  signTransaction,
} from "@cityroot/node/engine/embedded/stored-node.testing";
import type { Place } from "@cityroot/node/engine/engine";
import { readHome } from "@cityroot/node/home/home";
import type { StoredRegistryReader } from "@cityroot/node/resolver/stored-registry-reader";
import { verifyNative } from "@cityroot/node/signature/native-ed25519";
import { startSignaturePool } from "@cityroot/node/signature/signature-pool";
import type { RegistryStore } from "@cityroot/node/store/registry-store";
import { expect, test } from "vitest";
import { blockModel } from "../block-model.testing.ts";
import { seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";
import { CODES, HOLDERS, randomOperations, withCurrentKeys } from "./random-operations.testing.ts";

// Goal: whatever holders ask for in whatever order, and whatever happens to the node meanwhile, every answer is proven,
// is that of a model in memory, and stays true of its moment for ever.
// Method: random operations of several holders over codes that collide, some repeated, some badly signed; the node is
// closed and opened, its store fails before or after a write, its checking process is killed, its clock jumps. After
// each step the blocks are applied again in memory and proofs of codes, moments, lists and the log are verified.
// Replay: CITYROOT_SEED. CITYROOT_STEPS is how long it goes on.

const STEPS = Number(process.env["CITYROOT_STEPS"] ?? 120);
const SEED = seedFromEnvironment("CITYROOT_SEED");

/** How a code stands, as far as a moment later it must be told the same. */
type Told = {
  readonly height: number;
  readonly kind: ProvenStanding["kind"];
  readonly version: number;
  readonly text: string;
};

function tell(standing: ProvenStanding): Omit<Told, "height"> {
  const text = JSON.stringify(standing, (name, value: unknown) => {
    if (name === "isCurrent" || name === "peaks") return undefined;
    return value instanceof Uint8Array ? bytesToHex(value) : value;
  });
  return { kind: standing.kind, version: standing.kind === "record" ? standing.record.version : 1, text };
}

test(
  `${STEPS} random steps`,
  async () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    const path = makeTestHome();
    const simulation = await openSimulation(path);
    try {
      for (let step = 0; step < STEPS; step++) await simulation.step(step);
      await simulation.finish();
    } finally {
      await simulation.close();
      rmSync(path, { recursive: true, force: true });
    }
  },
  60_000 + STEPS * 1_000,
);

async function openSimulation(path: string) {
  const random = seededRandom(SEED);
  const operations = randomOperations(random);
  const model = blockModel(STORED_GENESIS);
  const told = new Map<Code, Told[]>(CODES.map((code) => [code, []]));
  const seen: NonNullable<VerifyOptions["seen"]> = new Map();
  const checkpoints: Checkpoint[] = [];
  const accepted: Uint8Array[] = [];
  let now = GENESIS_TIME_MS + 1_000;
  let nonce = 0;
  let isClosing = false;
  let child: ChildProcess | undefined;
  let failure: "before" | "after" | undefined;
  const count = { entered: 0, refused: 0, restarts: 0, failures: 0, kills: 0 };

  const wrapStore = (store: RegistryStore): RegistryStore => ({
    ...store,
    write: async (block) => {
      const way = failure;
      failure = undefined;
      if (way === "before") throw new Error("the disk is full");
      await store.write(block);
      if (way === "after") throw new Error("the disk does not answer");
    },
  });
  const pool = startSignaturePool(1, () => {
    const script = fileURLToPath(import.meta.resolve("@cityroot/node/signature/check-process"));
    child = spawn(process.execPath, ["--conditions=source", script], { stdio: ["pipe", "pipe", "inherit"] });
    return child;
  });
  // Starting a process takes longer than all the rest: it outlives the node's restarts.
  const signatures = { check: pool.check, close: () => {} };
  let itemsOf: StoredRegistryReader["source"]["itemsOf"] = () => [];
  const payloads = { itemsOf: (...which: Parameters<typeof itemsOf>) => itemsOf(...which) };
  const open = (): Promise<StoredNode> =>
    openStoredNode(path, {
      clock: () => now,
      snapshotBytesMin: 4_000,
      signatures,
      wrapStore,
      payloads,
    });
  let node = await open();
  let follower = openStoredReader(node.home, payloads);

  const follow = (): void => {
    const { checkpoint } = node.reader.head();
    model.follow(node.reader.block, checkpoint.height);
    itemsOf = memoryProofSource(model.state.entries(), { versionsOf: () => [] }, operations.items).itemsOf;
    expect(equalBytes(model.root(), checkpoint.stateRoot), `the root of block ${checkpoint.height}`).toBe(
      true,
    );
    if (checkpoints.at(-1)?.height !== checkpoint.height) checkpoints.push(checkpoint);
  };

  const submit = async (): Promise<void> => {
    const batches = Array.from({ length: 1 + random.below(3) }, () =>
      Array.from({ length: 1 + random.below(4) }, () => makeTransaction()),
    );
    const results = await Promise.all(
      batches.map((batch) => node.engine.submit(batch.map(({ bytes }) => bytes))),
    );
    const stopped = node.engine.refusesBecause() !== null;
    if (stopped) await restart();
    follow();
    for (const [at, batch] of batches.entries()) {
      for (const [index, { bytes, wanted }] of batch.entries()) {
        const { outcome } = results[at]![index]!;
        const place = model.placeOf(bytes);
        const name = `transaction ${index} of batch ${at}`;
        if (outcome.ok) expect(outcome.value, name).toEqual(place);
        else if (outcome.rejection.name !== "NODE_UNAVAILABLE") expect(place, name).toBeUndefined();
        if (wanted !== undefined && !stopped)
          expect(outcome.ok ? outcome.value : outcome.rejection.name, name).toEqual(wanted);
        if (place !== undefined) accepted.push(bytes);
        count[place === undefined ? "refused" : "entered"] += 1;
      }
    }
  };

  const makeTransaction = (): { bytes: Uint8Array; wanted?: Place | string } => {
    if (accepted.length > 0 && random.oneIn(12)) {
      const bytes = random.pick(accepted);
      return { bytes, wanted: model.placeOf(bytes)! };
    }
    nonce += 1;
    const holder = withCurrentKeys(model.state, random.oneIn(2) ? HOLDERS[0]! : random.pick(HOLDERS));
    const { height } = node.reader.head().checkpoint;
    const lastHeight = height > 0 && random.oneIn(30) ? height - 1 : height + 5_000;
    const bytes = Buffer.from(
      signTransaction(holder, operations.next(model.state, holder), { lastHeight, nonce }),
    );
    if (lastHeight < height) return { bytes, wanted: "EXPIRED" };
    if (!random.oneIn(25)) return { bytes };
    bytes[bytes.length - 1 - random.below(20)]! ^= 1 << random.below(8);
    return { bytes, wanted: "SIGNATURE_INVALID" };
  };

  const restart = async (): Promise<void> => {
    count.restarts += 1;
    await node.close();
    node = await open();
  };

  const disturb = async (): Promise<void> => {
    switch (random.below(16)) {
      case 0:
        return restart();
      case 1:
      case 2:
        count.failures += 1;
        failure = random.oneIn(2) ? "before" : "after";
        return;
      case 3:
        if (!random.oneIn(4)) return;
        count.kills += 1;
        child?.kill("SIGKILL");
        return;
      case 4:
        now += random.below(2) === 0 ? -random.below(3_600_000) : random.below(3_600_000);
        return;
      case 5:
        await follower.close();
        follower = openStoredReader(node.home, payloads);
        return;
      default:
        now += random.below(2_000);
    }
  };

  /** The model's word on a code now. */
  const standingNow = (code: Code): Omit<Told, "height"> => {
    const standing = standingOf(model.state, code);
    if (standing.kind === "record") return tell({ kind: "record", record: standing.record, isCurrent: true });
    if (standing.kind === "in-range") return tell(standing);
    const item =
      standing.kind === "in-batch" ? operations.items.itemOf(standing.interval.root, code) : undefined;
    if (item === undefined || standing.kind !== "in-batch") return tell({ kind: "never-issued" });
    return { kind: "in-batch", version: 1, text: "" };
  };

  /** What must be told of a code as of a height, from what was told then and what holds now. */
  const wantedAt = (code: Code, height: number): string => {
    const history = told.get(code)!;
    const current = history.at(-1)!;
    const then = history.findLast((one) => one.height <= height) ?? { ...current, kind: "never-issued" };
    if (current.kind === "never-issued") return "never-issued";
    if (then.kind === "never-issued") return "not-yet-issued";
    if (then.kind === "record") return then.text;
    return current.kind === "record" ? "record 1" : then.kind;
  };

  const prove = (reader: StoredRegistryReader, code: Code, asOf?: AsOf): ProvenStanding => {
    const options = asOf === undefined ? {} : { asOf };
    const head = reader.head();
    const bundle = encodeBundle(proveAnswer(reader.source, code, head, { ...options, delegations: true }));
    const verify = { policy: node.policy, verifySignature: verifyNative, seen, ...options };
    const answer = verifyAnswer(bundle, code, verify);
    if (!answer.ok)
      throw new Error(`${code} ${JSON.stringify(asOf)}: ${answer.failure.name} ${answer.failure.detail}`);
    expect(answer.value.delegations, `the delegations of ${code}`).toBeDefined();
    return answer.value.standing;
  };

  const checkAnswers = (): void => {
    const { checkpoint } = node.reader.head();
    for (const [code, history] of told) {
      const standing = standingNow(code);
      if (history.at(-1)?.text !== standing.text || history.at(-1)?.kind !== standing.kind)
        history.push({ height: checkpoint.height, ...standing });
    }
    for (let question = 0; question < 5; question++) {
      const code = random.pick(CODES);
      const reader = random.oneIn(2) ? follower : node.reader;
      const standing = tell(prove(reader, code));
      const wanted = standingNow(code);
      expect(standing.kind, code).toBe(wanted.kind);
      if (standing.kind !== "in-batch") expect(standing.text, code).toBe(wanted.text);
      // Only moments at which it was looked are known for sure.
      const height = random.pick(checkpoints).height;
      const then = tell(prove(reader, code, { height }));
      const name = `${code} as of ${height} of ${checkpoint.height}`;
      const text = wantedAt(code, height);
      if (text.startsWith("{")) expect(then.text, name).toBe(text);
      else expect(text === "record 1" ? `${then.kind} ${then.version}` : then.kind, name).toBe(text);
    }
  };

  const checkList = (): void => {
    const prefix = random.pick(["MA.156", "MA.156.1301", "MA.156.1301.02/60.10000000.1"]) as Code;
    const stem = codeKey(prefix);
    const wanted = model.state.entries().filter(({ key }) => isKeyAtOrBelow(key, stem));
    const head = node.reader.head();
    const { bundle } = proveList(node.reader.source, prefix, head, { limit: 10_000 });
    const verify = { policy: node.policy, verifySignature: verifyNative, seen };
    const list = verifyList(encodeBundle(bundle), prefix, undefined, verify);
    if (wanted.length === 0) return;
    if (!list.ok) throw new Error(`the list below ${prefix}: ${list.failure.name} ${list.failure.detail}`);
    expect(list.value.isLast, prefix).toBe(true);
    expect(
      list.value.entries.map(({ code, value }) => [codeKey(code), bytesToHex(value)]),
      prefix,
    ).toEqual(wanted.map(({ key, value }) => [key, bytesToHex(value)]));
  };

  const checkLog = (): void => {
    const { reader } = node;
    const { checkpoint } = reader.head();
    expect(checkpoint.size, "an entry for each transaction, a seal for each block").toBe(model.log().size);
    expect(equalBytes(checkpoint.logRoot, frontierRoot(model.log())), "the log's root").toBe(true);
    const hashAt = hashAtOfTiles((level, index) => reader.tile(level, index)!);
    const older = random.pick(checkpoints);
    const consistency = proveConsistency(hashAt, older.size, checkpoint.size);
    const span = `the log from ${older.size} to ${checkpoint.size}`;
    expect(verifyConsistency(older.logRoot, checkpoint.logRoot, consistency), span).toBe(true);
    const leaf = random.below(checkpoint.size);
    const bundle = Math.floor(leaf / TILE_WIDTH);
    const entries = decodeEntryBundle(reader.entryBundle(bundle)!, tileWidthAt(0, bundle, checkpoint.size));
    if (!entries.ok) throw new Error(entries.fault.field);
    const inclusion = proveInclusion(hashAt, leaf, checkpoint.size);
    const hash = leafHash(entries.value[leaf % TILE_WIDTH]!);
    expect(verifyInclusion(hash, inclusion, checkpoint.logRoot), `leaf ${leaf} of ${checkpoint.size}`).toBe(
      true,
    );
  };

  return {
    step: async (step: number) => {
      try {
        await disturb();
        await submit();
        checkAnswers();
        checkList();
        checkLog();
      } catch (cause) {
        throw new Error(`step ${step} of CITYROOT_SEED=${SEED}: ${(cause as Error).message}`, { cause });
      }
    },
    finish: async () => {
      const home = readHome(path);
      const report = await auditRegistry(home, undefined, 0);
      expect(report.height).toBe(model.height());
      expect(report.stateRoot).toBe(bytesToHex(model.root()));
      await exportRegistry(home, `${path}/registry.export`);
      console.info(
        `${count.entered} entered, ${count.refused} not, in ${report.height} blocks; ${report.entries} entries, ${report.versions} earlier versions; ${count.restarts} restarts, ${count.failures} failing writes, ${count.kills} kills`,
      );
    },
    close: async () => {
      if (isClosing) return;
      isClosing = true;
      await follower.close();
      await node.close();
      pool.close();
    },
  };
}
