import { bytesToHex } from "@cityroot/core/hex";
import { testValidator } from "@cityroot/core/operation/operation.testing";
import { TEST_ORIGIN, TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { NATION } from "@cityroot/core/proof/registry.testing";
import { addressOf } from "@cityroot/core/state/validators";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createClient } from "./client.ts";
import { fetchPolicy } from "./fetch-policy.ts";
import { getCheckpoint } from "./get-checkpoint.ts";
import { getHolder } from "./get-holder.ts";
import { getNetwork } from "./get-network.ts";
import { getPrefix } from "./get-prefix.ts";
import { getValidators } from "./get-validators.ts";
import { keySet } from "./key-set.ts";
import {
  delegate,
  recoverKeys,
  rotateKeys,
  setParameters,
  setRule,
  setValidators,
  suspend,
} from "./operation.ts";
import { proveValidators } from "./prove-validators.ts";
import { resolve } from "./resolve.ts";
import { send } from "./send.ts";
import { generateSeed, type Signer, seedSigner } from "./signer.ts";
import {
  CITY_ID,
  CITY_PREFIX,
  CITY_SIGNER,
  LAMP,
  NEVER,
  type TestWorld,
  testWorld,
} from "./world.testing.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterEach(() => world.server.lie(undefined));
afterAll(() => world.server.close());

const NATION_SIGNER: Signer = seedSigner(NATION.seeds[0]!);

test("a policy that is fetched is the one that the registry publishes", async () => {
  const policy = await fetchPolicy({ url: world.server.url });
  expect(policy).toEqual(TEST_POLICY);
  expect((await resolve(createClient({ url: world.server.url, policy }), LAMP)).standing).toBe("record");
});

test("a policy may be given as JSON, and a malformed one is refused", async () => {
  const answer = await fetch(`${world.server.url}/v1/network`);
  const { policy } = (await answer.json()) as { policy: object };
  const client = createClient({ url: world.server.url, policy: policy as never });
  expect(client.policy).toEqual(TEST_POLICY);
  const broken = { ...policy, quorum: 9 };
  const [witness] = TEST_POLICY.witnesses;
  const doubled = { ...TEST_POLICY, witnesses: [witness!, witness!], quorum: 2 };
  expect(() => createClient({ url: world.server.url, policy: doubled }), "one witness as two").toThrow(
    "policy.witnesses[1]",
  );
  expect(() => createClient({ url: world.server.url, policy: broken as never })).toThrow(
    "policy.quorum: expected a whole number from 0 to 3",
  );
});

test("the network and the newest checkpoint", async () => {
  const client = world.client();
  const { network } = world.registry.ledger.ledger;
  expect(await getNetwork(client)).toMatchObject({
    id: network.id,
    genesis: bytesToHex(network.genesis),
    protocol: 1,
    origin: TEST_ORIGIN,
    newest: { height: 6 },
  });
  expect(client.network).toBe(network.id);
  const { checkpoint } = world.registry.at();
  expect(await getCheckpoint(client)).toMatchObject({
    height: 6,
    origin: TEST_ORIGIN,
    size: checkpoint.size,
    logRoot: bytesToHex(checkpoint.logRoot),
    stateRoot: bytesToHex(checkpoint.stateRoot),
    cosigners: [{ name: "witness.example/1" }, { name: "witness.example/2" }],
  });
});

test("a prefix comes with its holder's keys and the chain above, proven, and with its rules, reported", async () => {
  const keys = keySet({ keys: [CITY_SIGNER.publicKey] });
  expect(await getPrefix(world.client(), CITY_PREFIX)).toEqual({
    prefix: CITY_PREFIX,
    status: "active",
    version: 1,
    since: { height: 1, time: "2026-01-01T00:00:01.000Z" },
    holder: { id: CITY_ID, name: { en: "Shijiazhuang" }, keys, pending: null, version: 1 },
    chain: [expect.objectContaining({ prefix: "MA.156", status: "active" })],
    reported: { bound: null, own: null, issued: 105 },
    verified: expect.objectContaining({ height: 6 }),
  });
  const asked = world.server.questions.length;
  const { reported } = (await getPrefix(world.client(), CITY_PREFIX, { reported: false }))!;
  expect(reported).toBeNull();
  expect(world.server.questions.length - asked).toBe(1);
});

test("a code that was never delegated is no prefix, at every place of the grammar", async () => {
  const codes = [NEVER, "MA.157", "MA.156.M0.A", "MA.156.1301.02", "MA.156/60", "MA.156/60.10000000", LAMP];
  for (const code of codes) expect(await getPrefix(world.client(), code), code).toBeNull();
  const longest = `MA.156/60.10000000.1/${"a".repeat(50)}.${"b".repeat(50)}.12345`;
  await expect(getPrefix(world.client(), longest)).rejects.toMatchObject({ rejection: "CODE_MALFORMED" });
});

test("prefixes at every place of the grammar are found", async () => {
  const client = world.client();
  const holder = CITY_ID;
  const places = [
    "MA.156.M0",
    "MA.156.M0.A",
    "MA.156.9",
    "MA.156.9.1",
    "MA.156.9.1/60",
    "MA.156.9.1/60.10000000",
  ];
  places.push("MA.156.9.1/60.10000000.x", "MA.156.9.1/60.10000000.x/y", "MA.156.9.1/60.10000000.x/y.z");
  for (const prefix of places) {
    const held = prefix === "MA.156.M0" || prefix === "MA.156.9" ? NATION : { id: CITY_ID };
    const signers = held === NATION ? NATION_SIGNER : CITY_SIGNER;
    const operations = [delegate({ prefix, holder, class: "division" })];
    await send(client, { holder: held.id, signers, operations });
    expect((await getPrefix(client, prefix))?.prefix, prefix).toBe(prefix);
  }
});

