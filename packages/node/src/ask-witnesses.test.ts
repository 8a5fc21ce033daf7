import { readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { parseVerifierKey } from "@cityroot/core/log/note";
import { type Policy, readPolicy } from "@cityroot/core/log/witness-policy";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  makeTestHome,
  NATION,
  STORED_ORIGIN,
  signTransaction,
} from "./engine/embedded/stored-node.testing.ts";
import { readHome } from "./home/home.ts";
import { verifyNative } from "./signature/native-ed25519.ts";
import { type RunningNode, startNode } from "./start-node.ts";
import type { RunningWitness } from "./witness/start-witness.ts";
import { openFolders, startHere } from "./witness/witness.testing.ts";
import { addWatchedLog, createWitnessHome } from "./witness/witness-home.ts";

// Goal: a node with witnesses shows its readers what enough of them cosigned and nothing newer, whatever becomes of the
// witnesses; one without shows its newest block.
// Method: a whole node and whole witnesses over HTTP, of which some are closed and started again.

const STEM = "MA.156.1301.02/60.10000000.1";
const folders = openFolders();
const closers: (() => Promise<void>)[] = [];
let home = "";
beforeEach(() => {
  home = makeTestHome();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(home, { recursive: true, force: true });
});

type TestWitness = { readonly key: string; readonly url: string; readonly stop: () => Promise<void> };

/** A witness of the log of the home; `port` is for one that is to come back where it was. */
async function startTestWitness(path: string, port = 0): Promise<TestWitness> {
  const running: RunningWitness = await startHere(path, { listen: { host: "127.0.0.1", port } });
  let isOpen = true;
  const stop = async (): Promise<void> => {
    if (isOpen) await running.close();
    isOpen = false;
  };
  closers.push(stop);
  return { key: running.key, url: running.address, stop };
}

async function makeTestWitness(name: string): Promise<string> {
  const path = folders.next();
  const made = await createWitnessHome(path, name, { logLevel: "fatal" });
  const [logKey] = readHome(home).policy.logKeys;
  const key = parseVerifierKey(logKey!);
  if (!key.ok) throw new Error(key.fault.field);
  await addWatchedLog(made, STORED_ORIGIN, key.value);
  return path;
}

function configure(witnesses: readonly TestWitness[], quorum: number, witnessWaitMs = 2_000): void {
  const path = `${home}/config.json`;
  const config = JSON.parse(readFileSync(path, "utf8"));
  const named = witnesses.map(({ key, url }) => ({ key, url }));
  writeFileSync(path, JSON.stringify({ ...config, witnesses: named, quorum, witnessWaitMs }));
}

async function start(workers = 0): Promise<{ node: RunningNode; stop: () => Promise<void> }> {
  const listen = { host: "127.0.0.1", port: 0 };
  const node = await startNode({ home, workers, listen, logLevel: "fatal" });
  let isOpen = true;
  const stop = async (): Promise<void> => {
    if (isOpen) await node.close();
    isOpen = false;
  };
  closers.push(stop);
  return { node, stop };
}

function policyOf({ policy }: RunningNode): Policy {
  const read = readPolicy(policy);
  if (!read.ok) throw new Error(read.fault.field);
  return read.value;
}

async function issue({ engine }: RunningNode, serial: number): Promise<number> {
  const bytes = signTransaction(NATION, [issueOf(`${STEM}/${serial}`)], { lastHeight: 1_000, nonce: serial });
  const [result] = await engine.submit([bytes]);
  if (!result?.outcome.ok) throw new Error(`refused: ${JSON.stringify(result?.outcome)}`);
  return result.outcome.value.height;
}

