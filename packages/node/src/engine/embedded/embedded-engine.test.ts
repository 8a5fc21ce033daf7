import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Code } from "@cityroot/codes/ma/code";
import type { Genesis } from "@cityroot/core/genesis";
import { networkOf } from "@cityroot/core/genesis";
import { publicKeyOf, sign } from "@cityroot/core/key/ed25519";
import { issueOf, keySetOfSeeds, seedOf, testHolder } from "@cityroot/core/ledger.testing";
import { readPolicy } from "@cityroot/core/log/witness-policy";
import type { Operation } from "@cityroot/core/operation/operation";
import { accept, type Outcome } from "@cityroot/core/outcome";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { proveAnswer, proveList } from "@cityroot/core/proof/prove";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { verifyList } from "@cityroot/core/proof/verify-list";
import { encodeBody, encodeTransaction, signedMessageOf, transactionIdOf } from "@cityroot/core/transaction";
import { afterEach, beforeAll, expect, test } from "vitest";
import { createHome, readHome } from "../../home/home.ts";
import { StoredRegistryReader } from "../../resolver/stored-registry-reader.ts";
import { startSignaturePool } from "../../signature/signature-pool.ts";
import { installNativeFunctions } from "../../store/native-functions.ts";
import { openRegistryStore } from "../../store/registry-store.ts";
import { ensureGenesis } from "../open-ledger.ts";
import { openEmbeddedEngine } from "./open-embedded.ts";

beforeAll(installNativeFunctions);
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const NATION = testHolder("Nation", 1, keySetOfSeeds([seedOf(1)]));
const PARENT = "MA.156.1301.02/60.10000000.1";
const GENESIS: Genesis = {
  name: "test",
  timeMs: 1_767_225_600_000,
  roots: [
    { prefix: "MA.156" as Code, holder: NATION.declaration, rule: null, class: "country", attributes: [] },
  ],
};
const NETWORK = networkOf(GENESIS).id;

let nonce = 0;
function signed(operations: readonly Operation[], lastHeight = 100): Uint8Array {
  nonce += 1;
  const body = encodeBody({ network: NETWORK, holder: NATION.id, lastHeight, nonce, operations });
  const message = signedMessageOf(transactionIdOf(body));
  const signature = { publicKey: publicKeyOf(seedOf(1)), signature: sign(seedOf(1), message) };
  return encodeTransaction(body, [signature]);
}

async function openNode(admit: () => Outcome<void> = () => accept(undefined)) {
  const folder = folders[0] ?? mkdtempSync(`${tmpdir()}/cityroot-`);
  if (folders.length === 0) {
    folders.push(folder);
    createHome(folder, GENESIS, { origin: "registry.test/one" });
  }
  const home = readHome(folder);
  const store = await ensureGenesis(home);
  const signatures = startSignaturePool(1);
  const engine = openEmbeddedEngine(home, store, {
    signatures,
    clock: Date.now,
    admit,
    onStop: () => {},
    onClockBack: () => {},
  });
  const payloads = { itemsOf: () => [] };
  const reader = new StoredRegistryReader({
    store: openRegistryStore(home.dataFolder, { readOnly: true }),
    folder: home.dataFolder,
    genesis: home.genesis,
    policy: home.policy,
    payloads,
  });
  const policy = readPolicy(home.policy);
  if (!policy.ok) throw new Error("policy");
  const close = async () => {
    await engine.close();
    signatures.close();
    await reader.close();
    await store.close();
  };
  return { engine, reader, policy: policy.value, close };
}

