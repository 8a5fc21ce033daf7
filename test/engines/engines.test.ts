// Goal: an engine is an engine: whoever submits, reads and verifies cannot tell by the answers which one orders the
// transactions. What it promises (Spec §8.7) holds in memory, embedded and over CometBFT.
// Method: one suite, run on each of the three, over real stores and processes. Afterwards the blocks that each of them made
// are given to the other engines, which must come to the same roots.
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Code } from "@cityroot/codes/ma/code";
import { decodeBlock } from "@cityroot/core/block";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { GENESIS_TIME_MS, issueOf, nameOf } from "@cityroot/core/ledger.testing";
import { TRANSACTION_BYTES_MAX } from "@cityroot/core/limits";
import { attributesOf, updateOf } from "@cityroot/core/operation/operation.testing";
import type { AsOf, ProvenStanding } from "@cityroot/core/proof/answer";
import { REJECTIONS, type RejectionName } from "@cityroot/core/rejection";
import { auditRegistry } from "@cityroot/node/audit/audit-registry";
import { exportRegistry } from "@cityroot/node/audit/export-registry";
import { importRegistry } from "@cityroot/node/audit/import-registry";
import { COMETBFT_MISSING, WHY_NOT } from "@cityroot/node/engine/cometbft/comet-network.testing";
import type { Place } from "@cityroot/node/engine/engine";
import { readHome } from "@cityroot/node/home/home";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InvalidTransaction, TransactionFile } from "../../scripts/vectors/transaction-vectors.ts";
import { listIn, proveIn, rootsOf, storyOf } from "./engine-answers.testing.ts";
import { postOf, withHttp } from "./engine-http.testing.ts";
import {
  type EngineWorld,
  openCometWorld,
  openEmbeddedWorld,
  openMemoryWorld,
  type WorldOptions,
} from "./engine-worlds.testing.ts";
import { BATCH, NEVER_ANSWERED, NOT_TRIED, PROVOCATIONS, STAGE, type Step } from "./provocations.testing.ts";
import { codeOf, outcomesOf, STEM, submitterTo } from "./submitter.testing.ts";

const named = (name: string) => ({ attributes: attributesOf([["name", [["en", name]]]]) });

type Open = (options: WorldOptions) => Promise<EngineWorld>;
const ENGINES: readonly { readonly name: string; readonly open: Open; readonly isMissing?: boolean }[] = [
  { name: "memory", open: openMemoryWorld },
  { name: "embedded", open: openEmbeddedWorld },
  { name: `CometBFT${WHY_NOT}`, open: openCometWorld, isMissing: COMETBFT_MISSING },
];

/** The blocks that an engine made, and where it stood after them. */
type Recording = {
  readonly world: EngineWorld;
  readonly blocks: readonly Uint8Array[];
  readonly roots: ReturnType<typeof rootsOf>;
  readonly story: string;
};
const recordings = new Map<string, Recording>();

afterAll(async () => {
  for (const { world } of recordings.values()) await world.remove();
});

