import { bytesToHex } from "@cityroot/core/hex";
import { publicKeyOf } from "@cityroot/core/key/ed25519";
import { makeVerifierKey, printVerifierKey, SIGNATURE_TYPES } from "@cityroot/core/log/note";
import { expect, test } from "vitest";
import { STORED_GENESIS } from "../engine/embedded/stored-node.testing.ts";
import {
  checkNetworkFile,
  type NetworkFile,
  networkFileToJson,
  networkPolicyOf,
  quorumOf,
  readNetworkFile,
  validatorsOf,
} from "./network-file.ts";
import { readValidatorCard, type ValidatorCard } from "./validator-card.ts";

// Goal: a network begins with a file whose parts fit one another, or not at all.

const ORIGIN = "registry.example/test";
const keyOf = (number: number): Uint8Array => publicKeyOf(new Uint8Array(32).fill(number));

function cardOf(number: number): ValidatorCard {
  const [vote, log, witness, root] = [1, 2, 3, 4].map((part) => keyOf(10 * number + part)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const cosigner = makeVerifierKey(`${ORIGIN}/node-${number}`, SIGNATURE_TYPES.cosignature, witness);
  return {
    ...{ name: `node-${number}`, origin: ORIGIN, publicKey: bytesToHex(vote), rootKey: bytesToHex(root) },
    peer: `${String(number).repeat(40)}@node-${number}.example:26656`,
    logKey: printVerifierKey(makeVerifierKey(ORIGIN, SIGNATURE_TYPES.ed25519, log)),
    witness: { key: printVerifierKey(cosigner), url: `https://node-${number}.example/witness` },
    url: null,
  };
}

function fileOf(...members: ValidatorCard[]): NetworkFile {
  const genesis = { ...STORED_GENESIS, validators: validatorsOf(members) };
  return { origin: ORIGIN, quorum: quorumOf(members.length), members, genesis };
}

const CARDS = [1, 2, 3, 4].map(cardOf) as [ValidatorCard, ValidatorCard, ValidatorCard, ValidatorCard];
const asRead = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("a file is read back as it was written", () => {
  const file = fileOf(...CARDS);
  expect(readNetworkFile(asRead(networkFileToJson(file)))).toEqual({ ok: true, value: file });
});

test("more than two thirds are a quorum", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 10].map(quorumOf)).toEqual([1, 2, 3, 3, 4, 5, 5, 7]);
});

test("the order of the cards says nothing of the policy", () => {
  const [one, two, three, four] = CARDS;
  expect(networkPolicyOf(fileOf(four, two, three, one))).toEqual(networkPolicyOf(fileOf(...CARDS)));
});

test("a registry that moves up names its validators later", () => {
  const file = { ...fileOf(...CARDS), genesis: STORED_GENESIS };
  expect(readNetworkFile(asRead(networkFileToJson(file))).ok).toBe(true);
});

test.each<[string, (file: NetworkFile) => NetworkFile, string]>([
  ["a log of its own", (file) => ({ ...file, origin: "registry.example/other" }), "members[0].origin"],
  [
    "the same card twice",
    (file) => ({ ...file, members: [...file.members, file.members[1]!] }),
    "members[4].name",
  ],
  ["one peer for two", ({ members: [a, b] }) => fileOf(a!, { ...b!, peer: a!.peer }), "members[1].peer"],
  [
    "one root key for two",
    ({ members: [a, b] }) => fileOf(a!, { ...b!, rootKey: a!.rootKey }),
    "members[1].rootKey",
  ],
  ["one log key for two", ({ members: [a, b] }) => fileOf(a!, { ...b!, logKey: a!.logKey }), "logKeys[1]"],
  ["a quorum above all", (file) => ({ ...file, quorum: 5 }), "quorum"],
  ["a quorum that is no number", (file) => ({ ...file, quorum: "3" as never }), "quorum"],
  [
    "a validator without a card",
    (file) => ({ ...file, members: file.members.slice(1) }),
    "genesis.validators[0]",
  ],
  ["no card at all", (file) => ({ ...file, members: [] }), "members"],
])("a file with %s is refused", (_, change, field) => {
  const file = change(fileOf(...CARDS));
  expect(readNetworkFile(asRead(networkFileToJson(file)))).toMatchObject({ ok: false, fault: { field } });
  if (file.members.length > 0) expect(checkNetworkFile(file)).toMatchObject({ ok: false, fault: { field } });
});

test.each<[string, unknown, string]>([
  ["no object", [], "card"],
  ["something else in it", { ...CARDS[0], seed: "00" }, "card"],
  ["a name in capitals", { ...CARDS[0], name: "Node" }, "card.name"],
  ["no key", { ...CARDS[0], publicKey: "00" }, "card.publicKey"],
  ["a weak key", { ...CARDS[0], publicKey: "00".repeat(32) }, "card.publicKey"],
  ["a key in capitals", { ...CARDS[0], rootKey: CARDS[0].rootKey.toUpperCase() }, "card.rootKey"],
  ["a peer without a port", { ...CARDS[0], peer: "ab@node.example" }, "card.peer"],
  ["another log's key", { ...CARDS[0], origin: "registry.example/other" }, "card.logKey"],
  ["a witness's key for the log's", { ...CARDS[0], logKey: CARDS[0].witness.key }, "card.logKey"],
  [
    "the log's key for a witness's",
    { ...CARDS[0], witness: { key: CARDS[0].logKey, url: "https://a.example" } },
    "card.witness.key",
  ],
  ["a witness nowhere", { ...CARDS[0], witness: { ...CARDS[0].witness, url: "node" } }, "card.witness.url"],
  ["an address that is none", { ...CARDS[0], url: "node.example" }, "card.url"],
])("a card with %s is refused", (_, card, field) => {
  expect(readValidatorCard(card)).toMatchObject({ ok: false, fault: { field } });
});