test("rules and statuses follow what is done", async () => {
  const client = world.client();
  const act = { holder: bytesToHex(NATION.id), signers: NATION_SIGNER };
  const rule = { shapes: ["any .<d2>", "any /60**"] };
  await send(client, { ...act, operations: [setRule({ prefix: CITY_PREFIX, seat: "bound", rule })] });
  await send(client, { ...act, operations: [suspend({ code: CITY_PREFIX, reason: "audit" })] });
  expect(await getPrefix(client, CITY_PREFIX)).toMatchObject({
    status: "suspended",
    version: 2,
    reported: { bound: { shapes: rule.shapes, issuer: "records" }, own: null },
  });
});

test("a holder's keys and a recovery of them, as reported and as proven", async () => {
  const client = world.client();
  const [next, rescue] = [seedSigner(generateSeed()), seedSigner(generateSeed())];
  const recovery = { needed: 1, keys: [1], delayMs: 3_600_000 };
  const only = { needed: 1, keys: [0] };
  const roles = { root: only, registrar: only, records: only };
  const keys = keySet({ keys: [next.publicKey, rescue.publicKey], ...roles, recovery });
  const act = { holder: CITY_ID, signers: CITY_SIGNER };
  await send(client, { ...act, operations: [rotateKeys({ keys })] });
  const found = keySet({ keys: [rescue.publicKey] });
  const begin = [recoverKeys({ step: "begin", keys: found })];
  const { height } = await send(client, { ...act, signers: rescue, operations: begin });
  const reported = await getHolder(client, CITY_ID);
  expect(reported).toMatchObject({
    id: CITY_ID,
    name: { en: "Shijiazhuang" },
    version: 3,
    keys,
    pending: { keys: found, begun: { height } },
  });
  const readyMs = Date.parse(reported.pending!.begun.time) + recovery.delayMs;
  expect(Date.parse(reported.pending!.readyAt)).toBe(readyMs);
  const { holder } = (await getPrefix(client, CITY_PREFIX))!;
  expect(holder).toEqual({
    id: CITY_ID,
    name: reported.name,
    keys,
    pending: reported.pending,
    version: 3,
  });
});

test("a holder that the ledger does not know, and an id that is none", async () => {
  const client = world.client();
  await expect(getHolder(client, "00".repeat(20))).rejects.toMatchObject({ rejection: "HOLDER_UNKNOWN" });
  for (const id of ["", "xyz", "00".repeat(19), new Uint8Array(32)]) {
    await expect(getHolder(client, id), String(id)).rejects.toMatchObject({ field: "holder" });
  }
});

test("who decides over the network, and what its validators did, part by part", async () => {
  const client = world.client();
  const { ledger } = world.registry;
  const act = { holder: bytesToHex(NATION.id), signers: NATION_SIGNER };
  const validators = [1, 2].map((number) => {
    const { name, publicKey, power } = testValidator(number);
    return { name, publicKey: bytesToHex(publicKey), power };
  });
  const { height } = await send(client, { ...act, operations: [setValidators({ validators })] });
  const address = addressOf(testValidator(1).publicKey);
  const did = { kind: "duplicate-vote", address, power: 10, height: 3, timeMs: 0, totalPower: 20 } as const;
  const recorded: { readonly height: number; readonly timeMs: number }[] = [];
  for (const blocks of [1, 2]) {
    const block = { height: ledger.height() + 1, timeMs: 1_800_000_000_000 + blocks };
    ledger.ledger.record(ledger.state, [did], block);
    recorded.push(block);
    await send(client, { ...act, operations: [setParameters({ blockTransactionsMax: 500 + blocks })] });
  }
  const first = await getValidators(client, { limit: 1 });
  expect(first).toMatchObject({
    ...{ governor: "MA.156", validators, since: { height }, asOf: { height: height + 2 } },
    parameters: { blockBytesMax: 4_194_304, protocol: 1, next: { version: 2, fromHeight: 900 } },
    misbehaviour: [
      {
        ...{ kind: "duplicate-vote", validator: "validator-1", address: bytesToHex(address), height: 3 },
        ...{ power: 10, totalPower: 20, time: "1970-01-01T00:00:00.000Z" },
        recorded: { height: recorded[1]!.height, time: "2027-01-15T08:00:00.002Z" },
      },
    ],
    next: recorded[1]!.height,
  });
  const second = await getValidators(client, { before: first.next! });
  expect(second.misbehaviour.map((one) => one.recorded.height)).toEqual([recorded[0]!.height]);
  expect((await getValidators(client, { before: second.next! })).misbehaviour).toEqual([]);
});

test("who decides is proven, as of the newest checkpoint", async () => {
  const client = world.client();
  const proven = await proveValidators(client);
  const { validators, since } = await getValidators(client);
  const reported = validators.map(({ name, publicKey, power }) => ({ name, publicKey, power }));
  expect(proven).toMatchObject({
    ...{ validators: reported, since, network: world.registry.ledger.ledger.network.id },
    ...{ height: world.registry.at().checkpoint.height, parameters: { protocol: 1, next: null } },
  });
  expect(client.network).toBe(proven.network);
  await expect(proveValidators(world.client({ network: "other-00000000" }))).rejects.toThrow("network-other");
});

test("an answer about validators that is not one is refused, and says where", async () => {
  world.server.lie(() => ({
    body: JSON.stringify({ asOf: { height: 1, time: "x" }, governor: "MA.156", validators: [1] }),
  }));
  await expect(getValidators(world.client())).rejects.toThrow("answer.validators[0]: expected an object");
});
