import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cborOf, FUZZ_RUNS, mutateBytes, mutationArb } from "./cbor.testing.ts";
import { type CborValue, encodeCbor } from "./cbor.ts";
import { sha256 } from "./hash.ts";
import { bytesToHex, equalBytes } from "./hex.ts";
import { publicKeyOf, sign, verify } from "./key/ed25519.ts";
import {
  issueOf,
  keySetOfSeeds,
  nameOf,
  publicKeyOfSeed,
  seedOf,
  testHolder,
  testLedger,
} from "./ledger.testing.ts";
import {
  HOLDER_KEYS_MAX,
  OPERATIONS_MAX,
  SIGNATURES_MAX,
  TRANSACTION_BYTES_MAX,
  TRANSACTION_KEYS_MAX,
} from "./limits.ts";
import {
  CHINA,
  CITY,
  delegateOf,
  federateOf,
  LAMP,
  recoverOf,
  reinstateOf,
  retireOf,
  rotateOf,
  setValidatorsOf,
  testFederation,
  testValidator,
} from "./operation/operation.testing.ts";
import { type Operation, operationToCbor } from "./operation/operation.ts";
import { operationArb } from "./operation/operation-arb.testing.ts";
import {
  checkSignatures,
  decodeBody,
  decodeEnvelope,
  decodeTransaction,
  encodeBody,
  encodeTransaction,
  openEnvelope,
  positionOfKey,
  signedMessageOf,
  type TransactionBody,
  transactionIdOf,
} from "./transaction.ts";

const HOLDER = testHolder("Nation", 1);
const BODY: TransactionBody = {
  network: "test-00000000",
  holder: HOLDER.id,
  lastHeight: 9,
  nonce: 1,
  operations: [retireOf(LAMP)],
};

/** Bytes of an envelope whose body is this CBOR value. */
function envelopeOf(
  body: CborValue,
  signatures: CborValue = [[new Uint8Array(32), new Uint8Array(64)]],
): Uint8Array {
  return encodeCbor([encodeCbor(body), signatures]);
}

/** The parts of the body, with one replaced. */
function bodyWith(at: number, value: CborValue): CborValue {
  const { network, holder, lastHeight, nonce, operations } = BODY;
  const parts = [network, holder, lastHeight, nonce, operations.map(operationToCbor)];
  return parts.map((part, place) => (place === at ? value : part));
}

function signedBy(...numbers: readonly number[]) {
  const bodyBytes = encodeBody(BODY);
  const message = signedMessageOf(transactionIdOf(bodyBytes));
  const signatures = numbers.map((number) => ({
    publicKey: publicKeyOfSeed(seedOf(number)),
    signature: sign(seedOf(number), message),
  }));
  return encodeTransaction(bodyBytes, signatures);
}

test("a transaction comes back from its bytes", () => {
  const bytes = signedBy(1, 2, 3);
  const decoded = decodeTransaction(bytes);
  expect(decoded).toMatchObject({ ok: true, value: { body: BODY, id: sha256(encodeBody(BODY)) } });
  if (!decoded.ok) return;
  expect(encodeTransaction(decoded.value.bodyBytes, decoded.value.signatures)).toEqual(bytes);
});

test("an envelope says whom a transaction is of and who signed it, whatever its operations are", () => {
  const bytes = signedBy(1, 2);
  const decoded = decodeTransaction(bytes);
  const envelope = decodeEnvelope(bytes);
  if (!decoded.ok || !envelope.ok) throw new Error("a transaction is one");
  const { network, holder, lastHeight } = BODY;
  expect(envelope.value).toEqual({ ...decoded.value, body: { network, holder, lastHeight } });
  expect(openEnvelope(envelope.value)).toEqual(decoded);
  for (const [at, operations] of [bodyWith(4, 7), bodyWith(4, [[999]]), bodyWith(3, -1)].entries()) {
    const other = decodeEnvelope(envelopeOf(operations));
    expect(nameOf(other), `envelope ${at}`).toBe("ok");
    if (other.ok) expect(openEnvelope(other.value)).toEqual(decodeTransaction(envelopeOf(operations)));
  }
});

test("its id is of the body alone: whoever signed it, it is the same", () => {
  const ids = [signedBy(1), signedBy(2), signedBy(1, 2)].map((bytes) => {
    const decoded = decodeTransaction(bytes);
    return decoded.ok ? bytesToHex(decoded.value.id) : "";
  });
  expect(new Set(ids).size).toBe(1);
});

