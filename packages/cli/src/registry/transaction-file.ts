import { bytesToHex, equalBytes, hexToBytes } from "@cityroot/core/hex";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { decodeBase64, encodeBase64 } from "@cityroot/core/log/base64";
import { decodeBody, type Signature } from "@cityroot/core/transaction";
import { reviewTransaction } from "@cityroot/sdk/review-transaction";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { malformedFile, readJsonFile } from "./read-json.ts";
import { jsonText, writeFileWhole } from "./write-file.ts";

/** A transaction on its way from one signer to the next. */
export type CarriedTransaction = {
  readonly bodyBytes: Uint8Array;
  readonly signatures: readonly Signature[];
};

const FORMAT = "cityroot-transaction/1";

/** Writes a transaction for the next signer. What it says in words is for people: only `body` is signed. */
export function saveTransaction(path: string, { bodyBytes, signatures }: CarriedTransaction): void {
  const { id, ...review } = reviewTransaction(bodyBytes);
  const content = {
    format: FORMAT,
    id,
    review,
    body: encodeBase64(bodyBytes),
    signatures: signatures.map(({ publicKey, signature }) => ({
      publicKey: bytesToHex(publicKey),
      signature: bytesToHex(signature),
    })),
  };
  writeFileWhole(path, jsonText(content));
}

/** Reads a transaction file. Whether the signatures are good is checked where they are used. */
export function readTransaction(path: string, context: Pick<Context, "say">): CarriedTransaction {
  const { say } = context;
  const json = readJsonFile(path, "--with", say);
  const wrong = (field: string, expected: string): CommandFailure =>
    malformedFile(say, { field, path, expected, got: say("error.somethingElse") });
  if (!isJsonObject(json) || json["format"] !== FORMAT) throw wrong("format", FORMAT);
  const bodyBytes = typeof json["body"] === "string" ? decodeBase64(json["body"]) : undefined;
  if (bodyBytes === undefined || !decodeBody(bodyBytes).ok) throw wrong("body", say("error.transactionBody"));
  const list = json["signatures"];
  if (!Array.isArray(list)) throw wrong("signatures", say("error.list"));
  const signatures = (list as readonly Json[]).map((item, at) => {
    const { publicKey, signature } = isJsonObject(item) ? item : {};
    const key = typeof publicKey === "string" ? hexToBytes(publicKey) : undefined;
    const bytes = typeof signature === "string" ? hexToBytes(signature) : undefined;
    if (key?.length !== 32) throw wrong(`signatures[${at}].publicKey`, say("error.hex", { bytes: 32 }));
    if (bytes?.length !== 64) throw wrong(`signatures[${at}].signature`, say("error.hex", { bytes: 64 }));
    return { publicKey: key, signature: bytes };
  });
  return { bodyBytes, signatures };
}

/** Puts the files of several signers together: they have to be about the same transaction. */
export function mergeTransactions(
  parts: readonly CarriedTransaction[],
  { say }: Pick<Context, "say">,
): CarriedTransaction {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error("invariant broken: there is at least one file to put together");
  for (const other of others) {
    if (equalBytes(other.bodyBytes, first.bodyBytes)) continue;
    throw new CommandFailure({
      code: "TRANSACTIONS_DIFFER",
      exit: "usage",
      detail: say("error.transactionsDiffer"),
      field: "--with",
      expected: reviewTransaction(first.bodyBytes).id,
      got: reviewTransaction(other.bodyBytes).id,
      fix: say("error.transactionsDiffer.fix"),
    });
  }
  const signatures: Signature[] = [];
  for (const signature of parts.flatMap((part) => part.signatures)) {
    if (!signatures.some((known) => equalBytes(known.publicKey, signature.publicKey)))
      signatures.push(signature);
  }
  return { bodyBytes: first.bodyBytes, signatures };
}
