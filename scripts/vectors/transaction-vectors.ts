// Transactions as bytes: what they mean, or the name under which they are refused.
import { type CborValue, encodeCbor } from "@cityroot/core/cbor";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { sign, verify } from "@cityroot/core/key/ed25519";
import { issueOf, keySetOfSeeds, publicKeyOfSeed, seedOf, testHolder } from "@cityroot/core/ledger.testing";
import {
  BLOCK_BYTES_MAX_LEAST,
  BLOCK_TRANSACTIONS_MAX_LEAST,
  HOLDER_KEYS_MAX,
  RECOVERY_DELAY_MS_MIN,
  TRANSACTION_BYTES_MAX,
  VALIDATOR_POWER_MAX,
} from "@cityroot/core/limits";
import { type Operation, operationToCbor, operationToJson } from "@cityroot/core/operation/operation";
import {
  attributesOf,
  CITY,
  claimOf,
  confirmOf,
  delegateOf,
  disputeOf,
  federateOf,
  LAMP,
  LAMPS,
  openRule,
  rangeOf,
  recoverOf,
  reinstateOf,
  retireOf,
  rotateOf,
  ruleOf,
  setCodingSystemOf,
  setParametersOf,
  setRuleOf,
  setValidatorsOf,
  supersedeOf,
  suspendOf,
  testBatch,
  testFederation,
  testValidator,
  transferOf,
  updateOf,
  withdrawOf,
} from "@cityroot/core/operation/operation.testing";
import type { Day } from "@cityroot/core/state/day";
import {
  checkSignatures,
  decodeTransaction,
  encodeBody,
  encodeTransaction,
  signedMessageOf,
  transactionIdOf,
} from "@cityroot/core/transaction";
import { outcomeForm, type SentTransaction } from "./history-case.ts";

/** Bytes that are a transaction, and what they mean. */
export type ValidTransaction = {
  readonly about: string;
  readonly bytes: string;
  /** SHA-256 of the body: the transaction's id. */
  readonly id: string;
  /** What each key signs. */
  readonly message: string;
  readonly signatures: readonly { readonly publicKey: string; readonly signature: string }[];
  readonly body: { readonly [name: string]: Json };
};

/** Bytes that are refused, by decoding or by their signatures. */
export type InvalidTransaction = Omit<SentTransaction, "outcome" | "result"> & {
  readonly refusal: string;
  readonly number: number;
};
export type TransactionFile<T> = { readonly about: string; readonly transactions: readonly T[] };

const NETWORK = "test-0123abcd";
const SEEDS = [seedOf(1), seedOf(2), seedOf(3)];
const HOLDER = testHolder("Nation", 1);
const PARAMETERS = {
  blockBytesMax: BLOCK_BYTES_MAX_LEAST,
  blockTransactionsMax: BLOCK_TRANSACTIONS_MAX_LEAST,
  protocol: { version: 2, fromHeight: 1_000 },
};
const CITY_HOLDER = testHolder("City", 2);

const DESCRIBED = {
  class: "street-lamp",
  attributes: attributesOf([
    ["installed-year", 2019],
    [
      "legacy",
      [
        ["gtin", "09521234543213"],
        ["oid", "1.2.156.1"],
      ],
    ],
    ["located-in", "MA.156.1301"],
    [
      "name",
      [
        ["en", "Lamp at the corner"],
        ["zh", "街角路灯"],
      ],
    ],
    ["place", [380_421_000, 1_145_143_000]],
    ["schema", new Uint8Array(32).fill(5)],
  ]),
  links: [
    {
      rel: "describedby",
      href: "https://example.org/lamp/123?lang=zh#top",
      type: "text/html",
      lang: "zh",
      title: [["zh", "说明"]] as const,
    },
  ],
  commitments: [{ name: "owner", digest: new Uint8Array(32).fill(9) }],
};

const RULE = ruleOf({
  shapes: ["delegate .(01|02)", "issue .<d2>/60.<d8>.<n1-20>/<u6-9>", "any .<a4>/**"],
  issuer: "registrar",
  classes: ["department", "street-lamp"],
  required: [{ class: "street-lamp", attributes: ["name", "place"] }],
  countMax: 1_000_000,
  untilMs: 1_900_000_000_000,
});
const KEYS = {
  ...keySetOfSeeds(SEEDS, 2),
  recovery: { keys: [0, 2], needed: 1, delayMs: RECOVERY_DELAY_MS_MIN },
};
const MANY_SEEDS = Array.from({ length: HOLDER_KEYS_MAX }, (_, number) => seedOf(number));
const BATCH = testBatch(
  ["A1", "A2", "A3"].map((serial) => `${LAMPS}/${serial}`),
  { class: "street-lamp" },
);
const PROOF = BATCH.proofOf(`${LAMPS}/A2`);

