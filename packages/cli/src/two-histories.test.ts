import { cpSync } from "node:fs";
import { issueOf } from "@cityroot/core/ledger.testing";
import { NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import type { RunningNode } from "@cityroot/node/start-node";
import { makeWitnessedHome } from "@cityroot/node/witnessed-node.testing";
import { createClient } from "@cityroot/sdk/client";
import { getCheckpoint } from "@cityroot/sdk/get-checkpoint";
import { afterAll, expect, test } from "vitest";
import { callCli } from "./call-cli.testing.ts";
import { EXIT } from "./exit-code.ts";

// Goal: a registry that signs a second history finds no witness for it, and is exposed by files that anyone can judge.
// Method: a home is restored from a backup, with its keys, and takes other transactions than the first one did.

const STEM = "MA.156.1301.02/60.10000000.1";
const home = makeWitnessedHome();
afterAll(() => home.remove());

async function issue({ engine }: RunningNode, serial: number): Promise<void> {
  const bytes = signTransaction(NATION, [issueOf(`${STEM}/${serial}`)], { lastHeight: 1_000, nonce: serial });
  const [result] = await engine.submit([bytes]);
  expect(result!.outcome, `issuing ${serial}`).toMatchObject({ ok: true });
}

test("a restored backup that goes another way is refused by the witness, which keeps what shows it", async () => {
  const witness = await home.addWitness("w1");
  home.configure([witness], 1, 500);
  const evidence = (...more: readonly string[]) =>
    callCli(["witness", "evidence", "--home", witness.path, ...more]);
  const first = await home.start();
  await issue(first, 1);
  await first.close();
  cpSync(home.path, `${home.path}-backup`, { recursive: true });

  const second = await home.start();
  for (const serial of [2, 3]) await issue(second, serial);
  const client = (node: RunningNode) => createClient({ url: node.address, policy: node.policy });
  const { size } = await getCheckpoint(client(second));
  await second.close();
  expect((await evidence()).out).toContain("No log was caught");

  const restored = await home.start({ home: `${home.path}-backup` });
  for (const serial of [101, 102]) await issue(restored, serial);
  await expect.poll(async () => (await evidence("--json")).exit, { timeout: 10_000 }).toBe(EXIT.verification);
  const [found] = (await evidence("--json")).json();
  expect(found).toMatchObject({ verdict: "two-roots", fork: true, cosigned: size, submitted: size });
  expect(found!["signers"], "whose key signed the second history").toEqual(restored.policy.logKeys);
  const told = await evidence("--lang", "en");
  expect(told.out).toContain("registry.test/one told two histories.");
  expect(told.out).toContain("the log signed two roots of one size");
  // The file says all: whoever has it judges it, without the witness.
  const file = String(found!["file"]);
  expect((await callCli(["witness", "evidence", file])).exit).toBe(EXIT.verification);

  // Clients are shown what was cosigned before the backup, and nothing of the second history.
  const shown = await getCheckpoint(client(restored));
  expect([shown.height, shown.cosigners.length]).toEqual([1, 1]);
  const metrics = await (await fetch(`${restored.address}/metrics`)).text();
  expect(metrics).toMatch(/^cityroot_witness_failures_total\{witness="w1",reason="refused"\} [1-9]/m);
  await restored.close();
});
