import type { Transaction } from "@cityroot/core/transaction";

/** Tells copies of a transaction apart by their signatures: one may have enough where another has not. */
export function nameOf({ id, signatures }: Pick<Transaction, "id" | "signatures">): string {
  let name = textOf(id);
  for (const { publicKey, signature } of signatures) name += textOf(publicKey) + textOf(signature);
  return name;
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}