/** Key sets of 32 keys each but for the ninth, which has one. */
function rotations(sets: number): readonly Operation[] {
  return Array.from({ length: sets }, (_, set) =>
    rotateOf(keySetOfSeeds(set < 8 ? MANY_SEEDS : SEEDS.slice(0, 1))),
  );
}

const VALID: readonly (readonly [
  about: string,
  operations: readonly Operation[],
  seeds?: readonly Uint8Array[],
])[] = [
  [
    "delegate, to a declared holder",
    [delegateOf(CITY, CITY_HOLDER, { rule: RULE, attributes: DESCRIBED.attributes })],
  ],
  ["delegate, to a holder by id", [delegateOf(CITY, CITY_HOLDER.id)]],
  ["set-rule, own", [setRuleOf(CITY, RULE)]],
  ["set-rule, bound, that allows nothing", [setRuleOf(CITY, ruleOf({ shapes: [] }), "bound")]],
  ["set-rule, with a check character", [setRuleOf(CITY, openRule({ checkCharacter: true }))]],
  ["rotate-keys, with recovery", [rotateOf(KEYS)]],
  ["recover-keys, begin", [recoverOf("begin", KEYS)]],
  ["recover-keys, contest and complete", [recoverOf("contest"), recoverOf("complete")]],
  ["issue, with nothing said", [issueOf(LAMP)]],
  ["issue, with everything said", [issueOf(LAMP, DESCRIBED)]],
  ["issue-range", [rangeOf(`${LAMPS}/000100`, 6, 1_000, DESCRIBED)]],
  ["issue-batch", [BATCH.operation]],
  ["update, nothing", [updateOf(LAMP)]],
  [
    "update, everything",
    [
      updateOf(LAMP, {
        attributes: [
          ["model", "M-1"],
          ["name", null],
        ],
        links: DESCRIBED.links,
        commitments: [],
        version: 7,
        item: PROOF,
      }),
    ],
  ],
  ["suspend, reinstate and retire", [suspendOf(LAMP), reinstateOf(LAMP), retireOf(LAMP)]],
  ["retire, an item of a batch", [retireOf(`${LAMPS}/A2`, PROOF)]],
  ["supersede, merge", [supersedeOf("merge", [`${LAMPS}/1`, `${LAMPS}/2`], [`${LAMPS}/3`])]],
  ["supersede, split", [supersedeOf("split", [`${LAMPS}/1`], [`${LAMPS}/2`, `${LAMPS}/3`])]],
  ["supersede, rename", [supersedeOf("rename", [`${LAMPS}/1`], [`${LAMPS}/2`])]],
  [
    "supersede, rename of one item of a batch by another",
    [supersedeOf("rename", [`${LAMPS}/A2`], [`${LAMPS}/A3`], PROOF, BATCH.proofOf(`${LAMPS}/A3`))],
  ],
  ["transfer", [transferOf(LAMP, CITY_HOLDER)]],
  ["set-validators", [setValidatorsOf(testValidator(1), testValidator(2, VALIDATOR_POWER_MAX))]],
  ["set-parameters, all of them", [setParametersOf(PARAMETERS)]],
  ["set-parameters, the version of the protocol alone", [setParametersOf({ protocol: PARAMETERS.protocol })]],
  ["federate", [federateOf(CITY, testFederation(1))]],
  ["federate, the end of it", [federateOf(CITY, null)]],
  ["claim-alias", [claimOf()]],
  [
    "claim-alias, with all that it can say",
    [
      claimOf({
        ...{
          system: "licence-plate",
          value: "京A12345",
          relation: "located-at",
          evidence: new Uint8Array(32).fill(7),
        },
        ...{ from: "1980-02-29" as Day, until: "2026-12-31" as Day, item: PROOF },
      }),
    ],
  ],
  ["confirm-alias", [confirmOf()]],
  ["confirm-alias, as the authority of the coding system", [confirmOf({ as: "system" })]],
  ["dispute-alias", [disputeOf({ evidence: new Uint8Array(32).fill(8), relation: "part-of" })]],
  ["withdraw-alias", [withdrawOf()]],
  ["set-coding-system", [setCodingSystemOf("gtin-13", CITY)]],
  ["set-coding-system, the end of it", [setCodingSystemOf("gtin-13", null)]],
  ["rotate-keys, as many keys as all key sets together may have", rotations(8)],
  ["signed by three keys, which stand in order", [issueOf(LAMP)], SEEDS],
];

