import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { issueOf } from "@cityroot/core/ledger.testing";
import { attributesOf } from "@cityroot/core/operation/operation.testing";
import { makeTestHome, NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { afterEach, expect, test } from "vitest";
import { MOUNT_REFUSAL, mountDisk } from "./mount.testing.ts";

// Goal: whichever process of a node falls, what was acknowledged is there and what can answer goes on answering.

const STEM = "MA.156.1301.02/60.10000000.1";
const NAMED = { attributes: attributesOf([["name", [["en", "x".repeat(240)]]]]) };

/** Starting a node's processes takes long where others keep the machine busy. */
const TIMEOUT_MS = 90_000;

const children: ChildProcess[] = [];
const removals: (() => void)[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  for (const remove of removals.splice(0)) remove();
});

type Report = { readonly address?: string; readonly failure?: string; readonly pids?: readonly number[] };

/** A node in a process of its own, with what it said when it began. */
async function startProcess(home: string, workers: number): Promise<{ child: ChildProcess; said: Report }> {
  const path = fileURLToPath(new URL("./node-process.ts", import.meta.url));
  const child = fork(path, [home, String(workers)], { execArgv: ["--conditions=source"], stdio: "inherit" });
  children.push(child);
  const [said] = (await once(child, "message")) as [Report];
  return { child, said };
}

async function workersOf(child: ChildProcess): Promise<readonly number[]> {
  child.send("workers");
  const [{ pids }] = (await once(child, "message")) as [Report];
  return pids!;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** As long as any client waits that means to ask again: a connection that was being handed to a process that fell is lost unsaid. */
const PATIENCE_MS = 10_000;

/** Asks until it is answered, for as long as a process that fell is being replaced. */
async function ask(address: string, path: string, init: RequestInit = {}): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(`${address}${path}`, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch (cause) {
      if (attempt === 1_200) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

async function submit(address: string, nonce: number, codes: readonly string[]): Promise<Response> {
  const operations = codes.map((code) => issueOf(code, NAMED));
  const bytes = signTransaction(NATION, operations, { lastHeight: 5_000, nonce });
  return ask(address, "/v1/transactions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ transactions: [Buffer.from(bytes).toString("base64")] }),
  });
}

async function statusOf(address: string, code: string): Promise<number> {
  return (await ask(address, `/v1/codes/${code}`)).status;
}

test("a worker that falls is replaced, a second node is refused, and after a kill of all the next node goes on", {
  timeout: TIMEOUT_MS,
}, async () => {
  const home = makeTestHome();
  removals.push(() => rmSync(home, { recursive: true, force: true }));
  const { child, said } = await startProcess(home, 2);
  const address = said.address!;
  expect((await submit(address, 1, [`${STEM}/1`])).status).toBe(200);
  expect(await statusOf(address, `${STEM}/1`)).toBe(200);

  const second = await startProcess(home, 1);
  expect(second.said.failure).toBe(`the home ${home} is in use by process ${child.pid}: stop that one first`);

  const before = await workersOf(child);
  expect(before).toHaveLength(2);
  for (const pid of before) process.kill(pid, "SIGKILL");
  expect(await statusOf(address, `${STEM}/1`), "after both workers were killed").toBe(200);
  expect(before).not.toContain((await workersOf(child))[0]);
  expect((await submit(address, 2, [`${STEM}/2`])).status).toBe(200);

  await kill(child);
  const next = await startProcess(home, 1);
  for (const serial of [1, 2]) expect(await statusOf(next.said.address!, `${STEM}/${serial}`)).toBe(200);
  expect(await statusOf(next.said.address!, `${STEM}/3`), "never issued").toBe(404);
  expect((await submit(next.said.address!, 2, [`${STEM}/2`])).status, "submitted again").toBe(200);
  const exited = once(next.child, "exit");
  next.child.send("close");
  expect((await exited)[0], "how it stops").toBe(0);
});

test.skipIf(MOUNT_REFUSAL !== null)(
  `when the disk is full, workers go on answering and say that nothing is taken${MOUNT_REFUSAL === null ? "" : ` (not tried: ${MOUNT_REFUSAL})`}`,
  { timeout: TIMEOUT_MS },
  async () => {
    const disk = mountDisk(4_000);
    removals.push(disk.remove);
    const home = makeTestHome(`${disk.path}/home`);
    const { child, said } = await startProcess(home, 1);
    const address = said.address!;
    const kept: string[] = [];
    let refusal: Response | undefined;
    for (let block = 0; refusal === undefined; block++) {
      const codes = Array.from({ length: 200 }, (_, at) => `${STEM}/${block}.${at}`);
      const answer = await submit(address, block, codes);
      if (answer.status === 200) kept.push(codes[0]!, codes[199]!);
      else refusal = answer;
    }
    expect(kept.length, "codes before the disk was full").toBeGreaterThan(0);
    expect(refusal.status).toBe(503);
    expect((await submit(address, 9_999, [`${STEM}/more`])).status, "submitted afterwards").toBe(503);
    for (const code of kept) expect(await statusOf(address, code), code).toBe(200);
    expect(await statusOf(address, `${STEM}/more`)).toBe(404);
    const exited = once(child, "exit");
    child.send("close");
    expect((await exited)[0], "how it stops").toBe(0);
  },
);
