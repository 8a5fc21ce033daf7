import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { encodeCbor } from "./cbor.ts";
import {
  applyGenesis,
  type Genesis,
  genesisFromJson,
  genesisToCbor,
  genesisToJson,
  networkOf,
} from "./genesis.ts";
import { sha256 } from "./hash.ts";
import { bytesToHex } from "./hex.ts";
import type { Json } from "./json.ts";
import { GENESIS_TIME_MS, nameOf, testGenesis, testHolder } from "./ledger.testing.ts";
import { DESCRIPTION_BYTES_MAX } from "./limits.ts";
import { attributesOf, attributesOfBytes, openRule, testValidator } from "./operation/operation.testing.ts";
import { stateRootOf } from "./proof/trie.ts";
import { decodeHolder } from "./state/holder.ts";
import {
  codeKey,
  holderKey,
  kindOfKey,
  NETWORK_KEY,
  prefixKey,
  replayKey,
  ruleKey,
  VALIDATORS_KEY,
} from "./state/key.ts";
import { memoryState } from "./state/memory.ts";
import { decodeNetwork } from "./state/network.ts";
import { decodePrefix, decodePrefixRules } from "./state/prefix.ts";
import { decodeRecord } from "./state/record.ts";
import { decodeReplay } from "./state/replay.ts";
import { decodeValidators, readValidators } from "./state/validators.ts";

const nation = testHolder("Nation", 1);
const other = testHolder("Other", 2);
const rule = openRule({ classes: ["division"] });
const GENESIS: Genesis = {
  name: "test",
  timeMs: GENESIS_TIME_MS,
  roots: [
    {
      prefix: "MA.156" as Code,
      holder: nation.declaration,
      rule,
      class: "country",
      attributes: attributesOf([["name", [["zh", "中国"]]]]),
    },
    { prefix: "MA.276" as Code, holder: other.declaration, rule: null, class: "country", attributes: [] },
  ],
};

test("a genesis makes the first state", () => {
  const state = memoryState();
  const network = applyGenesis(state, GENESIS);
  expect(network).toEqual({ ok: true, value: networkOf(GENESIS) });
  const first = { version: 1, since: { height: 0, timeMs: GENESIS_TIME_MS }, peaks: new Uint8Array(0) };
  const root = "MA.156" as Code;
  expect(decodeNetwork(state.get(NETWORK_KEY)!)).toEqual(networkOf(GENESIS));
  expect(decodePrefix(state.get(prefixKey(root))!)).toEqual({
    ...first,
    holder: nation.id,
    status: "active",
  });
  expect(decodePrefixRules(state.get(ruleKey(root))!)).toEqual({ ...first, bound: rule, own: null });
  expect(decodeHolder(state.get(holderKey(nation.id))!)).toMatchObject({
    ...first,
    keys: nation.declaration.keys,
  });
  expect(decodeRecord(state.get(codeKey(root))!)).toMatchObject({
    ...first,
    class: "country",
    attributes: GENESIS.roots[0]!.attributes,
    status: "active",
  });
  expect(state.get(ruleKey("MA.276" as Code))).toBeUndefined();
  expect(decodeReplay(state.get(replayKey(0))!)).toEqual({ height: 0, ids: [], lastHeights: [] });
  const kinds = state.entries().map(({ key }) => kindOfKey(key));
  expect(kinds).toEqual([
    "network",
    "holder",
    "holder",
    "prefix",
    "prefix",
    "rule",
    "code",
    "code",
    "replay",
  ]);
});

test("the id of a network names its genesis, so that no other genesis can take its place", () => {
  const network = networkOf(GENESIS);
  expect(network.genesis).toEqual(sha256(encodeCbor(genesisToCbor(GENESIS))));
  expect(network.id).toBe(`test-${bytesToHex(network.genesis).slice(0, 8)}`);
  const others: readonly Genesis[] = [
    { ...GENESIS, name: "tess" },
    { ...GENESIS, timeMs: GENESIS_TIME_MS + 1 },
    { ...GENESIS, roots: GENESIS.roots.slice(0, 1) },
    { ...GENESIS, roots: [...GENESIS.roots].reverse() },
    { ...GENESIS, roots: GENESIS.roots.map((root) => ({ ...root, rule: null })) },
    { ...GENESIS, roots: GENESIS.roots.map((root) => ({ ...root, class: "nation" })) },
  ];
  const digests = [GENESIS, ...others].map((genesis) => bytesToHex(networkOf(genesis).genesis));
  expect(new Set(digests).size).toBe(digests.length);
});

