import type { Code } from "@cityroot/codes/ma/code";
import { type Attributes, checkAttributes } from "../attribute/attribute.ts";
import { sha256 } from "../hash.ts";
import { bytesToHex } from "../hex.ts";
import type { Json } from "../json.ts";
import {
  type LedgerOptions,
  publicKeyOfSeed,
  seedOf,
  type TestHolder,
  type TestLedger,
  testHolder,
  testLedger,
} from "../ledger.testing.ts";
import { proveInclusion } from "../log/inclusion.ts";
import { makeVerifierKey, SIGNATURE_TYPES } from "../log/note.ts";
import { type HashAt, leafHash, nodeHash, rootOf } from "../log/tree.ts";
import { type Rule, ruleFromJson } from "../rule/rule.ts";
import type { Federation } from "../state/federation.ts";
import type { KeySet } from "../state/holder.ts";
import { codeKey } from "../state/key.ts";
import type { Succession } from "../state/record.ts";
import type { Validator } from "../state/validators.ts";
import { type BatchItem, encodeItem } from "./batch-item.ts";
import type { Operation, OperationType } from "./operation.ts";
import type { RECOVERY_STEPS } from "./recover-keys.ts";
import type { RULE_SEATS } from "./set-rule.ts";
import type { ItemProof } from "./standing.ts";

export const CHINA = "MA.156";
export const CITY = "MA.156.1301";
export const BUREAU = "MA.156.1301.02";
/** Where the bureau's street lamps hang, and one of them. */
export const LAMPS = "MA.156.1301.02/60.10000000.1";
export const LAMP = "MA.156.1301.02/60.10000000.1/000123";

type Changes<T extends OperationType> = Partial<Operation & { readonly type: T }>;

const NOTHING_SAID = { class: "asset", attributes: [], links: [], commitments: [] };

/** The rule of its JSON form. */
export function ruleOf(json: Json): Rule {
  const rule = ruleFromJson(json);
  if (!rule.ok) throw new Error(rule.rejection.detail);
  return rule.value;
}

/** A rule of these shapes that restricts nothing else. */
export function ruleOfShapes(...shapes: readonly string[]): Rule {
  return ruleOf({ shapes });
}

/** A rule that lets everything be issued and delegated, with these limits. */
export function openRule(limits: { readonly [name: string]: Json } = {}): Rule {
  return ruleOf({ shapes: ["any .<n1-50>**", "any /<n1-50>**"], ...limits });
}

export function delegateOf(
  prefix: string,
  holder: TestHolder | Uint8Array,
  changes: Changes<"delegate"> = {},
): Operation {
  return {
    type: "delegate",
    prefix: prefix as Code,
    holder: holder instanceof Uint8Array ? holder : holder.declaration,
    rule: null,
    class: "division",
    attributes: [],
    ...changes,
  };
}

export function setRuleOf(prefix: string, rule: Rule, seat: (typeof RULE_SEATS)[number] = "own"): Operation {
  return { type: "set-rule", prefix: prefix as Code, seat, rule };
}

export function rotateOf(keys: KeySet): Operation {
  return { type: "rotate-keys", keys };
}

export function recoverOf(step: (typeof RECOVERY_STEPS)[number], keys: KeySet | null = null): Operation {
  return { type: "recover-keys", step, keys };
}

export function rangeOf(
  first: string,
  digits: number,
  count: number,
  changes: Changes<"issue-range"> = {},
): Operation {
  return { type: "issue-range", first: first as Code, digits, count, ...NOTHING_SAID, ...changes };
}

export function updateOf(code: string, changes: Changes<"update"> = {}): Operation {
  const nothing = { attributes: [], links: null, commitments: null, version: null, item: null };
  return { type: "update", code: code as Code, ...nothing, ...changes };
}

export function suspendOf(code: string, item: ItemProof | null = null): Operation {
  return { type: "suspend", code: code as Code, reason: "damaged", item };
}

export function reinstateOf(code: string, item: ItemProof | null = null): Operation {
  return { type: "reinstate", code: code as Code, item };
}

export function retireOf(code: string, item: ItemProof | null = null): Operation {
  return { type: "retire", code: code as Code, reason: "gone", item };
}

export function supersedeOf(
  kind: Succession,
  codes: readonly string[],
  successors: readonly string[],
  item: ItemProof | null = null,
  successorItem: ItemProof | null = null,
): Operation {
  const lists = { codes: codes as Code[], successors: successors as Code[] };
  return { type: "supersede", kind, ...lists, item, successorItem };
}

export function transferOf(
  code: string,
  to: TestHolder | Uint8Array,
  item: ItemProof | null = null,
): Operation {
  return { type: "transfer", code: code as Code, to: to instanceof Uint8Array ? to : to.id, item };
}

/** A validator of a number, whose key is that of the number's seed; it counts 10 unless something else is said. */
export function testValidator(number: number, power = 10): Validator {
  return { name: `validator-${number}`, publicKey: publicKeyOfSeed(seedOf(number)), power };
}

export function setValidatorsOf(...validators: readonly Validator[]): Operation {
  return { type: "set-validators", validators };
}

export function setParametersOf(changes: Changes<"set-parameters">): Operation {
  const nothing = { blockBytesMax: null, blockTransactionsMax: null, protocol: null };
  return { type: "set-parameters", ...nothing, ...changes };
}