test("what is signed can pass for nothing else", () => {
  const id = new Uint8Array(32).fill(7);
  expect(bytesToHex(signedMessageOf(id))).toBe(
    `${bytesToHex(new TextEncoder().encode("cityroot/v1 transaction\n"))}${"07".repeat(32)}`,
  );
});

describe("TRANSACTION_MALFORMED:", () => {
  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array(0)],
    ["no CBOR", Uint8Array.of(0xff)],
    ["no list", encodeCbor(5)],
    ["an empty list", encodeCbor([])],
    ["a body alone", encodeCbor([encodeBody(BODY)])],
    ["a third element", encodeCbor([encodeBody(BODY), [], null])],
    ["a body that is no byte string", encodeCbor([bodyWith(-1, null), []])],
    ["a byte more", Uint8Array.of(...signedBy(1), 0)],
  ])("%s", (_, bytes) => {
    expect(nameOf(decodeTransaction(bytes))).toBe("TRANSACTION_MALFORMED");
  });

  const [key, signature] = [new Uint8Array(32), new Uint8Array(64)];
  test.each<[string, CborValue]>([
    ["no list of signatures", 1],
    ["no signatures", []],
    ["a signature that is no pair", [[key]]],
    ["a key that is too short", [[key.subarray(1), signature]]],
    ["a signature that is too short", [[key, signature.subarray(1)]]],
    ["a key as text", [["key", signature]]],
    [
      "a key twice",
      [
        [key, signature],
        [key, signature],
      ],
    ],
    [
      "keys out of order",
      [
        [key.map(() => 2), signature],
        [key.map(() => 1), signature],
      ],
    ],
    [
      "too many signatures",
      Array.from({ length: SIGNATURES_MAX + 1 }, (_, at) => [key.map(() => at), signature]),
    ],
  ])("signatures: %s", (_, signatures) => {
    expect(nameOf(decodeTransaction(envelopeOf(bodyWith(-1, null), signatures)))).toBe(
      "TRANSACTION_MALFORMED",
    );
  });

  test.each<[string, CborValue]>([
    ["no list", 5],
    ["four elements", [1, 2, 3, 4]],
    ["a network that is no text", bodyWith(0, 1)],
    ["a network that is too long", bodyWith(0, "x".repeat(65))],
    ["a holder that is too short", bodyWith(1, new Uint8Array(19))],
    ["a holder as text", bodyWith(1, "holder")],
    ["a last height below zero", bodyWith(2, -1)],
    ["a nonce that is no number", bodyWith(3, "1")],
    ["no list of operations", bodyWith(4, null)],
    ["no operations", bodyWith(4, [])],
    ["too many operations", bodyWith(4, Array(OPERATIONS_MAX + 1).fill(operationToCbor(reinstateOf(CHINA))))],
  ])("body: %s", (_, body) => {
    expect(nameOf(decodeTransaction(envelopeOf(body)))).toBe("TRANSACTION_MALFORMED");
  });

  test("text that is not UTF-8 is no text", () => {
    const bytes = encodeBody({ ...BODY, network: "\u00e9x" });
    const at = bytes.indexOf(0xc3);
    expect(decodeBody(bytes).ok).toBe(true);
    bytes[at] = 0xff;
    expect(nameOf(decodeBody(bytes))).toBe("TRANSACTION_MALFORMED");
  });
});

describe("a refused operation is named by its place:", () => {
  test.each<[string, CborValue, string]>([
    ["no operation", null, "OPERATION_MALFORMED"],
    ["an unknown one", [99], "OPERATION_MALFORMED"],
    ["a code that is none", [10, "MA.15", null], "CODE_MALFORMED"],
    ["a class that is none", [5, LAMP, "Lamp", [], [], []], "CLASS_MALFORMED"],
    ["an attribute that is none", [5, LAMP, "lamp", [["owner", "x"]], [], []], "ATTRIBUTE_UNKNOWN"],
    ["a key set that is none", [3, []], "KEYS_MALFORMED"],
  ])("%s", (_, operation, name) => {
    const good = operationToCbor(reinstateOf(CHINA));
    const decoded = decodeTransaction(envelopeOf(bodyWith(4, [good, good, operation])));
    expect(decoded).toMatchObject({ ok: false, rejection: { name, operation: 2 } });
  });
});

