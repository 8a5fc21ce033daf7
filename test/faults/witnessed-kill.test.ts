import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Code } from "@cityroot/codes/ma/code";
import { encodeCbor } from "@cityroot/core/cbor";
import { issueOf } from "@cityroot/core/ledger.testing";
import { type Policy, readPolicy } from "@cityroot/core/log/witness-policy";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { verifyNative } from "@cityroot/node/signature/native-ed25519";
import { makeWitnessedHome, type TestWitness } from "@cityroot/node/witnessed-node.testing";
import { afterAll, expect, test } from "vitest";
import { seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";

// Goal: a node that is killed at any moment, with its witnesses there or away, shows after each start a state that a
// quorum cosigned, whole, and never one before what was shown; with the witnesses back, everything acknowledged.
// Method: a node in a process of its own issues codes while it is asked, and is killed after a random time, over and over.
// CITYROOT_SEED repeats the choices, CITYROOT_WITNESSED_KILLS is how often to kill.

const KILLS = Number(process.env["CITYROOT_WITNESSED_KILLS"] ?? 8);
const SEED = seedFromEnvironment("CITYROOT_SEED");
const STEM = "MA.156.1301.02/60.10000000.1";
const home = makeWitnessedHome();
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await home.remove();
});

type Node = { readonly child: ChildProcess; readonly address: string };

async function startNode(): Promise<Node> {
  const path = fileURLToPath(new URL("./node-process.ts", import.meta.url));
  const child = fork(path, [home.path, "0"], { execArgv: ["--conditions=source"], stdio: "inherit" });
  children.push(child);
  const [{ address, failure }] = (await once(child, "message")) as [{ address?: string; failure?: string }];
  expect(failure).toBeUndefined();
  return { child, address: address! };
}

async function policyOf({ address }: Node): Promise<Policy> {
  const answer = (await (await fetch(`${address}/v1/network`)).json()) as { readonly policy: unknown };
  const policy = readPolicy(answer.policy);
  if (!policy.ok) throw new Error(policy.fault.field);
  return policy.value;
}

/** Height of the shown checkpoint and whether a code is in it; throws for what a client would refuse. */
async function ask(
  { address }: Node,
  serial: number,
  policy: Policy,
): Promise<{ height: number; isThere: boolean }> {
  const code = `${STEM}/${serial}` as Code;
  const bytes = new Uint8Array(await (await fetch(`${address}/v1/proofs/${code}`)).arrayBuffer());
  const answer = verifyAnswer(bytes, code, { policy, verifySignature: verifyNative });
  if (!answer.ok) throw new Error(`refused: ${answer.failure.name}: ${answer.failure.detail}`);
  const { standing, checkpoint } = answer.value;
  return { height: checkpoint.height, isThere: standing.kind === "record" };
}

/** Issues codes until the node is killed; gives the last one that was acknowledged. */
async function issueUntilKilled({ address }: Node, from: number): Promise<number> {
  let last = from - 1;
  try {
    for (let serial = from; ; serial++) {
      const bytes = signTransaction(NATION, [issueOf(`${STEM}/${serial}`)], {
        lastHeight: 9_000,
        nonce: serial,
      });
      const answer = await fetch(`${address}/v1/transactions`, {
        method: "POST",
        headers: { "content-type": "application/cbor" },
        body: encodeCbor([bytes]) as BodyInit,
      });
      if (answer.status !== 200) throw new Error(`refused with ${answer.status}: ${await answer.text()}`);
      last = serial;
    }
  } catch (cause) {
    if ((cause as Error).message.startsWith("refused")) throw cause;
    return last;
  }
}

test(
  `after each of ${KILLS} kills the node shows what a quorum cosigned, and in the end everything`,
  async () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    const random = seededRandom(SEED);
    const witnesses: TestWitness[] = [];
    for (const name of ["w1", "w2"]) witnesses.push(await home.addWitness(name));
    home.configure(witnesses, 2, 100);
    let shown = 0;
    let last = 0;
    let policy: Policy | undefined;
    for (let run = 0; run < KILLS; run++) {
      const node = await startNode();
      policy ??= await policyOf(node);
      if (run > 0) shown = (await ask(node, 1, policy)).height;
      // In every other run one of the witnesses goes while the node works, and is back before the next.
      const isAlone = run % 2 === 1;
      const issuing = issueUntilKilled(node, last + 1);
      const known = policy;
      // At the very first nothing is cosigned yet.
      if (run === 0) await expect.poll(() => ask(node, 1, known).catch(() => null)).not.toBeNull();
      await new Promise((resolve) => setTimeout(resolve, 100 + random.below(300)));
      if (isAlone) await witnesses[1]!.stop();
      for (let at = 0; at < 5; at++) {
        await new Promise((resolve) => setTimeout(resolve, random.below(40)));
        const { height } = await ask(node, 1, policy);
        expect(height, "what is shown does not go back").toBeGreaterThanOrEqual(shown);
        shown = height;
      }
      node.child.kill("SIGKILL");
      await once(node.child, "exit");
      last = await issuing;
      if (isAlone && run < KILLS - 1) await witnesses[1]!.start();
    }
    const node = await startNode();
    expect((await ask(node, 1, policy!)).height, "after the last kill").toBeGreaterThanOrEqual(shown);
    if (KILLS % 2 === 0) await witnesses[1]!.start();
    await expect.poll(async () => (await ask(node, last, policy!)).isThere, { timeout: 20_000 }).toBe(true);
    for (let serial = 1; serial <= last; serial++)
      expect((await ask(node, serial, policy!)).isThere, `the acknowledged ${serial}`).toBe(true);
    console.info(`${KILLS} kills, ${last} acknowledged`);
  },
  60_000 + KILLS * 10_000,
);