/** Bytes of a transaction of these operations. */
function bytesOf(operations: readonly Operation[], seeds: readonly Uint8Array[] = HOLDER.seeds): Uint8Array {
  return signBody(
    encodeBody({ network: NETWORK, holder: HOLDER.id, lastHeight: 1_000, nonce: 7, operations }),
    seeds,
  );
}

function signBody(bodyBytes: Uint8Array, seeds: readonly Uint8Array[] = HOLDER.seeds): Uint8Array {
  const message = signedMessageOf(transactionIdOf(bodyBytes));
  const signatures = seeds.map((seed) => ({
    publicKey: publicKeyOfSeed(seed),
    signature: sign(seed, message),
  }));
  return encodeTransaction(bodyBytes, signatures);
}

/** Bytes of a transaction with one operation in this form, sound or not. */
function bytesOfForm(operation: CborValue): Uint8Array {
  return signBody(encodeCbor([NETWORK, HOLDER.id, 1_000, 7, [operation]]));
}

function bytesOfBody(changes: { readonly [at: number]: CborValue }): Uint8Array {
  const parts = [NETWORK, HOLDER.id, 1_000, 7, [operationToCbor(reinstateOf(LAMP))]];
  return signBody(encodeCbor(parts.map((part, at) => changes[at] ?? part)));
}

function issueForm(changes: { readonly [at: number]: CborValue }): Uint8Array {
  const form = [5, LAMP, "lamp", [], [], []];
  return bytesOfForm(form.map((part, at) => changes[at] ?? part));
}

function claimForm(changes: { readonly [at: number]: CborValue }): Uint8Array {
  const form = operationToCbor(claimOf()) as readonly CborValue[];
  return bytesOfForm(form.map((part, at) => changes[at] ?? part));
}

/** A body in which the text `network` is replaced by these bytes of the same length. */
function withRawNetwork(raw: readonly number[]): Uint8Array {
  const body = encodeCbor([
    "~".repeat(raw.length),
    HOLDER.id,
    1_000,
    7,
    [operationToCbor(reinstateOf(LAMP))],
  ]);
  body.set(raw, body.indexOf(0x7e));
  return signBody(body);
}

const GOOD = bytesOf([reinstateOf(LAMP)]);
const LEGACY = (value: string): CborValue => [["legacy", [["id", value]]]];
const EMPTY_KEYS: CborValue = [[], [1, [0]], [1, [0]], [1, [0]], null];
const WEAK_KEYS: CborValue = [[[1, new Uint8Array(32)]], [1, [0]], [1, [0]], [1, [0]], null];

