import { fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { type Genesis, genesisFromJson, genesisToJson } from "@cityroot/core/genesis";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { VALIDATORS_MAX } from "@cityroot/core/limits";
import { type PolicyJson, readPolicy } from "@cityroot/core/log/witness-policy";
import type { Validator } from "@cityroot/core/state/validators";
import { policyOfTrusted, trustedBy } from "./trusted-by.ts";
import { readValidatorCard, type ValidatorCard } from "./validator-card.ts";

/**
 * What the organisations of a network begin with, the same file for all: the registry's genesis, which names the
 * validators (but for a registry that moves up, whose state does), and the cards of their nodes. Nothing in it is secret. A node's home is made of it and of the node's own keys.
 */
export type NetworkFile = {
  /** Name of the registry's log. */
  readonly origin: string;
  /** How many of the members' witnesses clients are to want. */
  readonly quorum: number;
  readonly members: readonly ValidatorCard[];
  readonly genesis: Genesis;
};

const MEMBERS = ["origin", "quorum", "members", "genesis"];
/** How much the vote of each validator counts that a network begins with. */
const POWER = 10;

/** The validators that cards name: every vote counts the same. */
export function validatorsOf(cards: readonly ValidatorCard[]): readonly Validator[] {
  return cards.map(({ name, publicKey }) => ({ name, publicKey: hexToBytes(publicKey)!, power: POWER }));
}

/** More than two thirds of so many: as many as a consensus wants of votes that count the same. */
export function quorumOf(count: number): number {
  return Math.floor((2 * count) / 3) + 1;
}

/** What clients are to trust. */
export function networkPolicyOf({ origin, quorum, members }: NetworkFile): PolicyJson {
  return policyOfTrusted(trustedBy(origin, members, quorum));
}

/** JSON form of a network's file. */
export function networkFileToJson({ genesis, ...rest }: NetworkFile): object {
  return { ...rest, genesis: genesisToJson(genesis) };
}

/** Whether a value is to be a network's file, and not a genesis alone. */
export function isNetworkFile(json: unknown): boolean {
  return typeof json === "object" && json !== null && Object.hasOwn(json, "members");
}

/** Reads a network's file of its JSON form, strictly, and holds its parts against one another. */
export function readNetworkFile(json: unknown): Parsed<NetworkFile> {
  if (!isNetworkFile(json)) return refuse("network", "an object with members and genesis", json);
  const object = json as { readonly [name: string]: unknown };
  const stranger = Object.keys(object).find((member) => !MEMBERS.includes(member));
  if (stranger !== undefined) return refuse("network", `only ${MEMBERS.join(", ")}`, stranger);
  const cards = object["members"];
  if (!Array.isArray(cards) || cards.length === 0 || cards.length > VALIDATORS_MAX)
    return refuse("members", `a list of 1 to ${VALIDATORS_MAX} cards`, cards);
  const members: ValidatorCard[] = [];
  for (const [at, value] of cards.entries()) {
    const card = readValidatorCard(value, `members[${at}]`);
    if (!card.ok) return card;
    members.push(card.value);
  }
  const genesis = genesisFromJson(object["genesis"] as Json | undefined);
  if (!genesis.ok) {
    const { detail, fault: why } = genesis.rejection;
    return refused(why ?? fault({ field: "genesis", expected: "a genesis", got: detail }));
  }
  const { origin, quorum } = object as { readonly origin: string; readonly quorum: number };
  return checkNetworkFile({ origin, quorum, members, genesis: genesis.value });
}

/** Holds cards against one another: they are of one log, and each has keys and addresses of its own. */
export function checkCards(
  origin: string,
  members: readonly ValidatorCard[],
): Parsed<readonly ValidatorCard[]> {
  for (const [at, card] of members.entries()) {
    const field = `members[${at}]`;
    if (card.origin !== origin) return refuse(`${field}.origin`, origin, card.origin);
    for (const name of ["name", "publicKey", "peer", "rootKey"] as const) {
      const same = members.findIndex((other) => other[name] === card[name]);
      if (same < at) return refuse(`${field}.${name}`, "one that no other card has", card[name]);
    }
  }
  return parsed(members);
}

/** Holds the parts of a network's file against one another. */
export function checkNetworkFile(file: NetworkFile): Parsed<NetworkFile> {
  const { origin, members, genesis } = file;
  const cards = checkCards(origin, members);
  if (!cards.ok) return cards;
  const policy = readPolicy(networkPolicyOf(file));
  if (!policy.ok) return policy;
  // A registry that moves up names its validators in its state.
  const { validators = [] } = genesis;
  for (const [at, { name, publicKey }] of validators.entries()) {
    const card = members.find((member) => member.name === name);
    if (card?.publicKey === bytesToHex(publicKey)) continue;
    return refuse(`genesis.validators[${at}]`, "a validator whose card is there, with the same key", name);
  }
  return parsed(file);
}

function refuse(field: string, expected: string, got: unknown): Parsed<never> {
  return refused(fault({ field, expected, got: JSON.stringify(got) ?? "nothing" }));
}