test("the same genesis makes the same state, from JSON too", () => {
  const [a, b] = [memoryState(), memoryState()];
  applyGenesis(a, GENESIS);
  const read = genesisFromJson(JSON.parse(JSON.stringify(genesisToJson(GENESIS))) as Json);
  expect(read).toEqual({ ok: true, value: GENESIS });
  if (read.ok) applyGenesis(b, read.value);
  expect(stateRootOf(b.entries())).toEqual(stateRootOf(a.entries()));
});

test("two roots may have one holder, and one may lie below another", () => {
  const state = memoryState();
  const roots = [GENESIS.roots[0]!, { ...GENESIS.roots[0]!, prefix: "MA.156.1301" as Code, rule: null }];
  expect(nameOf(applyGenesis(state, { ...GENESIS, roots }))).toBe("ok");
  expect(state.entries().filter(({ key }) => kindOfKey(key) === "holder")).toHaveLength(1);
});

describe("validators of a genesis", () => {
  const validators = [testValidator(1), testValidator(2, 7)];
  const network: Genesis = { ...GENESIS, validators };

  test("stand in the first state, and the network is another than without them", () => {
    const state = memoryState();
    applyGenesis(state, network);
    const first = { version: 1, since: { height: 0, timeMs: GENESIS_TIME_MS }, peaks: new Uint8Array(0) };
    expect(decodeValidators(state.get(VALIDATORS_KEY)!)).toEqual({ ...first, validators });
    expect(readValidators(state)).toEqual(validators);
    const alone = memoryState();
    applyGenesis(alone, GENESIS);
    expect(readValidators(alone)).toEqual([]);
    expect(alone.get(VALIDATORS_KEY)).toBeUndefined();
    const ids = [GENESIS, network, { ...GENESIS, validators: [...validators].reverse() }];
    expect(new Set(ids.map((genesis) => networkOf(genesis).id)).size).toBe(3);
    expect((genesisToCbor(GENESIS) as readonly unknown[]).length).toBe(4);
  });

  test("come back from JSON, and are left out where there are none", () => {
    const json = JSON.parse(JSON.stringify(genesisToJson(network))) as Json;
    expect(genesisFromJson(json)).toEqual({ ok: true, value: network });
    expect(Object.keys(genesisToJson(GENESIS))).not.toContain("validators");
  });

  const [one] = genesisToJson(network)["validators"] as readonly { readonly [name: string]: Json }[];
  test.each<[string, Json, string, string]>([
    ["that are null", null, "OPERATION_MALFORMED", "validators"],
    ["of which there are none", [], "OPERATION_MALFORMED", "validators"],
    ["that are too many", Array<Json>(65).fill(one!), "OPERATION_MALFORMED", "validators"],
    ["with a name twice", [one!, one!], "VALIDATORS_MALFORMED", "validators[1].name"],
    ["with a key twice", [one!, { ...one!, name: "b" }], "VALIDATORS_MALFORMED", "validators[1].publicKey"],
    ["whose vote is none", [{ ...one!, power: 0 }], "VALIDATORS_MALFORMED", "validators[0].power"],
    ["whose vote is too much", [{ ...one!, power: 1e9 + 1 }], "VALIDATORS_MALFORMED", "validators[0].power"],
    ["with a weak key", [{ ...one!, publicKey: "00".repeat(32) }], "KEY_WEAK", "validators[0].publicKey"],
    ["with a name of other letters", [{ ...one!, name: "A" }], "OPERATION_MALFORMED", "validators[0].name"],
    ["named by a person", [{ ...one!, name: "p-13800138000" }], "PERSONAL_NUMBER", "validators[0].name"],
    ["with a member more", [{ ...one!, address: "" }], "OPERATION_MALFORMED", "validators[0]"],
  ])("are refused %s", (_, list, name, field) => {
    const read = genesisFromJson({ ...genesisToJson(GENESIS), validators: list });
    expect(nameOf(read)).toBe(name);
    expect(read.ok ? "" : read.rejection.fault?.field).toBe(field);
  });
});