function invalidBytes(): readonly (readonly [about: string, bytes: Uint8Array, refusal: string])[] {
  const [publicKey, other] = [publicKeyOfSeed(SEEDS[0]!), publicKeyOfSeed(SEEDS[1]!)];
  const blank = new Uint8Array(64);
  const bodyBytes = encodeBody({
    network: NETWORK,
    holder: HOLDER.id,
    lastHeight: 1_000,
    nonce: 7,
    operations: [reinstateOf(LAMP)],
  });
  const inOrder = [publicKey, other].sort((a, b) => (bytesToHex(a) < bytesToHex(b) ? -1 : 1));
  const signedWith = (signatures: CborValue) => encodeCbor([bodyBytes, signatures]);
  return [
    ["nothing", new Uint8Array(0), "TRANSACTION_MALFORMED"],
    ["a byte after the end", Uint8Array.of(...GOOD, 0), "TRANSACTION_MALFORMED"],
    ["cut short", GOOD.slice(0, -1), "TRANSACTION_MALFORMED"],
    ["a list without a length", Uint8Array.of(0x9f, ...GOOD.slice(1), 0xff), "TRANSACTION_MALFORMED"],
    ["a longer head than it needs", Uint8Array.of(0x98, 2, ...GOOD.slice(1)), "TRANSACTION_MALFORMED"],
    ["a map", encodeCborMap(), "TRANSACTION_MALFORMED"],
    ["a tag around it", Uint8Array.of(0xc0, ...GOOD), "TRANSACTION_MALFORMED"],
    ["a network that is not UTF-8", withRawNetwork([0xff]), "TRANSACTION_MALFORMED"],
    ["a network in an overlong form", withRawNetwork([0xc1, 0xa1]), "TRANSACTION_MALFORMED"],
    ["a network with half a surrogate pair", withRawNetwork([0xed, 0xa0, 0x80]), "TRANSACTION_MALFORMED"],
    ["a network that is too long", bytesOfBody({ 0: "x".repeat(65) }), "TRANSACTION_MALFORMED"],
    ["a holder of 19 bytes", bytesOfBody({ 1: new Uint8Array(19) }), "TRANSACTION_MALFORMED"],
    ["a last height below zero", bytesOfBody({ 2: -1 }), "TRANSACTION_MALFORMED"],
    ["no operations", bytesOfBody({ 4: [] }), "TRANSACTION_MALFORMED"],
    ["no signatures", signedWith([]), "TRANSACTION_MALFORMED"],
    [
      "signatures out of order",
      signedWith([...inOrder].reverse().map((key) => [key, blank])),
      "TRANSACTION_MALFORMED",
    ],
    [
      "a key that signs twice",
      signedWith([
        [publicKey, blank],
        [publicKey, blank],
      ]),
      "TRANSACTION_MALFORMED",
    ],
    ["a signature of 63 bytes", signedWith([[publicKey, blank.slice(1)]]), "TRANSACTION_MALFORMED"],
    ["a signature that is none", signedWith([[publicKey, blank]]), "SIGNATURE_INVALID"],
    ["the signature of another key", resigned(bodyBytes, SEEDS[1]!, publicKey), "SIGNATURE_INVALID"],
    [
      "a signature over the body and not its id",
      signedWith([[publicKey, sign(SEEDS[0]!, bodyBytes)]]),
      "SIGNATURE_INVALID",
    ],
    ["an operation that is no list", bytesOfForm(5), "OPERATION_MALFORMED"],
    ["an operation of an unknown number", bytesOfForm([99]), "OPERATION_MALFORMED"],
    ["an operation with a field too many", bytesOfForm([10, LAMP, null, null]), "OPERATION_MALFORMED"],
    ["a reason with a space", bytesOfForm([11, LAMP, "by car", null]), "OPERATION_MALFORMED"],
    [
      "a number in place of a kind that is none",
      bytesOfForm([12, [LAMP], 3, [LAMP], null]),
      "OPERATION_MALFORMED",
    ],
    ["a day that the calendar has not", claimForm({ 6: "2026-02-29" }), "OPERATION_MALFORMED"],
    ["a relation that there is none of", claimForm({ 4: 4 }), "OPERATION_MALFORMED"],
    ["a name of a coding system in upper case", claimForm({ 1: "GTIN" }), "OPERATION_MALFORMED"],
    ["a legacy code that ends in a space", claimForm({ 2: "1 " }), "OPERATION_MALFORMED"],
    ["a legacy code with a direction mark", claimForm({ 2: "1\u202e2" }), "OPERATION_MALFORMED"],
    ["a federation without its parts", bytesOfForm([16, CITY, []]), "FEDERATION_MALFORMED"],
    [
      "an endpoint of plain http",
      bytesOfForm(operationToCbor(federateOf(CITY, testFederation(1, { endpoints: ["http://a.example"] })))),
      "FEDERATION_MALFORMED",
    ],
    ["a code that is none", bytesOfForm([10, "MA.15", null]), "CODE_MALFORMED"],
    ["a code that is not canonical", bytesOfForm([10, `${LAMP}/`, null]), "CODE_MALFORMED"],
    ["a class in upper case", issueForm({ 2: "Lamp" }), "CLASS_MALFORMED"],
    ["an attribute that nobody knows", issueForm({ 3: [["owner", "x"]] }), "ATTRIBUTE_UNKNOWN"],
    [
      "attributes out of order",
      issueForm({
        3: [
          ["model", "M"],
          ["category", "C"],
        ],
      }),
      "ATTRIBUTE_MALFORMED",
    ],
    [
      "an attribute twice",
      issueForm({
        3: [
          ["model", "M"],
          ["model", "M"],
        ],
      }),
      "ATTRIBUTE_MALFORMED",
    ],
    ["a year as text", issueForm({ 3: [["installed-year", "2019"]] }), "ATTRIBUTE_MALFORMED"],
    ["a name with a line break", issueForm({ 3: [["name", [["en", "a\nb"]]]] }), "ATTRIBUTE_MALFORMED"],
    [
      "a legacy code that is a citizen's number",
      issueForm({ 3: LEGACY("11010519491231002X") }),
      "PERSONAL_NUMBER",
    ],
    [
      "a legacy code that is a phone number",
      issueForm({ 3: LEGACY("+86 138-0013-8000") }),
      "PERSONAL_NUMBER",
    ],
    [
      "a link that is not https",
      issueForm({ 4: [["describedby", "http://example.org/", null, null, null]] }),
      "LINK_MALFORMED",
    ],
    ["a commitment of 31 bytes", issueForm({ 5: [["owner", new Uint8Array(31)]] }), "COMMITMENT_MALFORMED"],
    ["a rule that is none", bytesOfForm([2, CITY, 0, []]), "RULE_MALFORMED"],
    [
      "a rule whose shapes are out of order",
      bytesOfForm([2, CITY, 0, [["issue .<d4>", "delegate .<d4>"], 1, null, [], null, null, false, false]]),
      "RULE_MALFORMED",
    ],
    [
      "a validator whose vote does not count",
      bytesOfForm([14, [["a", publicKeyOfSeed(seedOf(1)), 0]]]),
      "VALIDATORS_MALFORMED",
    ],
    [
      "two validators with one key",
      bytesOfForm([14, ["a", "b"].map((name) => [name, publicKeyOfSeed(seedOf(1)), 1])]),
      "VALIDATORS_MALFORMED",
    ],
    ["a validator with a key of small order", bytesOfForm([14, [["a", new Uint8Array(32), 1]]]), "KEY_WEAK"],
    ["no validators", bytesOfForm([14, []]), "OPERATION_MALFORMED"],
    [
      "blocks in which no transaction of the longest has room",
      bytesOfForm([15, BLOCK_BYTES_MAX_LEAST - 1, null, null]),
      "PARAMETERS_MALFORMED",
    ],
    ["a key set without keys", bytesOfForm([3, EMPTY_KEYS]), "KEYS_MALFORMED"],
    ["a key of small order", bytesOfForm([3, WEAK_KEYS]), "KEY_WEAK"],
    ["a key more than all key sets together may have", bytesOf(rotations(9)), "KEYS_MALFORMED"],
  ];
}

