import { bytesToHex } from "@cityroot/core/hex";
import { setParametersOf, setValidatorsOf, testValidator } from "@cityroot/core/operation/operation.testing";
import { verifyGovernance } from "@cityroot/core/proof/governance";
import type { Misbehaviour } from "@cityroot/core/state/misbehaviour";
import { addressOf } from "@cityroot/core/state/validators";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

const PATH = "/v1/network/validators";

let city: City;
let server: Running;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  server = await startServer(city.registry);
  ask = await openContract(server);
});
afterAll(() => server.close());

const one = testValidator(1);
const did = (height: number): Misbehaviour => ({
  ...{ kind: "duplicate-vote", address: addressOf(one.publicKey), power: 10 },
  ...{ height, timeMs: 1_800_000_000_000, totalPower: 20 },
});

test("a registry whose one node decides alone has no validators, and the parameters of its beginning", async () => {
  const { json } = await ask(PATH);
  expect(json).toMatchObject({
    ...{ governor: "MA.156", validators: [], since: null, misbehaviour: [], next: null },
    parameters: {
      blockBytesMax: 4_194_304,
      blockTransactionsMax: 5_000,
      protocol: 1,
      next: null,
      since: null,
    },
  });
});

test("validators, parameters and the version that is to come are those of the state", async () => {
  const { registry, holders } = city;
  const { height } = await registry.given(
    holders.nation,
    setValidatorsOf(one, testValidator(2, 7)),
    setParametersOf({ blockTransactionsMax: 700, protocol: { version: 2, fromHeight: 900 } }),
  );
  const { json } = await ask(PATH);
  expect(json).toMatchObject({
    asOf: { height },
    validators: [
      {
        name: "validator-1",
        publicKey: bytesToHex(one.publicKey),
        address: bytesToHex(addressOf(one.publicKey)),
        power: 10,
      },
      { name: "validator-2", power: 7 },
    ],
    since: { height },
    parameters: {
      ...{ blockTransactionsMax: 700, protocol: 1, next: { version: 2, fromHeight: 900 }, since: { height } },
    },
  });
  expect((await ask("/v1/network")).json.protocol).toBe(1);
});

test("who decides is proven too, for those who sign a change of it", async () => {
  const accept = "application/vnd.cityroot.proof";
  const { bytes } = await ask(PATH, { headers: { accept } });
  const shown = verifyGovernance(bytes, { policy: city.registry.policy });
  expect(shown).toMatchObject({
    ok: true,
    value: {
      validators: { validators: [{ name: "validator-1" }, { name: "validator-2", power: 7 }] },
      parameters: { blockTransactionsMax: 700, next: { version: 2, fromHeight: 900 } },
    },
  });
});

test("what validators did comes newest first, in parts that cut no block", async () => {
  const { registry } = city;
  registry.report(did(1));
  registry.report(did(2), did(3));
  registry.report(did(4));
  const heightsOf = (json: { misbehaviour: { height: number }[] }) =>
    json.misbehaviour.map(({ height }) => height);
  const all = await ask(PATH);
  expect(heightsOf(all.json)).toEqual([4, 3, 2, 1]);
  expect(all.json.misbehaviour[0]).toMatchObject({
    ...{ kind: "duplicate-vote", validator: "validator-1", power: 10, totalPower: 20 },
    ...{ time: "2027-01-15T08:00:00.000Z", recorded: { height: all.json.asOf.height } },
  });
  const parts: number[][] = [];
  let before = "";
  for (;;) {
    const { json } = await ask(`${PATH}?limit=2${before}`);
    parts.push(heightsOf(json));
    if (json.next === null) break;
    before = `&before=${json.next}`;
  }
  expect(parts).toEqual([[4, 3, 2], [1]]);
});

test.each(["limit=0", "limit=1001", "before=0", "before=x", "after=1"])("%s is refused", async (query) => {
  expect((await ask(`${PATH}?${query}`)).json.code).toBe("PARAMETER_MALFORMED");
});
