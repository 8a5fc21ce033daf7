/**
 * Goal: whatever ends the process that keeps payloads, nothing half can be seen, and another goes on.
 * Method: the real process over a real home, and another node that stops in the middle of what it gives.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesToHex } from "@cityroot/core/hex";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTestHome } from "../engine/embedded/stored-node.testing.ts";
import { readHome } from "../home/home.ts";
import { openPayloadsOf } from "../open-payloads.ts";
import { filesIn } from "../payload/payload.testing.ts";
import { startNode } from "../start-node.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { registerPathOf } from "./open-keeper.ts";
import { readPayloadRegister } from "./payload-register.ts";
import { batchFrom, issueOfBatch, putInto, referTo, startOther } from "./replication.testing.ts";

installNativeFunctions();

const KEEPER = fileURLToPath(new URL("./keeper-process.ts", import.meta.url));
const batch = batchFrom(1, 30_000);
const name = bytesToHex(batch.digest);
const wait = { timeout: 20_000, interval: 20 };

let path = "";
let closers: (() => unknown)[] = [];
beforeEach(() => {
  path = makeTestHome();
  closers = [() => rmSync(path, { recursive: true, force: true })];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

function setConfig(changes: object): void {
  const config = JSON.parse(readFileSync(`${path}/config.json`, "utf8")) as object;
  writeFileSync(`${path}/config.json`, JSON.stringify({ ...config, ...changes }));
}

function startKeeperProcess(): ChildProcess {
  const child = fork(KEEPER, { execArgv: ["--conditions=source"] });
  child.send({ homePath: path, logLevel: "fatal" });
  closers.push(() => child.kill("SIGKILL"));
  return child;
}

/** Another node, which gives so many bytes of the payload and then no more. */
async function startStalling(bytes: number) {
  const other = await startOther((_request, response) => {
    response.writeHead(200, { "content-length": batch.bytes.length });
    response.write(batch.bytes.subarray(0, bytes));
    if (bytes >= batch.bytes.length) response.end();
  });
  closers.push(other.close);
  return other;
}

const kept = (): readonly string[] =>
  filesIn(`${path}/payloads`).filter((file) => !file.startsWith("register"));

test("a process that is killed in the middle of a fetch leaves nothing that can be seen", async () => {
  await referTo(path, [issueOfBatch(batch)]);
  for (const part of [0.3, 0.9, 1 - 1 / batch.bytes.length]) {
    const stalling = await startStalling(Math.floor(part * batch.bytes.length));
    setConfig({ payloads: { replicas: [stalling.address] } });
    const child = startKeeperProcess();
    const incoming = `${path}/payloads/incoming`;
    const isComing = (): boolean =>
      existsSync(incoming) &&
      readdirSync(incoming).some((file) => statSync(`${incoming}/${file}`).size > 200_000);
    await expect.poll(isComing, wait).toBe(true);
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    expect(
      kept().every((file) => file.endsWith(".part")),
      `${part}: ${kept().join()}`,
    ).toBe(true);
    const payloads = await openPayloadsOf(readHome(path));
    expect(payloads.find(batch.digest)).toBeUndefined();
    expect(await payloads.verifyPayload(batch.digest)).toEqual({ kind: "missing" });
    expect([...payloads.digests()]).toEqual([]);
    payloads.close();
    // Whoever opens it next removes what the dead one left.
    expect(kept()).toEqual([]);
  }
  const whole = await startStalling(batch.bytes.length);
  setConfig({ payloads: { replicas: [whole.address] } });
  startKeeperProcess();
  const register = readPayloadRegister(registerPathOf(readHome(path)));
  closers.push(register.close);
  await expect.poll(() => register.counts(), wait).toMatchObject({ referred: 1, whole: 1 });
  expect(kept()).toEqual([`${name}.index`, `${name}.items`]);
}, 60_000);

test("a node has such a process, which ends with it and is replaced when it falls", async () => {
  await referTo(path, [issueOfBatch(batch)]);
  await putInto(path, [batch]);
  setConfig({ workers: 1, listen: { host: "127.0.0.1", port: 0 } });
  const node = await startNode({ home: path, logLevel: "fatal" });
  const ready = async (): Promise<unknown> => (await fetch(`${node.address}/readyz`)).json();
  try {
    await expect.poll(ready, wait).toMatchObject({ payloads: { referred: 1, whole: 1 } });
    const [keeper] = keepersOf(process.pid);
    process.kill(keeper!, "SIGKILL");
    await expect.poll(() => keepersOf(process.pid).filter((pid) => pid !== keeper).length, wait).toBe(1);
  } finally {
    await node.close();
  }
  expect(keepersOf(process.pid)).toEqual([]);
}, 60_000);

/** Numbers of the processes below one that keep payloads. */
function keepersOf(parent: number): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/stat`, "utf8");
        const [state, ppid] = status.slice(status.lastIndexOf(")") + 2).split(" ");
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return Number(ppid) === parent && state !== "Z" && command.includes("keeper-process.ts");
      } catch {
        return false;
      }
    });
}
