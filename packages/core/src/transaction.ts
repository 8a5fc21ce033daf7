import { type CborValue, decodeCbor, decodeListStart, encodeCbor } from "./cbor.ts";
import { sha256 } from "./hash.ts";
import { equalBytes } from "./hex.ts";
import type { Verify } from "./key/ed25519.ts";
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from "./key/ed25519.ts";
import { OPERATIONS_MAX, SIGNATURES_MAX, TRANSACTION_BYTES_MAX, TRANSACTION_KEYS_MAX } from "./limits.ts";
import { type Operation, operationFromCbor, operationToCbor } from "./operation/operation.ts";
import { accept, type Outcome, reject } from "./outcome.ts";
import { isCount } from "./state/entry.ts";

/** What a holder asks of the ledger. Spec §4.4: `[network, holder, last height, nonce, operations]`. */
export type TransactionBody = {
  /** Id of the network that it is meant for; no other takes it. */
  readonly network: string;
  /** Id of the holder, 20 bytes. */
  readonly holder: Uint8Array;
  /** The last height at which it may enter the ledger. */
  readonly lastHeight: number;
  /** Any number from 0 to 2^53-1: makes two transactions of the same content two. */
  readonly nonce: number;
  readonly operations: readonly Operation[];
};

/** A signature with the key that made it. */
export type Signature = { readonly publicKey: Uint8Array; readonly signature: Uint8Array };

/** A signed transaction as it came. Spec §4.4: `[body bytes, [[public key, signature], ...]]`. */
export type Transaction = {
  readonly body: TransactionBody;
  /** The bytes that were signed. */
  readonly bodyBytes: Uint8Array;
  /** SHA-256 of {@link bodyBytes}: the same whoever signed, so that a repetition is known as one. */
  readonly id: Uint8Array;
  readonly signatures: readonly Signature[];
};

/**
 * What is known of a transaction before its operations are read: whom it is of, who signed it, and until when it may
 * enter. It costs no more than its length, so that it can be asked first of what a stranger sends.
 */
export type Envelope = Omit<Transaction, "body"> & {
  readonly body: Pick<TransactionBody, "network" | "holder" | "lastHeight">;
};

/** What stands before a transaction's id in the message that is signed, so that it can pass for nothing else. */
const SIGNING_DOMAIN = new Uint8Array([..."cityroot/v1 transaction\n"].map((letter) => letter.charCodeAt(0)));

/** Length of the message that a key signs, in bytes. */
export const SIGNED_MESSAGE_BYTES: number = SIGNING_DOMAIN.length + 32;

/** The message that a key signs for a transaction. Spec §4.5. */
export function signedMessageOf(id: Uint8Array): Uint8Array {
  const message = new Uint8Array(SIGNED_MESSAGE_BYTES);
  message.set(SIGNING_DOMAIN);
  message.set(id, SIGNING_DOMAIN.length);
  return message;
}

/** Bytes of a body: what is signed. */
export function encodeBody(body: TransactionBody): Uint8Array {
  const operations = body.operations.map(operationToCbor);
  return encodeCbor([body.network, body.holder, body.lastHeight, body.nonce, operations]);
}

/** Id of a transaction by the bytes of its body. */
export function transactionIdOf(bodyBytes: Uint8Array): Uint8Array {
  return sha256(bodyBytes);
}

/** Bytes of a signed transaction; signatures are put in order of their keys. */
export function encodeTransaction(bodyBytes: Uint8Array, signatures: readonly Signature[]): Uint8Array {
  const sorted = [...signatures].sort((a, b) => compareBytes(a.publicKey, b.publicKey));
  return encodeCbor([bodyBytes, sorted.map(({ publicKey, signature }) => [publicKey, signature])]);
}

/**
 * Reads a signed transaction strictly. Spec §4.4. Refusals: TRANSACTION_TOO_LARGE, TRANSACTION_MALFORMED, and what an
 * operation's fields are refused with. Signatures are not checked here: see {@link checkSignatures}.
 */
export function decodeTransaction(bytes: Uint8Array): Outcome<Transaction> {
  const envelope = decodeEnvelope(bytes);
  return envelope.ok ? openEnvelope(envelope.value) : envelope;
}

/** Reads of a transaction all but its nonce and its operations, as strictly as {@link decodeTransaction} does. */
export function decodeEnvelope(bytes: Uint8Array): Outcome<Envelope> {
  if (bytes.length > TRANSACTION_BYTES_MAX) {
    return reject("TRANSACTION_TOO_LARGE", `a transaction has at most ${TRANSACTION_BYTES_MAX} bytes`, {
      field: "transaction",
      expected: `at most ${TRANSACTION_BYTES_MAX} bytes`,
      got: `${bytes.length} bytes`,
    });
  }
  const envelope = decodeCbor(bytes);
  if (!Array.isArray(envelope) || envelope.length !== 2)
    return malformed("transaction", "[body, signatures]");
  const [bodyBytes, signatureList] = envelope as CborValue[];
  if (!(bodyBytes instanceof Uint8Array)) return malformed("body", "a byte string");
  const signatures = signaturesOf(signatureList);
  if (!signatures.ok) return signatures;
  const begin = decodeListStart(bodyBytes, BODY_PARTS, BODY_PARTS_BEFORE_NONCE);
  const body = begin === undefined ? malformedBody() : beginOf(begin);
  if (!body.ok) return body;
  return accept({
    body: body.value,
    bodyBytes,
    id: transactionIdOf(bodyBytes),
    signatures: signatures.value,
  });
}