/** Goal: who signed is not known yet, so looking at keys has to have an end. */
describe("the keys of all key sets together are bounded:", () => {
  const keysOf = (count: number) =>
    keySetOfSeeds(Array.from({ length: count }, (_, number) => seedOf(number)));
  const full = keysOf(HOLDER_KEYS_MAX);
  const sets = TRANSACTION_KEYS_MAX / HOLDER_KEYS_MAX;
  const decode = (operations: readonly Operation[]) => decodeBody(encodeBody({ ...BODY, operations }));

  test("so many, in any operation", () => {
    const operations = [
      ...[delegateOf(CITY, testHolder("City", 2, full)), delegateOf(CITY, HOLDER.id), retireOf(LAMP)],
      ...[recoverOf("begin", full), recoverOf("contest"), ...Array(sets - 2).fill(rotateOf(full))],
    ];
    expect(nameOf(decode(operations))).toBe("ok");
    expect(decode([...operations, retireOf(LAMP), rotateOf(keysOf(1))])).toMatchObject({
      rejection: { name: "KEYS_MALFORMED", operation: operations.length + 1, fault: { field: "operations" } },
    });
  });

  test("those of validators too", () => {
    const four = setValidatorsOf(...[1, 2, 3, 4].map((number) => testValidator(number)));
    const operations = [...Array(sets - 1).fill(rotateOf(full)), ...Array(HOLDER_KEYS_MAX / 4).fill(four)];
    expect(nameOf(decode(operations))).toBe("ok");
    expect(nameOf(decode([...operations, setValidatorsOf(testValidator(1))]))).toBe("KEYS_MALFORMED");
  });

  test("those of another network's policy too", () => {
    // A log key and three witnesses.
    const four = federateOf(CITY, testFederation(1));
    const room = (TRANSACTION_KEYS_MAX - HOLDER_KEYS_MAX) / 4;
    const operations = [rotateOf(full), ...Array(room).fill(four), federateOf(CITY, null)];
    expect(nameOf(decode(operations))).toBe("ok");
    expect(nameOf(decode([...operations, four]))).toBe("KEYS_MALFORMED");
  });

  test("what comes after one key too many is not looked at", () => {
    const weak = { ...full, keys: full.keys.map((key) => ({ ...key, bytes: new Uint8Array(32) })) };
    const operations = [...Array(sets).fill(rotateOf(full)), rotateOf(keysOf(1)), rotateOf(weak)];
    expect(nameOf(decode(operations))).toBe("KEYS_MALFORMED");
    expect(nameOf(decode(operations.slice(1)))).toBe("KEY_WEAK");
  });
});

test("as many operations and signatures as there may be", () => {
  const operations = Array(OPERATIONS_MAX).fill(operationToCbor(reinstateOf(CHINA)));
  const signatures = Array.from({ length: SIGNATURES_MAX }, (_, at) => [
    new Uint8Array(32).fill(at),
    new Uint8Array(64),
  ]);
  const decoded = decodeTransaction(envelopeOf(bodyWith(4, operations), signatures));
  expect(decoded.ok && [decoded.value.body.operations.length, decoded.value.signatures.length]).toEqual([
    OPERATIONS_MAX,
    SIGNATURES_MAX,
  ]);
});

test("TRANSACTION_TOO_LARGE, whatever it holds", () => {
  expect(nameOf(decodeTransaction(new Uint8Array(TRANSACTION_BYTES_MAX + 1)))).toBe("TRANSACTION_TOO_LARGE");
  expect(nameOf(decodeTransaction(new Uint8Array(TRANSACTION_BYTES_MAX)))).toBe("TRANSACTION_MALFORMED");
});

