import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { type Policy, readPolicy } from "@cityroot/core/log/witness-policy";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NATION, signTransaction } from "./engine/embedded/stored-node.testing.ts";
import { verifyNative } from "./signature/native-ed25519.ts";
import type { RunningNode } from "./start-node.ts";
import { makeWitnessedHome, type TestWitness, type WitnessedHome } from "./witnessed-node.testing.ts";

// Goal: a node with witnesses shows its readers what enough of them cosigned and nothing newer, whatever becomes of the
// witnesses; one without shows its newest block.
// Method: a whole node and whole witnesses over HTTP, of which some are closed and started again.

const STEM = "MA.156.1301.02/60.10000000.1";
let home: WitnessedHome;
beforeEach(() => {
  home = makeWitnessedHome();
});
afterEach(() => home.remove());

const addWitnesses = (...names: readonly string[]): Promise<TestWitness[]> =>
  Promise.all(names.map((name) => home.addWitness(name)));

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
  const witnesses = await addWitnesses("w1", "w2", "w3");
  home.configure(witnesses, 2);
  for (const workers of [0, 1]) {
    const node = await home.start({ workers });
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
    for (const name of ["w1", "w2", "w3"])
      expect(metrics).toMatch(
        new RegExp(`^cityroot_witness_cosignatures_total\\{witness="${name}"\\} [1-9]`, "m"),
      );
    await node.close();
  }
});

test("readers stay where the quorum was while it is away, and go on when it is back", async () => {
  const witnesses = await addWitnesses("w1", "w2");
  home.configure(witnesses, 2, 200);
  const first = await home.start();
  const policy = policyOf(first);
  const height = await issue(first, 1);
  expect(await ask(first, 1, policy)).toBe(`record at ${height} by 2`);
  await witnesses[1]!.stop();
  for (let serial = 2; serial < 8; serial++) await issue(first, serial);
  expect(await ask(first, 1, policy), "an earlier code").toBe(`record at ${height} by 2`);
  const metrics = await (await fetch(`${first.address}/metrics`)).text();
  expect(metrics).toMatch(/^cityroot_witness_failures_total\{witness="w2",reason="unreachable"\} [1-9]/m);
  expect(await ask(first, 7, policy), "one that readers are not shown yet").toBe(
    `never-issued at ${height} by 2`,
  );
  const beginMs = performance.now();
  await issue(first, 8);
  expect(performance.now() - beginMs, "who submits waits once, and not each time").toBeLessThan(150);
  await first.close();

  // A node that starts meanwhile shows the same.
  const second = await home.start();
  expect(await ask(second, 7, policy), "after a restart").toBe(`never-issued at ${height} by 2`);
  await issue(second, 9);
  expect(await ask(second, 9, policy)).toBe(`never-issued at ${height} by 2`);
  await witnesses[1]!.start();
  await expect.poll(() => ask(second, 9, policy), { timeout: 10_000 }).toBe("record at 9 by 2");
  for (let serial = 1; serial < 9; serial++)
    expect(await ask(second, serial, policy)).toBe("record at 9 by 2");
  await second.close();

  // Without witnesses the newest block is shown again, and nothing is left of what was kept.
  home.configure([], 0);
  const third = await home.start();
  await issue(third, 10);
  expect(await ask(third, 10, policyOf(third))).toBe("record at 10 by 0");
  expect(await ask(third, 10, policy), "a client that wants the quorum").toMatch(
    /^checkpoint-refused: too-few-cosignatures, needed 2, found 0/,
  );
  await third.close();
  home.configure(witnesses, 2);
  const fourth = await home.start();
  await expect.poll(() => ask(fourth, 10, policy), { timeout: 10_000 }).toBe("record at 10 by 2");
});

test("blocks that come faster than cosignatures are shown together, and all of them in the end", async () => {
  const witnesses = await addWitnesses("w1", "w2", "w3");
  home.configure(witnesses, 3, 0);
  const node = await home.start();
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
  const [witness] = await addWitnesses("w1");
  home.configure([witness!], 0);
  const node = await home.start();
  const policy = policyOf(node);
  await issue(node, 1);
  expect(await ask(node, 1, policy)).toMatch(/^record at 1 by [01]$/);
  await expect.poll(() => ask(node, 1, policy), { timeout: 5_000 }).toBe("record at 1 by 1");
  await witness!.stop();
  await issue(node, 2);
  expect(await ask(node, 2, policy)).toBe("record at 2 by 0");
});
