/**
 * Goal: one command makes a network of several validators on one machine, one starts it, one says how it stands; what is
 * issued through one node is proven by another; nothing outlives the process that started it.
 * Method: real processes and a real CometBFT for each of four nodes, of which one is killed, then all are.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@cityroot/core/hex";
import { testValidator } from "@cityroot/core/operation/operation.testing";
import { COMETBFT_MISSING, WHY_NOT } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { afterAll, expect, test } from "vitest";
import { type CallResult, callCli } from "./call-cli.testing.ts";
import { EXIT } from "./exit-code.ts";
import { type Started, spawnCli, startProcess } from "./start-process.testing.ts";

const folder = mkdtempSync(join(tmpdir(), "cityroot-network-"));
const started: Started[] = [];
afterAll(async () => {
  await Promise.all(started.map((one) => one.stop("SIGKILL")));
  rmSync(folder, { recursive: true, force: true });
});

const call = (...argv: string[]): Promise<CallResult> => callCli(argv, { folder });
const CODE = "MA.156/60.10000000.1/1";

type StartedNode = { readonly name: string; readonly pid: number };
type Status = {
  readonly agrees: boolean;
  readonly common: number;
  readonly power: number;
  readonly nodes: readonly {
    readonly behind: number | null;
    readonly problems: readonly { kind: string }[];
  }[];
};

async function start(): Promise<{ readonly running: Started; readonly nodes: readonly StartedNode[] }> {
  const running = await startProcess(["network", "start", "--json"], folder);
  started.push(running);
  const line = running
    .written()
    .split("\n")
    .find((text) => text.startsWith('{"network"'));
  return { running, nodes: (JSON.parse(line!) as { nodes: StartedNode[] }).nodes };
}

async function status(): Promise<{ readonly exit: number; readonly json: Status }> {
  const { exit, json } = await call("network", "status", "--json");
  return { exit, json: json()[0] as unknown as Status };
}

/** Processes of this network that run: its nodes and their CometBFTs name its folder, or have a parent that does. */
function countProcesses(pids: readonly number[]): number {
  return readdirSync("/proc").filter((pid) => {
    if (!/^[0-9]+$/.test(pid)) return false;
    if (pids.includes(Number(pid))) return isAlive(Number(pid));
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${folder}/network/`);
    } catch {
      return false;
    }
  }).length;
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

test.skipIf(COMETBFT_MISSING)(
  `a network is made, started, asked, and stopped with all that it started${WHY_NOT}`,
  async () => {
    const made = await call("network", "init", "--port", "0", "--json");
    expect(made.exit, made.err).toBe(EXIT.ok);
    const [{ policy, holder }] = made.json() as unknown as [{ policy: string; holder: string }];
    const { logKeys, witnesses, quorum } = JSON.parse(readFileSync(policy, "utf8"));
    expect([logKeys.length, witnesses.length, quorum]).toEqual([4, 4, 3]);
    expect(statSync(holder).mode & 0o777).toBe(0o600);
    const again = await call("network", "init", "--json");
    expect([again.exit, again.problem()["code"]]).toEqual([EXIT.conflict, "FOLDER_EXISTS"]);
    expect((await call("network", "status")).exit, "nobody answers").toBe(EXIT.unavailable);

    const { running, nodes } = await start();
    expect(nodes.map(({ name }) => name)).toEqual(["node-1", "node-2", "node-3", "node-4"]);
    const second = spawnCli(["network", "start"], folder);
    expect(await second.ended).toBe(EXIT.conflict);
    expect(second.written()).toContain("is running already");

    const issued = await call("code", "issue", CODE, "--class", "street-lamp", "--home", "network/node-1");
    expect(issued.exit, issued.err).toBe(EXIT.ok);
    const resolve = () => call("code", "resolve", CODE, "--home", "network/node-2", "--json");
    // The block is on its way to the other nodes for a moment.
    await expect.poll(async () => (await resolve()).exit, { timeout: 10_000 }).toBe(EXIT.ok);
    const [{ verified }] = (await resolve()).json() as unknown as [{ verified: { cosigners: object[] } }];
    expect(verified.cosigners.length).toBeGreaterThanOrEqual(3);
    const all = await status();
    expect(all).toMatchObject({ exit: EXIT.ok, json: { agrees: true, common: 1, power: 40 } });
    expect(all.json.nodes.map(({ problems }) => problems)).toEqual([[], [], [], []]);

    process.kill(nodes[2]!.pid, "SIGKILL");
    await running.waitFor('"warning":"NODE_ENDED","detail":"node-3');
    const three = await status();
    expect(three).toMatchObject({ exit: EXIT.unavailable, json: { agrees: true, power: 30 } });
    expect(three.json.nodes[2]!.problems).toMatchObject([{ kind: "unreachable" }]);
    const later = ["code", "issue", "MA.156/60.10000000.1/2", "--class", "street-lamp"];
    expect((await call(...later, "--home", "network/node-1")).exit).toBe(EXIT.ok);
    const set = ["network", "set-validators", "--home", "network/node-1", "--yes", "--json"];
    const removal = (name: string) => call(...set, "--remove", name, "--sign-only", "removal.json");
    // Of the three that are left two are there: what was removed by mistake could never be put back.
    await expect.poll(async () => (await removal("node-4")).exit, { timeout: 10_000 }).toBe(EXIT.conflict);
    expect((await removal("node-4")).problem()).toMatchObject({
      ...{ code: "VALIDATORS_ABSENT", got: "20", expected: "at least 21 of 30 from validators that vote" },
      detail: expect.stringContaining("node-3 (10)"),
    });
    expect((await removal("node-3")).exit, "the one that is away").toBe(EXIT.ok);
    const [metro, tram] = [1, 2].map((number) => bytesToHex(testValidator(number).publicKey));
    const added = await call(
      ...set,
      "--add",
      `metro:${metro}`,
      "--remove",
      "node-3",
      "--sign-only",
      "x.json",
    );
    expect(added.exit, added.err).toBe(EXIT.ok);
    const two = ["--add", `metro:${metro}`, "--add", `tram:${tram}`, "--remove", "node-3"];
    expect((await call(...set, ...two, "--sign-only", "x.json")).problem()).toMatchObject({ got: "30" });
    expect((await call(...set, ...two, "--sign-only", "x.json", "--untried")).exit).toBe(EXIT.ok);
    expect(await running.stop()).toBe(EXIT.ok);
    const pids = nodes.map(({ pid }) => pid);
    await expect.poll(() => countProcesses(pids), { timeout: 5_000 }).toBe(0);
    expect(readdirSync(join(folder, "network", "logs"))).toHaveLength(4);

    const back = await start();
    expect((await status()).json, "the one that was killed has caught up").toMatchObject({
      common: 2,
      power: 40,
    });
    await back.running.stop("SIGKILL");
    const left = back.nodes.map(({ pid }) => pid);
    await expect.poll(() => countProcesses(left), { timeout: 10_000 }).toBe(0);
  },
  120_000,
);