/** What a client with a policy makes of the node's proof: how the code stands, at which height, cosigned by how many. */
async function ask({ address }: RunningNode, serial: number, policy: Policy): Promise<string> {
  const code = `${STEM}/${serial}` as Code;
  const response = await fetch(`${address}/v1/proofs/${code}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const answer = verifyAnswer(bytes, code, { policy, verifySignature: verifyNative });
  if (!answer.ok) return `${answer.failure.name}: ${answer.failure.detail}`;
  const { standing, checkpoint, cosigners } = answer.value;
  return `${standing.kind} at ${checkpoint.height} by ${cosigners.length}`;
}

test("what a submission made is shown, with its quorum, when the submission is answered", async () => {
  const paths = await Promise.all(["w/1", "w/2", "w/3"].map(makeTestWitness));
  const witnesses = await Promise.all(paths.map((path) => startTestWitness(path)));
  configure(witnesses, 2);
  for (const workers of [0, 1]) {
    const { node, stop } = await start(workers);
    const policy = policyOf(node);
    expect(policy.witnesses).toHaveLength(3);
    for (let serial = 10 * workers; serial < 10 * workers + 5; serial++) {
      const height = await issue(node, serial);
      expect(await ask(node, serial, policy)).toMatch(new RegExp(`^record at ${height} by [23]$`));
    }
    // The third may come a moment later, and is shown as well.
    await expect.poll(() => ask(node, 10 * workers, policy), { timeout: 5_000 }).toMatch(/ by 3$/);
    const metrics = await (await fetch(`${node.address}/metrics`)).text();
    const sizes = [/^cityroot_checkpoint_size (\d+)$/m, /^cityroot_log_size (\d+)$/m].map(
      (pattern) => pattern.exec(metrics)?.[1],
    );
    expect(sizes[0], "sizes of the shown checkpoint and of the log").toBe(sizes[1]);
    for (const name of ["w/1", "w/2", "w/3"])
      expect(metrics).toMatch(
        new RegExp(`^cityroot_witness_cosignatures_total\\{witness="${name}"\\} [1-9]`, "m"),
      );
    await stop();
  }
});

test("readers stay where the quorum was while it is away, and go on when it is back", async () => {
  const paths = await Promise.all(["w/1", "w/2"].map(makeTestWitness));
  const witnesses = await Promise.all(paths.map((path) => startTestWitness(path)));
  configure(witnesses, 2, 200);
  const first = await start();
  const policy = policyOf(first.node);
  const height = await issue(first.node, 1);
  expect(await ask(first.node, 1, policy)).toBe(`record at ${height} by 2`);
  await witnesses[1]!.stop();
  for (let serial = 2; serial < 8; serial++) await issue(first.node, serial);
  expect(await ask(first.node, 1, policy), "an earlier code").toBe(`record at ${height} by 2`);
  const metrics = await (await fetch(`${first.node.address}/metrics`)).text();
  expect(metrics).toMatch(/^cityroot_witness_failures_total\{witness="w\/2",reason="unreachable"\} [1-9]/m);
  expect(await ask(first.node, 7, policy), "one that readers are not shown yet").toBe(
    `never-issued at ${height} by 2`,
  );
  const beginMs = performance.now();
  await issue(first.node, 8);
  expect(performance.now() - beginMs, "who submits waits once, and not each time").toBeLessThan(150);
  await first.stop();

  // A node that starts meanwhile shows the same.
  const second = await start();
  expect(await ask(second.node, 7, policy), "after a restart").toBe(`never-issued at ${height} by 2`);
  await issue(second.node, 9);
  expect(await ask(second.node, 9, policy)).toBe(`never-issued at ${height} by 2`);
  await startTestWitness(paths[1]!, Number(new URL(witnesses[1]!.url).port));
  await expect.poll(() => ask(second.node, 9, policy), { timeout: 10_000 }).toBe("record at 9 by 2");
  for (let serial = 1; serial < 9; serial++)
    expect(await ask(second.node, serial, policy)).toBe("record at 9 by 2");
  await second.stop();

  // Without witnesses the newest block is shown again, and nothing is left of what was kept.
  configure([], 0);
  const third = await start();
  await issue(third.node, 10);
  expect(await ask(third.node, 10, policyOf(third.node))).toBe("record at 10 by 0");
  expect(await ask(third.node, 10, policy), "a client that wants the quorum").toMatch(
    /^checkpoint-refused: too-few-cosignatures, needed 2, found 0/,
  );
  await third.stop();
  configure(witnesses, 2);
  const fourth = await start();
  await expect.poll(() => ask(fourth.node, 10, policy), { timeout: 10_000 }).toBe("record at 10 by 2");
});

test("blocks that come faster than cosignatures are shown together, and all of them in the end", async () => {
  const paths = await Promise.all(["w/1", "w/2", "w/3"].map(makeTestWitness));
  const witnesses = await Promise.all(paths.map((path) => startTestWitness(path)));
  configure(witnesses, 3, 0);
  const { node } = await start();
  const policy = policyOf(node);
  const heights = new Set<string>();
  for (let serial = 1; serial <= 150; serial++) {
    await issue(node, serial);
    if (serial % 3 === 0) heights.add(await ask(node, 1, policy));
  }
  await expect.poll(() => ask(node, 150, policy), { timeout: 5_000 }).toBe("record at 150 by 3");
  for (const answer of heights) expect(answer).toMatch(/^(record|never-issued) at \d+ by 3$|found 0/);
  expect(heights.size, "checkpoints that were shown meanwhile").toBeGreaterThan(2);
});

test("with a quorum of none readers stand at the newest block, with whatever cosignatures it has", async () => {
  const path = await makeTestWitness("w/1");
  const witness = await startTestWitness(path);
  configure([witness], 0);
  const { node } = await start();
  const policy = policyOf(node);
  await issue(node, 1);
  expect(await ask(node, 1, policy)).toMatch(/^record at 1 by [01]$/);
  await expect.poll(() => ask(node, 1, policy), { timeout: 5_000 }).toBe("record at 1 by 1");
  await witness.stop();
  await issue(node, 2);
  expect(await ask(node, 2, policy)).toBe("record at 2 by 0");
});
