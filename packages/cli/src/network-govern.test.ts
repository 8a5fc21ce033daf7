/**
 * Goal: who holds the root prefix decides over the network from the command line, alone or with others, and sees what holds.
 * Method: a registry that the command line made, whose root needs two of two keys.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { bytesToHex } from "@cityroot/core/hex";
import { encodeBase64 } from "@cityroot/core/log/base64";
import { testValidator } from "@cityroot/core/operation/operation.testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "./exit-code.ts";
import { type RunningRegistry, startRegistry } from "./running-registry.testing.ts";

let registry: RunningRegistry;
beforeAll(async () => {
  registry = await startRegistry();
}, 60_000);
afterAll(() => registry.close());

const SET = ["network", "set-validators"];
const PARAMETERS = ["network", "set-parameters"];
const keyOf = (number: number): string => bytesToHex(testValidator(number).publicKey);

const ok = async (...argv: string[]) => {
  const result = await registry.call([...argv, "--json"]);
  expect(result.err, argv.join(" ")).toBe("");
  expect(result.exit, argv.join(" ")).toBe(EXIT.ok);
  return result.json();
};
const fails = async (exit: keyof typeof EXIT, ...argv: string[]) => {
  const result = await registry.call([...argv, "--json"]);
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT[exit]);
  return result.problem();
};
const namesOf = async (): Promise<unknown> => {
  const [{ validators }] = (await ok(...SET)) as [{ validators: { name: string; power: number }[] }];
  return validators.map(({ name, power }) => `${name} ${power}`);
};

describe("validators", () => {
  test("are none where one node decides alone, and people read that", async () => {
    expect((await ok(...SET))[0]).toMatchObject({ governor: "MA.156", validators: [], misbehaviour: [] });
    const { out } = await registry.call(SET);
    expect(out).toContain("one node decides alone");
  });

  test("are added, changed and removed by name, with keys in either form", async () => {
    const base64 = encodeBase64(testValidator(2).publicKey);
    const [done] = await ok(...SET, "--add", `water:${keyOf(1)}`, "--add", `traffic:${base64}:7`, "--yes");
    expect(done).toMatchObject({ type: "set-validators", status: "committed" });
    expect(await namesOf()).toEqual(["water 10", "traffic 7"]);
    await ok(
      ...SET,
      "--add",
      `traffic:${keyOf(2)}:8`,
      "--remove",
      "water",
      "--add",
      `park:${keyOf(3)}`,
      "--yes",
    );
    expect(await namesOf()).toEqual(["traffic 8", "park 10"]);
    const { out } = await registry.call(SET);
    expect(out).toMatch(new RegExp(`traffic +8 +${keyOf(2)}`));
  });

  test("come whole from a file, which a genesis may be", async () => {
    const validators = [{ name: "one", publicKey: keyOf(1), power: 3 }];
    writeFileSync(join(registry.folder, "all.json"), JSON.stringify(validators));
    await ok(...SET, "all.json", "--yes");
    expect(await namesOf()).toEqual(["one 3"]);
    writeFileSync(join(registry.folder, "genesis.json"), JSON.stringify({ name: "x", validators }));
    await ok(...SET, "genesis.json", "--add", `two:${keyOf(2)}`, "--yes");
    expect(await namesOf()).toEqual(["one 3", "two 10"]);
  });

  test("are refused with the field and what was expected", async () => {
    const key = keyOf(1);
    expect(await fails("notFound", ...SET, "--remove", "nobody", "--yes")).toMatchObject({
      ...{ code: "VALIDATOR_UNKNOWN", field: "--remove", got: "nobody", expected: "one of one, two" },
    });
    for (const text of ["water", "water:12", `water:${key}:x`, `water:${key}:1:2`, `:${key}`])
      expect(await fails("usage", ...SET, "--add", text), text).toMatchObject({ field: "--add", got: text });
    expect(await fails("usage", ...SET, "--add", `again:${key}`)).toMatchObject({
      code: "VALIDATORS_MALFORMED",
    });
    expect(await fails("usage", ...SET, "--add", `Water:${keyOf(4)}`)).toMatchObject({ got: "Water" });
    writeFileSync(join(registry.folder, "none.json"), "{}");
    expect(await fails("usage", ...SET, "none.json")).toMatchObject({ code: "FILE_MALFORMED" });
    // It cannot be taken back by who is left: it is asked for.
    expect(await fails("usage", ...SET, "--remove", "two")).toMatchObject({ code: "CONFIRMATION_NEEDED" });
    expect(await namesOf()).toEqual(["one 3", "two 10"]);
  });
});

test("a set is made of what the network has, whatever a server says of it", async () => {
  const evil = { name: "two", publicKey: keyOf(9), address: "00".repeat(20), power: 1_000 };
  const url = readFileSync(join(registry.home, "address"), "utf8").trim();
  const proxy = createServer(async (request, response) => {
    const { accept = "*/*" } = request.headers;
    const answer = await fetch(url + request.url, { headers: { accept } });
    const type = answer.headers.get("content-type") ?? "";
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isForged = request.url!.startsWith("/v1/network/validators") && type.startsWith("application/json");
    response.writeHead(request.method === "GET" ? answer.status : 404, { "content-type": type });
    response.end(isForged ? JSON.stringify({ ...JSON.parse(`${bytes}`), validators: [evil] }) : bytes);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const lying = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const place = { isTerminal: true, answers: ["n"] };
  const argv = [...SET, "--add", `three:${keyOf(3)}`, "--url", lying, "--home", registry.home];
  const { err } = await registry.call(argv, place);
  proxy.close();
  expect(err).toContain(`one (${keyOf(1)}, 3), two (${keyOf(2)}, 10), three (${keyOf(3)}, 10)`);
  expect(err).not.toContain(keyOf(9));
});