describe.each(ENGINES)("$name", ({ name, open, isMissing = false }) => {
  const tryHere = test.skipIf(isMissing);
  const tryKept = test.skipIf(isMissing || name === "memory");
  let world: EngineWorld;

  beforeAll(async () => {
    if (!isMissing) world = await open({});
  }, 60_000);
  afterAll(async () => {
    if (!recordings.has(name)) await world?.remove();
  });

  const { heightNow, signed, issuing, submit, given } = submitterTo(() => world);
  const prove = (code: Code, asOf?: AsOf): ProvenStanding => proveIn(world, code, asOf);

  tryHere(
    "tells of each transaction, in their order, where it entered, once it can be read and proven",
    async () => {
      const transactions = [issuing("a1"), issuing("a2"), issuing("a3")];
      const results = await submit(...transactions);
      expect(results.every(({ outcome }) => outcome.ok)).toBe(true);
      for (const [at, place] of (await given(...transactions)).entries()) {
        expect(place.height, "what was acknowledged is in the head").toBeLessThanOrEqual(heightNow());
        const block = decodeBlock(world.reader().block(place.height)!)!;
        expect(bytesToHex(block.transactions[place.index]!), `transaction ${at}`).toBe(
          bytesToHex(transactions[at]!),
        );
        expect(prove(codeOf(`a${at + 1}`)).kind).toBe("record");
      }
      expect(prove(codeOf("never")).kind).toBe("never-issued");
    },
  );

  tryHere("gives a repetition the place where the first one entered, and makes no block of it", async () => {
    const transaction = issuing("b1");
    const [first, ...same] = await given(transaction, transaction, transaction);
    expect(same).toEqual([first, first]);
    const copies = await Promise.all(Array.from({ length: 8 }, () => given(transaction)));
    expect(copies.flat()).toEqual(Array.from({ length: 8 }, () => first));
    const fresh = issuing("b2");
    const together = await Promise.all(Array.from({ length: 8 }, () => given(fresh)));
    expect(new Set(together.flat().map((place) => JSON.stringify(place))).size).toBe(1);
    const height = heightNow();
    await given(fresh, transaction);
    expect(heightNow()).toBe(height);
  });

  tryHere("takes the good copy of a transaction whatever becomes of a bad one", async () => {
    const good = issuing("b3");
    const bad = good.map((byte, at) => (at === good.length - 1 ? byte ^ 1 : byte));
    const [one, other] = await Promise.all([submit(bad), submit(good)]);
    expect(outcomesOf(one)).toEqual(["SIGNATURE_INVALID"]);
    expect(other[0]!.outcome.ok).toBe(true);
  });

  tryHere("takes in what a holder submits at once from many places", async () => {
    const transactions = Array.from({ length: 60 }, (_, at) => issuing(`c${at}`));
    const places = (await Promise.all(transactions.map((one) => given(one)))).flat();
    expect(new Set(places.map((place) => JSON.stringify(place))).size).toBe(60);
    const rivals = await Promise.all(Array.from({ length: 20 }, () => submit(issuing("contested"))));
    const outcomes = outcomesOf(rivals.flat());
    expect(outcomes.filter((outcome) => outcome === "CODE_TAKEN")).toHaveLength(19);
  });

  tryHere("keeps the order of one submission, in which each rests on the one before", async () => {
    const code = codeOf("d");
    const steps = Array.from({ length: 12 }, (_, at) =>
      updateOf(code, { ...named(`step ${at}`), version: at + 1 }),
    );
    const places = await given(issuing("d"), ...steps.map((step) => signed([step])));
    const ranks = places.map(({ height, index }) => 1e6 * height + index);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    const standing = prove(code);
    expect(standing.kind === "record" && standing.record.version).toBe(13);
  });

  tryHere("lets a transaction in whole or not at all", async () => {
    const height = heightNow();
    const [outcome] = outcomesOf(await submit(issuing("e1", "e2", "a1", "e3")));
    expect(outcome).toBe("CODE_TAKEN");
    expect(heightNow(), "no block is made of what was refused").toBe(height);
    for (const serial of ["e1", "e2", "e3"]) expect(prove(codeOf(serial)).kind, serial).toBe("never-issued");
    await given(issuing("e1", "e2", "e3"));
  });

  tryHere("decides anew on bytes that were refused, once what they rest on is there", async () => {
    const late = signed([updateOf(codeOf("f"), named("later"))]);
    expect(outcomesOf(await submit(late))).toEqual(["CODE_NEVER_ISSUED"]);
    await given(issuing("f"));
    const [place] = await given(late);
    expect(await given(late)).toEqual([place]);
  });

  tryHere("lets a transaction in up to its last height and not beyond", async () => {
    const inTime = signed([issueOf(codeOf("g1"))], { lastHeight: heightNow() + 1 });
    const [place] = await given(inTime);
    const late = signed([issueOf(codeOf("g2"))], { lastHeight: heightNow() });
    expect(outcomesOf(await submit(late))).toEqual(["EXPIRED"]);
    await given(issuing("g3"));
    // Who asks after the last height is no longer told whether it entered.
    expect([[place], ["EXPIRED"]]).toContainEqual(outcomesOf(await submit(inTime)));
    await given(issuing("g4"));
    expect(outcomesOf(await submit(inTime))).toEqual(["EXPIRED"]);
  });

  tryHere("answers what takes no wait with a place, or that it waits for a block", async () => {
    const transaction = issuing("h");
    const [taken, refused] = await world.engine().take([transaction, new Uint8Array([1])]);
    expect(nameOf(taken!.outcome)).toBe("ok");
    expect(nameOf(refused!.outcome)).toBe("TRANSACTION_MALFORMED");
    await expect.poll(() => prove(codeOf("h")).kind, { timeout: 10_000, interval: 20 }).toBe("record");
    const [again] = await world.engine().take([transaction]);
    expect(again!.outcome).toEqual((await submit(transaction))[0]!.outcome);
  });

  tryHere("refuses what is malformed as the vectors say, with the number of what is wrong", async () => {
    const path = new URL("../../vectors/transactions/invalid.json", import.meta.url);
    const { transactions } = JSON.parse(readFileSync(path, "utf8")) as TransactionFile<InvalidTransaction>;
    const results = await submit(...transactions.map(({ bytes }) => hexToBytes(bytes)!));
    for (const [at, { about, refusal, operation }] of transactions.entries()) {
      const { outcome } = results[at]!;
      expect(nameOf(outcome), about).toBe(refusal);
      expect(outcome.ok ? undefined : outcome.rejection.operation, about).toBe(operation);
    }
    const long = new Uint8Array(TRANSACTION_BYTES_MAX + 1);
    expect(outcomesOf(await submit(long))).toEqual(["TRANSACTION_TOO_LARGE"]);
    const tried = new Set<RejectionName>(transactions.map(({ refusal }) => refusal as RejectionName));
    for (const { refusal } of PROVOCATIONS) tried.add(refusal);
    for (const one of [...NEVER_ANSWERED, ...NOT_TRIED]) tried.add(one);
    tried.add("TRANSACTION_TOO_LARGE");
    const all = Object.entries(REJECTIONS).filter(([, { number }]) => number < 200);
    expect(all.map(([refusal]) => refusal).filter((one) => !tried.has(one as RejectionName))).toEqual([]);
  });

  tryHere("refuses with every name that a state can give, and nothing of that enters", async () => {
    const make = ({ holder, operations, seeds = holder.seeds }: Step, options = {}) =>
      signed(operations, { holder: { ...holder, seeds }, ...options });
    for (const step of STAGE) await given(make(step));
    const height = heightNow();
    const transactions = PROVOCATIONS.map(({ ahead = 50, damage = (same) => same, network, ...step }) =>
      damage(make(step, { lastHeight: height + ahead, ...(network !== undefined && { network }) })),
    );
    const results = await submit(...transactions);
    for (const [at, { refusal }] of PROVOCATIONS.entries()) {
      const { outcome } = results[at]!;
      expect(nameOf(outcome), refusal).toBe(refusal);
      if (!outcome.ok) expect(outcome.rejection.detail, refusal).not.toBe("");
    }
    expect(heightNow()).toBe(height);
  });

  tryHere("proves what held earlier, and complete lists", async () => {
    const code = codeOf("i");
    const [{ height: first }] = (await given(issuing("i"))) as [Place];
    const heights = [first];
    for (let version = 2; version <= 5; version++) {
      const [{ height }] = (await given(signed([updateOf(code, named(`version ${version}`))]))) as [Place];
      heights.push(height);
    }
    expect(prove(code, { height: first - 1 }).kind).toBe("not-yet-issued");
    for (const [at, height] of heights.entries()) {
      const standing = prove(code, { height });
      expect(standing.kind === "record" && standing.record.version, `as of ${height}`).toBe(at + 1);
      const { timeMs } = decodeBlock(world.reader().block(height)!)!;
      expect(prove(code, { timeMs }), `as of the time of ${height}`).toEqual(standing);
    }
    expect(listIn(world, STEM as Code)).toEqual(expect.arrayContaining(["a1", "c59", "i"].map(codeOf)));
    expect(listIn(world, codeOf("never"))).toEqual([]);
  });

  tryHere("says over HTTP what the document of its server allows", async () => {
    const good = issuing("http");
    await withHttp(world, async (ask) => {
      const first = await ask("/v1/transactions", postOf(good, issuing("a1")));
      expect([first.status, first.json.results]).toMatchObject([
        200,
        [
          { status: "committed", height: heightNow() },
          { status: "refused", problem: { code: "CODE_TAKEN" } },
        ],
      ]);
      const again = await ask("/v1/transactions", postOf(good));
      expect(again.json.results[0]).toEqual(first.json.results[0]);
      expect((await ask("/v1/transactions", postOf(issuing("a1")))).status).toBe(409);
      expect((await ask(`/v1/codes/${codeOf("http")}`)).status).toBe(200);
      expect((await ask(`/v1/codes/${codeOf("never")}`)).status).toBe(404);
      expect((await ask("/readyz")).status).toBe(200);
    });
  });

  const keeps = name === "memory" ? "goes on" : "keeps everything over a restart, repetitions too";
  tryHere(keeps, async () => {
    const before = world.reader().head();
    const transaction = issuing("j");
    const [place] = await given(transaction);
    const roots = rootsOf(world);
    await world.restart?.();
    expect(rootsOf(world)).toEqual(roots);
    expect(await given(transaction)).toEqual([place]);
    expect(prove(codeOf("j")).kind).toBe("record");
    expect(prove(codeOf("j"), { height: before.checkpoint.height }).kind).toBe("not-yet-issued");
    await given(issuing("k"));
    expect(heightNow()).toBe(place!.height + 1);
  });

  tryHere("takes nothing once it is closed, and says so", async () => {
    const head = world.reader().head().checkpoint.height;
    const blocks = Array.from(
      { length: head + 1 },
      (_, height) => new Uint8Array(world.reader().block(height)!),
    );
    recordings.set(name, {
      world,
      blocks,
      roots: rootsOf(world),
      story: storyOf(world, "MA.156" as Code, [BATCH.operation.first]),
    });
    const engine = world.engine();
    const transaction = issuing("l");
    await world.stop();
    const [result] = await engine.submit([transaction]);
    expect(nameOf(result!.outcome)).toBe("NODE_UNAVAILABLE");
    expect(engine.refusesBecause()).toBe("the node is stopping");
  });

  tryKept("leaves a home that an audit finds whole, and that moves with an export", async () => {
    const { blocks } = recordings.get(name)!;
    const audit = await auditRegistry(world.home!, undefined, 0);
    expect(audit.height).toBe(blocks.length - 1);
    expect(audit.stateRoot).toBe(bytesToHex(decodeBlock(blocks.at(-1)!)!.stateRoot));
    const folder = `${tmpdir()}/cityroot-engines-${process.pid}`;
    try {
      await exportRegistry(world.home!, `${folder}.export`);
      await importRegistry(`${folder}.export`, folder, undefined, 0);
      const moved = await auditRegistry(readHome(folder), undefined, 0);
      expect([moved.stateRoot, moved.logRoot]).toEqual([audit.stateRoot, audit.logRoot]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(`${folder}.export`, { force: true });
    }
  });
});

describe("the three", () => {
  test("come to the same of what was submitted, in whatever blocks", () => {
    const { story } = recordings.get("memory")!;
    expect(story).toContain(codeOf("contested"));
    for (const [name, other] of recordings) expect(other.story, name).toBe(story);
  });

  const REPLAYERS = ENGINES.filter(({ name }) => name === "memory" || name === "embedded");
  test.each(REPLAYERS)("$name comes to every root of what each of them recorded", async ({ open }) => {
    for (const [recorder, { world: recorded, blocks, roots }] of recordings) {
      let timeMs = GENESIS_TIME_MS;
      const world = await open({ genesis: recorded.genesis, clock: () => timeMs });
      try {
        for (const bytes of blocks) {
          const block = decodeBlock(bytes)!;
          ({ timeMs } = block);
          const results = await world.engine().submit(block.transactions);
          expect(results.every(({ outcome }) => outcome.ok)).toBe(true);
          expect(rootsOf(world)["height"], recorder).toBe(block.height);
          expect(bytesToHex(world.reader().block(block.height)!), `${recorder}, block ${block.height}`).toBe(
            bytesToHex(bytes),
          );
        }
        expect(rootsOf(world), recorder).toEqual(roots);
      } finally {
        await world.remove();
      }
    }
  });
});