/** A network of a number, with one log key, three witnesses of whom two must cosign, and one endpoint. */
export function testFederation(number: number, changes: Partial<Federation> = {}): Federation {
  const genesis = sha256(Uint8Array.of(number));
  const network = `net-${bytesToHex(genesis.subarray(0, 4))}`;
  const keyOf = (name: string, type: 1 | 4, seed: number) =>
    makeVerifierKey(name, type, publicKeyOfSeed(seedOf(seed)));
  return {
    network,
    genesis,
    endpoints: [`https://registry-${number}.example`],
    policy: {
      origin: `cityroot/${network}`,
      logKeys: [keyOf(`cityroot/${network}`, SIGNATURE_TYPES.ed25519, 100)],
      witnesses: [1, 2, 3].map((at) => keyOf(`witness.example/${at}`, SIGNATURE_TYPES.cosignature, 100 + at)),
      quorum: 2,
    },
    ...changes,
  };
}

/** A legacy code, and what {@link LAMP} is claimed to be. */
export const LEGACY = { system: "gtin-13", value: "6901234567892" } as const;

/** That {@link LEGACY} names the same as {@link LAMP}, as the city says. */
const CLAIM = { ...LEGACY, claimant: CITY as Code, relation: "same-as", target: LAMP as Code } as const;

export function claimOf(changes: Changes<"claim-alias"> = {}): Operation {
  return { type: "claim-alias", ...CLAIM, from: null, until: null, evidence: null, item: null, ...changes };
}

export function confirmOf(changes: Changes<"confirm-alias"> = {}): Operation {
  return { type: "confirm-alias", ...CLAIM, as: "target", evidence: null, ...changes };
}

export function disputeOf(changes: Changes<"dispute-alias"> = {}): Operation {
  return { type: "dispute-alias", ...CLAIM, as: "target", evidence: null, ...changes };
}

export function withdrawOf(changes: Changes<"withdraw-alias"> = {}): Operation {
  return { type: "withdraw-alias", ...CLAIM, ...changes };
}

export function setCodingSystemOf(system: string, authority: string | null): Operation {
  return { type: "set-coding-system", system, authority: authority as Code | null };
}

export function federateOf(prefix: string, federation: Federation | null): Operation {
  return { type: "federate", prefix: prefix as Code, federation };
}

/** A batch with its items, so that each can be proved. */
export type TestBatch = {
  readonly operation: Operation & { readonly type: "issue-batch" };
  readonly proofOf: (code: string) => ItemProof;
};

/** A batch of items, given by their codes or whole; they are put in order of their codes. */
export function testBatch(
  items: readonly (string | BatchItem)[],
  changes: Changes<"issue-batch"> = {},
): TestBatch {
  const whole = items
    .map((item) => (typeof item === "string" ? { code: item as Code, attributes: [], links: [] } : item))
    .sort((a, b) => (codeKey(a.code) < codeKey(b.code) ? -1 : 1));
  const encoded = whole.map(encodeItem);
  const leaves = encoded.map(leafHash);
  const hashAt: HashAt = (level, index) =>
    level === 0 ? leaves[index]! : nodeHash(hashAt(level - 1, 2 * index), hashAt(level - 1, 2 * index + 1));
  const payload = Uint8Array.from(encoded.flatMap((bytes) => [...bytes]));
  return {
    operation: {
      type: "issue-batch",
      first: whole[0]!.code,
      last: whole[whole.length - 1]!.code,
      count: whole.length,
      root: rootOf(leaves),
      payloadDigest: sha256(payload),
      payloadBytes: payload.length,
      ...NOTHING_SAID,
      ...changes,
    },
    proofOf: (code) => {
      const index = whole.findIndex((item) => item.code === code);
      return { item: encoded[index]!, index, path: proveInclusion(hashAt, index, whole.length).path };
    },
  };
}

/** Attributes of their canonical form, checked. */
export function attributesOf(value: readonly (readonly [string, unknown])[]): Attributes {
  const checked = checkAttributes(value);
  if (!checked.ok) throw new Error(checked.rejection.detail);
  return checked.value;
}

/** Attributes of so many bytes and a little more: names in several languages. */
export function attributesOfBytes(bytes: number): Attributes {
  const languages = [
    "ar",
    "de",
    "en",
    "es",
    "fr",
    "hi",
    "it",
    "ja",
    "ko",
    "nl",
    "pl",
    "pt",
    "ru",
    "sv",
    "tr",
    "zh",
  ];
  const names = ["address", "alternative-name", "description", "manufacturer", "name"];
  const attributes: [string, [string, string][]][] = [];
  for (let left = bytes, at = 0; left > 0; at++) {
    if (at % languages.length === 0) attributes.push([names[at / languages.length]!, []]);
    attributes.at(-1)![1].push([languages[at % languages.length]!, "x".repeat(Math.min(left, 240))]);
    left -= 240;
  }
  return attributesOf(attributes);
}

/** A nation that holds `MA.156`, a city that it delegated `MA.156.1301` to, and one that holds nothing there. */
export type TestCity = {
  readonly ledger: TestLedger;
  readonly nation: TestHolder;
  readonly city: TestHolder;
  readonly stranger: TestHolder;
};

/** The ledger that most tests begin with. The stranger holds `MA.276`. */
export function testCity(rule: Rule | null = null, options: LedgerOptions = { signs: false }): TestCity {
  const nation = testHolder("Nation", 1);
  const city = testHolder("City", 2);
  const stranger = testHolder("Stranger", 3);
  const ledger = testLedger(
    [
      { prefix: CHINA as Code, holder: nation, rule },
      { prefix: "MA.276" as Code, holder: stranger, rule: null },
    ],
    options,
  );
  ledger.given(nation, delegateOf(CITY, city));
  return { ledger, nation, city, stranger };
}