describe("a genesis is refused", () => {
  test("with a prefix twice", () => {
    const roots = [GENESIS.roots[0]!, { ...GENESIS.roots[0]!, holder: other.declaration }];
    expect(nameOf(applyGenesis(memoryState(), { ...GENESIS, roots }))).toBe("PREFIX_TAKEN");
  });

  test("with a record that is too long", () => {
    const attributes = attributesOfBytes(DESCRIPTION_BYTES_MAX);
    const roots = [{ ...GENESIS.roots[0]!, attributes }];
    expect(nameOf(applyGenesis(memoryState(), { ...GENESIS, roots }))).toBe("RECORD_TOO_LARGE");
  });

  const json = genesisToJson(GENESIS);
  const [root] = json["roots"] as readonly { readonly [name: string]: Json }[];
  const withRoot = (changes: { readonly [name: string]: Json }): Json => ({
    ...json,
    roots: [{ ...root!, ...changes }],
  });
  test.each<[string, Json, string, string]>([
    ["that is no object", [], "OPERATION_MALFORMED", "genesis"],
    ["with a name more", { ...json, note: "x" }, "OPERATION_MALFORMED", "genesis"],
    ["without a name", { ...json, name: null }, "OPERATION_MALFORMED", "name"],
    ["with a name in upper case", { ...json, name: "Test" }, "OPERATION_MALFORMED", "name"],
    ["with a name that is too long", { ...json, name: "a".repeat(33) }, "OPERATION_MALFORMED", "name"],
    ["without a time", { ...json, timeMs: null }, "OPERATION_MALFORMED", "timeMs"],
    ["with a time that is no whole number", { ...json, timeMs: 1.5 }, "OPERATION_MALFORMED", "timeMs"],
    ["without roots", { ...json, roots: [] }, "OPERATION_MALFORMED", "roots"],
    ["with too many roots", { ...json, roots: Array<Json>(257).fill(root!) }, "OPERATION_MALFORMED", "roots"],
    ["with a root that is none", { ...json, roots: [5] }, "OPERATION_MALFORMED", "roots[0]"],
    ["with a name more in a root", withRoot({ links: [] }), "OPERATION_MALFORMED", "roots[0]"],
    ["with a prefix that is none", withRoot({ prefix: "MA" }), "CODE_MALFORMED", "roots[0].prefix.agency"],
    [
      "with a holder by its id",
      withRoot({ holder: "00".repeat(20) }),
      "OPERATION_MALFORMED",
      "roots[0].holder",
    ],
    [
      "with a holder without keys",
      withRoot({ holder: { name: { en: "x" } } }),
      "KEYS_MALFORMED",
      "roots[0].holder.keys",
    ],
    ["with a rule that is none", withRoot({ rule: {} }), "RULE_MALFORMED", "roots[0].rule.shapes"],
    ["without a class", withRoot({ class: null }), "CLASS_MALFORMED", "roots[0].class"],
    [
      "with an attribute that is none",
      withRoot({ attributes: { owner: 1 } }),
      "ATTRIBUTE_UNKNOWN",
      "roots[0].attributes",
    ],
  ])("%s", (_, value, name, field) => {
    const read = genesisFromJson(value);
    expect(nameOf(read)).toBe(name);
    expect(read.ok ? "" : read.rejection.fault?.field).toBe(field);
  });
});

test("a test's genesis is one", () => {
  const genesis = testGenesis([{ prefix: "MA.156" as Code, holder: nation, rule: null }]);
  expect(genesisFromJson(genesisToJson(genesis))).toEqual({ ok: true, value: genesis });
});