function encodeCborMap(): Uint8Array {
  return Uint8Array.of(0xa1, 0x61, 0x61, 0x01);
}

function resigned(bodyBytes: Uint8Array, seed: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const signature = sign(seed, signedMessageOf(transactionIdOf(bodyBytes)));
  return encodeTransaction(bodyBytes, [{ publicKey, signature }]);
}

/** The transactions that are some. */
export function makeValidTransactions(): TransactionFile<ValidTransaction> {
  const transactions = VALID.map(([about, operations, seeds]) =>
    readTransaction(about, bytesOf(operations, seeds)),
  );
  return { about: "Bytes that are transactions, and what they mean.", transactions };
}

function readTransaction(about: string, bytes: Uint8Array): ValidTransaction {
  const decoded = decodeTransaction(bytes);
  if (!decoded.ok) throw new Error(`${about}: ${decoded.rejection.detail}`);
  const { body, id, signatures } = decoded.value;
  if (!checkSignatures(decoded.value, verify).ok) throw new Error(`${about}: its signatures are not good`);
  return {
    about,
    bytes: bytesToHex(bytes),
    id: bytesToHex(id),
    message: bytesToHex(signedMessageOf(id)),
    signatures: signatures.map(({ publicKey, signature }) => {
      return { publicKey: bytesToHex(publicKey), signature: bytesToHex(signature) };
    }),
    body: {
      network: body.network,
      holder: bytesToHex(body.holder),
      lastHeight: body.lastHeight,
      nonce: body.nonce,
      operations: body.operations.map(operationToJson),
    },
  };
}

/** The transactions that are none, or not signed. One that is too large is too large for a file. */
export function makeInvalidTransactions(): TransactionFile<InvalidTransaction> {
  const transactions = invalidBytes().map(([about, bytes, expected]): InvalidTransaction => {
    const decoded = decodeTransaction(bytes);
    const { outcome, result, operation } = outcomeForm(
      decoded.ok ? checkSignatures(decoded.value, verify) : decoded,
    );
    if (outcome !== expected) throw new Error(`${about}: ${outcome}, not ${expected}`);
    const form = { about, bytes: bytesToHex(bytes), refusal: outcome, number: result };
    return operation === undefined ? form : { ...form, operation };
  });
  const about = `Bytes that are refused. Not here: any more than ${TRANSACTION_BYTES_MAX} bytes, TRANSACTION_TOO_LARGE.`;
  return { about, transactions };
}