test("what was acknowledged resolves with a proof, also after a restart", async () => {
  let node = await openNode();
  const codes = Array.from({ length: 300 }, (_, at) => `${PARENT}/${String(at).padStart(6, "0")}` as Code);
  const results = await node.engine.submit([
    signed([issueOf("MA.156.1301")]),
    signed(codes.map((code) => issueOf(code))),
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual([
    { ok: true, value: { height: 1, index: 0 } },
    { ok: true, value: { height: 1, index: 1 } },
  ]);
  for (let version = 2; version <= 20; version++) {
    const change: Operation = {
      type: "update",
      code: codes[7]!,
      attributes: [["name", [["en", `lamp ${version}`]]]],
      links: null,
      commitments: null,
      version: version - 1,
      item: null,
    };
    const [result] = await node.engine.submit([signed([change])]);
    expect(result!.outcome.ok, `version ${version}`).toBe(true);
  }
  for (const round of ["live", "restarted"]) {
    const head = node.reader.head();
    for (const code of [...codes, "MA.156.1301" as Code]) {
      const bundle = encodeBundle(proveAnswer(node.reader.source, code, head, { delegations: true }));
      const answer = verifyAnswer(bundle, code, { policy: node.policy });
      if (!answer.ok) throw new Error(`${round} ${code}: ${answer.failure.name} ${answer.failure.detail}`);
      expect(answer.value.standing.kind, `${round} ${code}`).toBe("record");
      expect(
        answer.value.delegations?.map(({ prefix }) => prefix),
        code,
      ).toEqual(["MA.156"]);
    }
    for (const code of ["MA.156.1302", `${PARENT}/0000005`, `${PARENT}/999999`, "MA.276"] as Code[]) {
      const bundle = encodeBundle(proveAnswer(node.reader.source, code, head));
      const answer = verifyAnswer(bundle, code, { policy: node.policy });
      expect(answer.ok && answer.value.standing.kind, `${round} ${code}`).toBe("never-issued");
    }
    for (let height = 0; height <= 20; height++) {
      const asOf = { height };
      const bundle = encodeBundle(proveAnswer(node.reader.source, codes[7]!, head, { asOf }));
      const answer = verifyAnswer(bundle, codes[7]!, { policy: node.policy, asOf });
      if (!answer.ok) throw new Error(`${round} ${height}: ${answer.failure.name} ${answer.failure.detail}`);
      const { standing } = answer.value;
      const version = standing.kind === "record" ? standing.record.version : standing.kind;
      expect(version, `as of ${height}`).toBe(height === 0 ? "not-yet-issued" : height);
    }
    const part = proveList(node.reader.source, PARENT as Code, head, { limit: 1000 });
    const list = verifyList(encodeBundle(part.bundle), PARENT as Code, undefined, { policy: node.policy });
    if (!list.ok) throw new Error(`${list.failure.name} ${list.failure.detail}`);
    expect(list.value.isLast).toBe(true);
    expect(list.value.entries.map(({ code }) => code)).toEqual(codes);
    await node.close();
    node = await openNode();
  }
  await node.close();
});

test("others have their turn while transactions are read that take long", async () => {
  const node = await openNode();
  // A list of a million empty byte strings: as much to read as a transaction of its length can hold.
  const long = new Uint8Array(1_048_576).fill(0x40);
  long.set([0x9a, 0x00, 0x0f, 0xff, 0xfb]);
  const counted = countTurns();
  const results = await node.engine.submit(new Array<Uint8Array>(12).fill(long));
  counted.stop();
  for (const { outcome } of results)
    expect(outcome).toMatchObject({ rejection: { name: "TRANSACTION_MALFORMED" } });
  expect(counted.turns(), "turns of others while twelve transactions were read").toBeGreaterThanOrEqual(12);
  await node.close();
});

test("so do they while it is looked up whether what a submission needs is here", async () => {
  const counted = countTurns();
  const lookedAt: number[] = [];
  const node = await openNode(() => {
    lookedAt.push(counted.turns());
    const until = performance.now() + 11;
    while (performance.now() < until);
    return accept(undefined);
  });
  const transactions = Array.from({ length: 12 }, (_, at) => signed([issueOf(`${PARENT}/${at}` as Code)]));
  const results = await node.engine.submit(transactions);
  counted.stop();
  for (const { outcome } of results) expect(outcome.ok).toBe(true);
  expect(new Set(lookedAt).size, "no two were looked at in one turn").toBe(12);
  await node.close();
});

/** Counts the turns of events from now on. */
function countTurns(): { readonly turns: () => number; readonly stop: () => void } {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  return {
    turns: () => turns,
    stop: () => {
      isDone = true;
    },
  };
}