describe("parameters", () => {
  test("are shown, and changed one by one", async () => {
    expect((await ok(...PARAMETERS))[0]).toMatchObject({
      parameters: { blockBytesMax: 4_194_304, blockTransactionsMax: 5_000, protocol: 1, next: null },
    });
    await ok(...PARAMETERS, "--block-transactions", "2000", "--yes");
    await ok(...PARAMETERS, "--block-bytes", "2097152", "--yes");
    const { out } = await registry.call(PARAMETERS);
    for (const text of ["2,000", "2,097,152", "none"]) expect(out).toContain(text);
  });

  test("a version is set for a height, and called off", async () => {
    const unknown = ["--protocol", "2", "--from-height", "100000"];
    expect(await fails("conflict", ...PARAMETERS, ...unknown, "--yes")).toMatchObject({
      ...{ code: "PROTOCOL_UNKNOWN", field: "--protocol", expected: "at most 1", got: "2" },
      detail: expect.stringContaining("every node stops at height 100000"),
    });
    const change = [...unknown, "--untried"];
    const asked = await registry.call([...PARAMETERS, ...change], { isTerminal: true, answers: ["y"] });
    expect(asked.exit, asked.err).toBe(EXIT.ok);
    expect(asked.err).toContain("does not know version 2 stops at height 100000");
    const next = { version: 2, fromHeight: 100_000 };
    expect((await ok(...PARAMETERS))[0]).toMatchObject({ parameters: { next } });
    await ok(...PARAMETERS, "--keep-protocol", "--yes");
    expect((await ok(...PARAMETERS))[0]).toMatchObject({ parameters: { protocol: 1, next: null } });
  });

  test("are refused with the field and what was expected", async () => {
    const cases: [string[], keyof typeof EXIT, object][] = [
      [["--block-bytes", "1"], "usage", { field: "--block-bytes", got: "1" }],
      [["--block-transactions", "499"], "usage", { field: "--block-transactions" }],
      [["--protocol", "2"], "usage", { field: "--from-height" }],
      [["--from-height", "2"], "usage", { field: "--protocol" }],
      [["--keep-protocol", "--protocol", "2", "--from-height", "9"], "usage", { field: "--protocol" }],
      [
        ["--protocol", "3", "--from-height", "900", "--untried"],
        "conflict",
        { code: "PROTOCOL_VERSION_WRONG" },
      ],
      [["--protocol", "2", "--from-height", "1", "--untried"], "conflict", { code: "PROTOCOL_HEIGHT_PAST" }],
    ];
    for (const [options, exit, problem] of cases)
      expect(await fails(exit, ...PARAMETERS, ...options, "--yes"), options.join(" ")).toMatchObject(problem);
  });
});

test("several signers pass the transaction on, each on a machine of their own", async () => {
  const folder = join(registry.home, "holders");
  mkdirSync(folder, { recursive: true });
  await ok("prefix", "keys", "generate", "board", "--root", "2/2", "--split");
  const { id } = JSON.parse(readFileSync(join(folder, "board.key-1.json"), "utf8")) as { id: string };
  await ok("prefix", "delegate", "MA.156.1", "--to", "board");
  const root = (await ok("prefix", "show", "MA.156"))[0] as { holder: { name: { en: string } } };
  expect(root.holder.name.en).toBe("Root");
  await ok("code", "transfer", "MA.156", "--to", id, "--yes");
  const keyFile = (number: number): string => join(folder, `board.key-${number}.json`);
  const removal = [...SET, "--remove", "two"];
  expect(await fails("auth", ...removal, "--holder", keyFile(1), "--yes")).toMatchObject({
    code: "BELOW_THRESHOLD",
  });
  await ok(...removal, "--holder", keyFile(1), "--sign-only", "one.json", "--yes");
  expect(
    await fails("usage", ...SET, "--remove", "one", "--holder", keyFile(2), "--with", "one.json"),
  ).toMatchObject({ code: "TRANSACTIONS_DIFFER" });
  expect(await namesOf()).toEqual(["one 3", "two 10"]);
  await ok(...SET, "--with", "one.json", "--holder", keyFile(2), "--yes");
  expect(await namesOf()).toEqual(["one 3"]);
}, 60_000);

test("a node stops at the height of a version that it does not know, and says which one it needs", async () => {
  const removal = [...PARAMETERS, "--untried", "--protocol", "2", "--from-height"];
  const keyFile = (number: number): string => join(registry.home, "holders", `board.key-${number}.json`);
  const [{ asOf }] = (await ok(...SET)) as [{ asOf: { height: number } }];
  const from = asOf.height + 2;
  await ok(...removal, `${from}`, "--holder", keyFile(1), "--sign-only", "upgrade.json", "--yes");
  const signed = [...PARAMETERS, "--with", "upgrade.json", "--holder", keyFile(2), "--yes"];
  expect(await fails("conflict", ...signed)).toMatchObject({ code: "PROTOCOL_UNKNOWN" });
  await ok(...signed, "--untried");
  await fails("unavailable", "prefix", "delegate", "MA.156.2", "--to", "board", "--holder", keyFile(1));
  await registry.stop();
  const refused = await fails("failure", "start", "--home", registry.home);
  expect(refused).toMatchObject({ code: "PROTOCOL_UNKNOWN" });
  expect(refused["detail"]).toContain(`from height ${from} on the network needs version 2 of the protocol`);
}, 60_000);
