/**
 * Goal: CometBFT stops when it is asked to, never outlives the process that started it, and what ends it is told.
 * Method: the real binary with an application that adds nothing up; where it cannot be made to misbehave, a small program.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Validator } from "@cityroot/core/state/validators";
import { afterEach, expect, test } from "vitest";
import { openLogger } from "../../logger.ts";
import { applicationOf } from "./abci/abci-served.testing.ts";
import { serveAbci } from "./abci/abci-server.ts";
import type { AbciApplication } from "./abci/application.ts";
import { type ConsensusIdentity, makeConsensusHome, writeConsensusGenesis } from "./comet-home.ts";
import { COMETBFT_MISSING, freePorts, WHY_NOT } from "./comet-network.testing.ts";
import { type CometProcess, type CometProcessOptions, startCometProcess } from "./comet-process.ts";
import { findCometBft } from "./find-cometbft.ts";

const ORPHAN = fileURLToPath(new URL("./comet-orphan.testing.ts", import.meta.url));
const ACCEPT = 1;
const UP = { timeout: 20_000, interval: 50 };
const GENESIS = { network: "process", timeMs: Date.UTC(2026, 0, 1), digest: new Uint8Array(32) };

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cityroot-process-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Whether a process runs: one that ended and that nobody asked about does not. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const state = `/proc/${pid}/stat`;
  return !existsSync(state) || !/\) Z /.test(readFileSync(state, "utf8"));
}

type Watched = CometProcess & { readonly ends: string[] };

function watch(folder: string, options: Partial<CometProcessOptions>): Watched {
  const ends: string[] = [];
  const comet = startCometProcess({
    ...{ binary: "", folder, applicationSocket: `${folder}/application`, rpcSocket: `${folder}/rpc` },
    ...{ peerListen: { host: "127.0.0.1", port: 0 }, peers: [], allowsPrivatePeers: true, blockPauseMs: 20 },
    ...{ rpcBatchMax: 10, logger: openLogger("fatal"), onEnd: (reason: string) => ends.push(reason) },
    ...options,
  });
  undo.push(comet.close);
  return { ...comet, ends };
}

/** Serves an application whose hash after each block is given. */
async function serveHash(folder: string, hashAt: (height: bigint) => Uint8Array): Promise<void> {
  const application: AbciApplication = applicationOf({
    initChain: async () => ({ appHash: hashAt(0n) }),
    prepareProposal: async ({ txs }) => ({ txs }),
    processProposal: async () => ({ status: ACCEPT }),
    finalizeBlock: async ({ height, txs }) => ({
      txResults: txs.map(() => ({ code: 0 })),
      appHash: hashAt(height),
    }),
  });
  const server = await serveAbci({
    ...{ application, socketPath: `${folder}/application` },
    onFailure: () => undefined,
  });
  undo.push(server.close);
}

const constant = (): Uint8Array => new Uint8Array(32);

async function makeSingle(binary: string, folder: string): Promise<void> {
  const { publicKey } = await makeConsensusHome(binary, folder);
  writeConsensusGenesis(folder, { ...GENESIS, validators: [{ name: "only", publicKey, power: 10 }] });
}

test.skipIf(COMETBFT_MISSING)(
  `it stops when it is asked to, and nothing is told of that${WHY_NOT}`,
  async () => {
    const [binary, folder] = [await findCometBft(), makeFolder()];
    await makeSingle(binary, folder);
    await serveHash(folder, constant);
    const comet = watch(folder, { binary });
    await expect.poll(() => existsSync(`${folder}/rpc`), UP).toBe(true);
    expect(runs(comet.pid!)).toBe(true);
    await comet.close();
    await comet.close();
    expect(runs(comet.pid!)).toBe(false);
    expect(comet.ends).toEqual([]);
  },
);

test.skipIf(COMETBFT_MISSING)(
  `how it ended by itself is told, with what it said last${WHY_NOT}`,
  async () => {
    const [binary, folder] = [await findCometBft(), makeFolder()];
    await makeSingle(binary, folder);
    await serveHash(folder, constant);
    const killed = watch(folder, { binary });
    await expect.poll(() => existsSync(`${folder}/rpc`), UP).toBe(true);
    process.kill(killed.pid!, "SIGKILL");
    await expect.poll(() => killed.ends, UP).toEqual([expect.stringMatching(/^CometBFT ended by SIGKILL: /)]);
    writeFileSync(`${folder}/config/priv_validator_key.json`, "{");
    const broken = watch(folder, { binary });
    await expect
      .poll(() => broken.ends, UP)
      .toEqual([expect.stringMatching(/^CometBFT ended with 1: .*PrivValidator/)]);
  },
);

