/**
 * Goal: who is handed a transaction signs nothing that was not shown, nothing for another network, and nothing that could
 * be kept for later.
 * Method: files as a signer with bad intent would write them, at a terminal and with `--yes`.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { encodeBase64 } from "@cityroot/core/log/base64";
import { makeVerifierKey, printVerifierKey, SIGNATURE_TYPES } from "@cityroot/core/log/note";
import type { Operation } from "@cityroot/core/operation/operation";
import { testValidator } from "@cityroot/core/operation/operation.testing";
import { encodeBody } from "@cityroot/core/transaction";
import { federate, issue, retire, rotateKeys } from "@cityroot/sdk/operation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callCli } from "./call-cli.testing.ts";
import { EXIT } from "./exit-code.ts";
import { type RunningRegistry, startRegistry } from "./running-registry.testing.ts";

const CODE = "MA.156.1/60.10000000.1/000001" as Code;
const OUT = ["--sign-only", "signed.json"];

let registry: RunningRegistry;
let network: string;
let holder: string;
let policy: object;
beforeAll(async () => {
  registry = await startRegistry();
  const url = readFileSync(join(registry.home, "address"), "utf8").trim();
  ({ id: network, policy } = (await (await fetch(`${url}/v1/network`)).json()) as never);
  const [root] = (await registry.call(["prefix", "show", "MA.156", "--json"])).json();
  holder = (root!["holder"] as { id: string }).id;
}, 60_000);
afterAll(() => registry.close());

/** Writes a file that waits for a signature of the registry's root holder. */
function handOver(operations: readonly Operation[], changes: object = {}): string {
  const body = { network, holder: hexToBytes(holder)!, lastHeight: 900, nonce: 1, operations, ...changes };
  const content = {
    ...{ format: "cityroot-transaction/1", review: "harmless" },
    ...{ body: encodeBase64(encodeBody(body)), signatures: [] },
  };
  writeFileSync(join(registry.folder, "change.json"), JSON.stringify(content));
  return "change.json";
}

const refuses = async (argv: readonly string[], problem: object) => {
  const result = await registry.call([...argv, "--json"]);
  expect(result.problem(), argv.join(" ")).toMatchObject(problem);
  expect(existsSync(join(registry.folder, "signed.json")), "nothing was signed").toBe(false);
};

/** Takes up a file at a terminal, and gives what was shown before it was declined. */
async function shownOf(words: readonly string[], file: string): Promise<string> {
  const place = { isTerminal: true, answers: ["n"] };
  const { exit, err } = await registry.call([...words, "--with", file, ...OUT], place);
  expect(exit).toBe(EXIT.failure);
  return err;
}

test("a transaction of another network is not signed, whatever else it says", async () => {
  const file = handOver([retire({ code: CODE, reason: "x" })], { network: "other-00000000" });
  await refuses(["code", "retire", "--with", file, "--yes", ...OUT], {
    ...{ code: "WRONG_NETWORK", field: "--with", expected: network, got: "other-00000000" },
  });
  await refuses(["code", "retire", CODE, "--reason", "x", "--with", file, "--yes", ...OUT], {
    code: "WRONG_NETWORK",
  });
});

test("one that could be submitted only later is not signed", async () => {
  const file = handOver([retire({ code: CODE, reason: "x" })], { lastHeight: 20_000 });
  await refuses(["code", "retire", "--with", file, "--yes", ...OUT], {
    ...{ code: "EXPIRY_TOO_FAR", got: "20000", expected: "at most 16384" },
  });
});

test("one of another holder than the one that is to sign is not signed", async () => {
  const file = handOver([issue({ code: CODE, class: "x" })], { holder: new Uint8Array(20).fill(7) });
  const own = join(registry.home, "holders", "MA.156.json");
  const differs = { code: "TRANSACTIONS_DIFFER", field: "--with: holder", expected: holder };
  await refuses(["code", "issue", "--with", file, "--holder", own, "--yes", ...OUT], differs);
  await refuses(["code", "issue", CODE, "--class", "x", "--with", file, "--yes", ...OUT], differs);
});

test("whoever signs is shown all of it, where the command's own question would leave something out", async () => {
  const key = bytesToHex(testValidator(1).publicKey);
  const role = { needed: 1, keys: [0] };
  const keys = { keys: [key], root: role, registrar: role, records: role, recovery: null };
  const rotation = await shownOf(["prefix", "keys", "rotate"], handOver([rotateKeys({ keys } as never)]));
  for (const text of [key, network, holder, '"lastHeight":900']) expect(rotation).toContain(text);
  expect(rotation).not.toContain("harmless");

  const genesis = `${network.slice(-8)}${"00".repeat(28)}`;
  const federation = { network, genesis, endpoints: ["https://evil.example"], policy } as never;
  const both = [
    federate({ prefix: "MA.156.1", federation: null }),
    federate({ prefix: "MA.156.2", federation }),
  ];
  const shown = await shownOf(["prefix", "federate"], handOver(both));
  for (const text of ["below MA.156.1 on this network again", "everything below MA.156.2", "evil.example"])
    expect(shown).toContain(text);
  expect(existsSync(join(registry.folder, "signed.json"))).toBe(false);
});

test("a question keeps what strangers wrote from acting on the terminal", async () => {
  const origin = "registry.example/\u009b2J\u202eevil";
  const name = makeVerifierKey(origin, SIGNATURE_TYPES.ed25519, testValidator(1).publicKey);
  const odd = { origin, logKeys: [printVerifierKey(name)], witnesses: [], quorum: 0 };
  const server = createServer((_, response) => response.end(JSON.stringify({ policy: odd })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place = { folder: join(registry.folder, "elsewhere"), isTerminal: true, answers: ["n"] };
  const { exit, err } = await callCli(["code", "resolve", CODE, "--url", url], place);
  server.close();
  expect(exit).toBe(EXIT.verification);
  expect(err).toContain("evil");
  expect(err).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
});

test("a machine that reaches nobody signs what its user has compared, and nothing unseen", async () => {
  const file = handOver([retire({ code: CODE, reason: "x" })], { network: "other-00000000" });
  const away = ["code", "retire", "--with", file, ...OUT, "--url", "http://127.0.0.1:1", "--policy"];
  const argv = [...away, join(registry.home, "policy.json"), "--home", registry.home];
  await refuses([...argv, "--yes"], { code: "TRANSPORT_NETWORK" });
  const { exit, err } = await registry.call(argv, { isTerminal: true, answers: ["n"] });
  expect(exit, err).toBe(EXIT.failure);
  expect(err).toContain("compare yourself that other-00000000");
});

test("a policy that was agreed to is not taken anew because its file is damaged", async () => {
  const url = readFileSync(join(registry.home, "address"), "utf8").trim();
  const place = { folder: mkdtempSync(join(tmpdir(), "cityroot-reader-")) };
  const resolve = ["prefix", "list", "--url", url, "--yes", "--json"];
  expect((await callCli(resolve, place)).exit).toBe(EXIT.ok);
  const names = readdirSync(place.folder, { recursive: true }) as string[];
  const path = names.find((name) => name.endsWith("policy.json"));
  writeFileSync(join(place.folder, path!), "{");
  const { exit, problem } = await callCli(resolve, place);
  expect(exit).toBe(EXIT.usage);
  expect(problem()).toMatchObject({ code: "FILE_MALFORMED", field: "policy" });
  rmSync(place.folder, { recursive: true, force: true });
});