/** Reads the rest of a transaction. Refusals: those of {@link decodeBody}. */
export function openEnvelope({ bodyBytes, id, signatures }: Envelope): Outcome<Transaction> {
  const body = decodeBody(bodyBytes);
  return body.ok ? accept({ body: body.value, bodyBytes, id, signatures }) : body;
}

/** Parts of a body, and how many of them are in an {@link Envelope}. */
const BODY_PARTS = 5;
const BODY_PARTS_BEFORE_NONCE = 3;

function malformedBody(): Outcome<never> {
  return malformed("body", "[network, holder, last height, nonce, operations]");
}

function beginOf([network, holder, lastHeight]: readonly CborValue[]): Outcome<Envelope["body"]> {
  if (typeof network !== "string" || network.length > 64)
    return malformed("network", "text of at most 64 characters");
  if (!(holder instanceof Uint8Array) || holder.length !== 20) return malformed("holder", "20 bytes");
  if (!isCount(lastHeight)) return malformed("lastHeight", "a whole number");
  return accept({ network, holder, lastHeight });
}

/** Reads a body strictly: what signers look at before they sign. */
export function decodeBody(bytes: Uint8Array): Outcome<TransactionBody> {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== BODY_PARTS) return malformedBody();
  const begin = beginOf(value as CborValue[]);
  if (!begin.ok) return begin;
  const [, , , nonce, list] = value as CborValue[];
  if (!isCount(nonce)) return malformed("nonce", "a whole number");
  if (!Array.isArray(list) || list.length < 1 || list.length > OPERATIONS_MAX) {
    return malformed("operations", `a list of 1 to ${OPERATIONS_MAX}`);
  }
  const operations: Operation[] = [];
  let keys = 0;
  for (const [index, item] of (list as CborValue[]).entries()) {
    const operation = operationFromCbor(item);
    if (!operation.ok) return { ok: false, rejection: { ...operation.rejection, operation: index } };
    keys += countKeys(operation.value);
    // Counted as they come, so that no more keys are looked at than there may be and those of one operation.
    const counted = checkKeyCount(keys);
    if (!counted.ok) return { ok: false, rejection: { ...counted.rejection, operation: index } };
    operations.push(operation.value);
  }
  return accept({ ...begin.value, nonce, operations });
}

/** How many keys an operation names that have to be sound. */
function countKeys(operation: Operation): number {
  switch (operation.type) {
    case "delegate":
      return operation.holder instanceof Uint8Array ? 0 : operation.holder.keys.keys.length;
    case "rotate-keys":
    case "recover-keys":
      return operation.keys?.keys.length ?? 0;
    case "set-validators":
      return operation.validators.length;
    case "federate": {
      const policy = operation.federation?.policy;
      return policy === undefined ? 0 : policy.logKeys.length + policy.witnesses.length;
    }
    default:
      return 0;
  }
}

function checkKeyCount(keys: number): Outcome<void> {
  if (keys <= TRANSACTION_KEYS_MAX) return accept(undefined);
  const expected = `at most ${TRANSACTION_KEYS_MAX} keys in all key sets of a transaction`;
  return reject("KEYS_MALFORMED", `operations: expected ${expected}, got more`, {
    field: "operations",
    expected,
    got: "more",
    fix: "send the others in another transaction",
  });
}

function signaturesOf(value: CborValue | undefined): Outcome<readonly Signature[]> {
  if (!Array.isArray(value) || value.length < 1 || value.length > SIGNATURES_MAX) {
    return malformed("signatures", `a list of 1 to ${SIGNATURES_MAX}`);
  }
  const signatures: Signature[] = [];
  for (const [at, pair] of (value as CborValue[]).entries()) {
    const [publicKey, signature] = Array.isArray(pair) && pair.length === 2 ? (pair as CborValue[]) : [];
    if (!(publicKey instanceof Uint8Array) || publicKey.length !== PUBLIC_KEY_BYTES) {
      return malformed(`signatures[${at}][0]`, "a public key");
    }
    if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) {
      return malformed(`signatures[${at}][1]`, "a signature");
    }
    const before = signatures[at - 1];
    // One order makes one encoding, and shows at once that no key signs twice.
    if (before !== undefined && compareBytes(before.publicKey, publicKey) >= 0) {
      return malformed(`signatures[${at}]`, "signatures in ascending order of their keys, each key once");
    }
    signatures.push({ publicKey, signature });
  }
  return accept(signatures);
}

function malformed(field: string, expected: string): Outcome<never> {
  return reject("TRANSACTION_MALFORMED", `${field}: expected ${expected}`, {
    field,
    expected,
    got: "something else",
  });
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length && at < b.length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}

/** Whether every signature of a transaction is good. It takes no state, so it can be done anywhere and remembered. */
export function checkSignatures(transaction: Transaction, verify: Verify): Outcome<void> {
  const message = signedMessageOf(transaction.id);
  for (const [at, { publicKey, signature }] of transaction.signatures.entries()) {
    if (!verify(publicKey, message, signature)) return rejectSignature(at);
  }
  return accept(undefined);
}

/** The refusal of a transaction's signature. */
export function rejectSignature(at: number): Outcome<never> {
  return reject("SIGNATURE_INVALID", `signature ${at} is not one of its key over this transaction`, {
    field: `signatures[${at}]`,
    expected: "an Ed25519 signature over the transaction's id",
    got: "another signature",
    fix: "sign the body as it is sent, for this network",
  });
}

/** Whether a signature's key is one of these. */
export function positionOfKey(
  keys: readonly { readonly bytes: Uint8Array }[],
  publicKey: Uint8Array,
): number {
  return keys.findIndex((key) => equalBytes(key.bytes, publicKey));
}