test("what cannot be started, and what ends without a word, is told", async () => {
  const folder = makeFolder();
  const none = watch(folder, { binary: `${folder}/none` });
  await expect
    .poll(() => none.ends)
    .toEqual([expect.stringMatching(/^CometBFT could not be started: .*ENOENT/)]);
  expect(none.pid).toBeUndefined();
  await none.close();
  const silent = watch(folder, { binary: "/bin/true" });
  await expect.poll(() => silent.ends).toEqual(["CometBFT ended with 0: it told no error"]);
});

test("what does not stop is killed", async () => {
  const folder = makeFolder();
  const binary = join(folder, "stubborn");
  // It says a line without an end before, of which no more is kept than fits.
  writeFileSync(
    binary,
    `#!/bin/sh\ntrap '' TERM\nhead -c 5000000 /dev/zero\ntouch ${folder}/up\nwhile true; do sleep 0.1; done\n`,
    { mode: 0o755 },
  );
  const comet = watch(folder, { binary, stopMsMax: 200 });
  await expect.poll(() => existsSync(join(folder, "up")), UP).toBe(true);
  await comet.close();
  expect(runs(comet.pid!)).toBe(false);
  expect(comet.ends).toEqual([]);
});

for (const whether of ["with", "without"] as const) {
  test.skipIf(COMETBFT_MISSING)(
    `it ends with the process that started it, ${whether} its application${WHY_NOT}`,
    async () => {
      const [binary, folder] = [await findCometBft(), makeFolder()];
      await makeSingle(binary, folder);
      const parent = spawn(process.execPath, ["--conditions=source", ORPHAN, binary, folder, whether], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      undo.push(() => parent.kill("SIGKILL"));
      const [line] = await once(createInterface({ input: parent.stdout }), "line");
      const pid = Number(line);
      expect(runs(pid)).toBe(true);
      parent.kill("SIGKILL");
      await once(parent, "exit");
      await expect.poll(() => runs(pid), UP).toBe(false);
    },
  );
}

test.skipIf(COMETBFT_MISSING)(
  `a validator whose application comes to another hash ends, and says which two differ${WHY_NOT}`,
  async () => {
    const binary = await findCometBft();
    const folders = [makeFolder(), makeFolder()];
    const ports = await freePorts(2);
    const identities: ConsensusIdentity[] = [];
    for (const folder of folders) identities.push(await makeConsensusHome(binary, folder));
    // The first decides alone: what it decides binds the second.
    const validators = identities.map(
      ({ publicKey }, at): Validator => ({ name: `${at}`, publicKey, power: at === 0 ? 100 : 1 }),
    );
    const [most, other] = folders.map((folder, at) => {
      writeConsensusGenesis(folder, { ...GENESIS, validators });
      return watchLater(folder, at);
    });
    function watchLater(folder: string, at: number): () => Promise<Watched> {
      return async () => {
        const differs = (height: bigint): boolean => at === 1 && height === 5n;
        await serveHash(folder, (height) => new Uint8Array(32).fill(differs(height) ? 0xbb : Number(height)));
        const peers = identities.map(({ nodeId }, of) => `${nodeId}@127.0.0.1:${ports[of]}`);
        return watch(folder, {
          ...{ binary, blockPauseMs: 300, peerListen: { host: "127.0.0.1", port: ports[at]! } },
          peers: peers.filter((_, of) => of !== at),
        });
      };
    }
    const [second, first] = [await other!(), await most!()];
    await expect.poll(() => second.ends.length, UP).toBe(1);
    expect(second.ends[0]).toMatch(/^CometBFT decides on no more blocks: .*AppHash.*B{64}.*(05){32}/);
    await expect.poll(() => runs(second.pid!), UP).toBe(false);
    expect(first.ends).toEqual([]);
  },
  60_000,
);