describe("SIGNATURE_INVALID:", () => {
  function check(bytes: Uint8Array) {
    const decoded = decodeTransaction(bytes);
    return decoded.ok ? checkSignatures(decoded.value, verify) : decoded;
  }

  test("every signature is good, or none counts", () => {
    expect(nameOf(check(signedBy(1, 2)))).toBe("ok");
    const parts = cborOf(signedBy(1, 2, 3)) as [Uint8Array, [Uint8Array, Uint8Array][]];
    for (let at = 0; at < 3; at++) {
      const signatures = parts[1].map(([key, signature], place) => [
        key,
        place === at ? signature.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) : signature,
      ]);
      const verdict = check(encodeCbor([parts[0], signatures]));
      expect(verdict, `signature ${at}`).toMatchObject({
        rejection: { name: "SIGNATURE_INVALID", fault: { field: `signatures[${at}]` } },
      });
    }
  });

  test("of another body, of another network, under another key, of other bytes", () => {
    const [, signatures] = cborOf(signedBy(1)) as [Uint8Array, CborValue];
    const over = (body: Partial<TransactionBody>) =>
      nameOf(check(encodeCbor([encodeBody({ ...BODY, ...body }), signatures])));
    expect(over({})).toBe("ok");
    expect(over({ nonce: 2 })).toBe("SIGNATURE_INVALID");
    expect(over({ network: "test-00000001" })).toBe("SIGNATURE_INVALID");
    const [[, signature]] = signatures as unknown as [[Uint8Array, Uint8Array]];
    const swapped = [[publicKeyOf(seedOf(2)), signature]];
    expect(nameOf(check(encodeCbor([encodeBody(BODY), swapped])))).toBe("SIGNATURE_INVALID");
    const bare = [[publicKeyOf(seedOf(1)), sign(seedOf(1), encodeBody(BODY))]];
    expect(nameOf(check(encodeCbor([encodeBody(BODY), bare])))).toBe("SIGNATURE_INVALID");
  });
});

test("a key is found among others by its bytes", () => {
  const keys = [1, 2, 3].map((number) => ({ bytes: publicKeyOfSeed(seedOf(number)) }));
  expect(positionOfKey(keys, publicKeyOf(seedOf(3)))).toBe(2);
  expect(positionOfKey(keys, publicKeyOf(seedOf(4)))).toBe(-1);
  expect(positionOfKey([], new Uint8Array(32))).toBe(-1);
});

const bodyArb: fc.Arbitrary<TransactionBody> = fc.record({
  network: fc.string({ unit: "binary", maxLength: 20 }),
  holder: fc.uint8Array({ minLength: 20, maxLength: 20 }),
  lastHeight: fc.maxSafeNat(),
  nonce: fc.maxSafeNat(),
  operations: fc.array(operationArb, { minLength: 1, maxLength: 3 }),
});

/**
 * Goal: no input makes decoding throw, and what it accepts is the only encoding of what it means.
 * Method: sound bodies of every operation, damaged anywhere, within the body and around it.
 */
test("damaged bytes are refused, or are the one encoding of another transaction", () => {
  fc.assert(
    fc.property(
      bodyArb,
      fc.array(mutationArb, { minLength: 20, maxLength: 20 }),
      fc.array(mutationArb, { minLength: 20, maxLength: 20 }),
      (body, inner, outer) => {
        const bodyBytes = encodeBody(body);
        expect(decodeBody(bodyBytes)).toEqual({ ok: true, value: body });
        const signature = { publicKey: new Uint8Array(32), signature: new Uint8Array(64) };
        const around = outer.map((mutation) =>
          mutateBytes(encodeTransaction(bodyBytes, [signature]), mutation),
        );
        const within = inner.map((mutation) =>
          encodeTransaction(mutateBytes(bodyBytes, mutation), [signature]),
        );
        for (const bytes of [...around, ...within]) {
          const decoded = decodeTransaction(bytes);
          if (!decoded.ok) {
            expect(decoded.rejection.detail).toBeTruthy();
            continue;
          }
          const { bodyBytes: read, signatures } = decoded.value;
          expect(equalBytes(encodeTransaction(read, signatures), bytes), bytesToHex(bytes)).toBe(true);
          expect(equalBytes(encodeBody(decoded.value.body), read), bytesToHex(bytes)).toBe(true);
        }
      },
    ),
    { numRuns: Math.ceil(FUZZ_RUNS / 40) },
  );
});

test("noise is refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => !decodeTransaction(bytes).ok),
    { numRuns: Math.ceil(FUZZ_RUNS / 20) },
  );
});

test("a test ledger signs as a client does", () => {
  const ledger = testLedger([{ prefix: CHINA as never, holder: HOLDER, rule: null }]);
  const transaction = ledger.transaction(HOLDER, [issueOf("MA.156.1")]);
  expect(nameOf(checkSignatures(transaction, verify))).toBe("ok");
});
