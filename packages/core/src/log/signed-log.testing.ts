import { utf8ToBytes } from "@noble/hashes/utils.js";
import { publicKeyOf } from "../key/ed25519.ts";
import { encodeBase64 } from "./base64.ts";
import { proveConsistency } from "./consistency.ts";
import { makeVerifierKey, type Note, SIGNATURE_TYPES, signText, type VerifierKey } from "./note.ts";
import { ReferenceTree } from "./reference.testing.ts";
import { leafHash } from "./tree.ts";

/** A log that signs its sizes; two of one name and seed, and of leaves that differ from one place on, are a fork. */
export type SignedLog = {
  readonly key: VerifierKey;
  readonly rootAt: (size: number) => Uint8Array;
  /** The checkpoint of a size, with an extension line. */
  readonly noteAt: (size: number) => Note;
  readonly pathOf: (oldSize: number, newSize: number) => readonly Uint8Array[];
};

/** A log of `sizeMax` leaves whose entries differ from those of other histories from `forkAt` on. */
export function signedLog(
  sizeMax: number,
  { origin = "log.example/a", seed = 1, forkAt = sizeMax, history = "" } = {},
): SignedLog {
  const entries = Array.from({ length: sizeMax }, (_, at) => `entry ${at}${at < forkAt ? "" : history}`);
  return signedLogOf(entries, { origin, seed });
}

/** The log of these entries. */
export function signedLogOf(
  entries: readonly string[],
  { origin = "log.example/a", seed = 1 } = {},
): SignedLog {
  const tree = new ReferenceTree(entries.map((entry) => leafHash(utf8ToBytes(entry))));
  const secret = new Uint8Array(32).fill(seed);
  const rootAt = (size: number): Uint8Array => tree.root(0, size);
  return {
    key: makeVerifierKey(origin, SIGNATURE_TYPES.ed25519, publicKeyOf(secret)),
    rootAt,
    noteAt: (size) => {
      const text = `${origin}\n${size}\n${encodeBase64(rootAt(size))}\nan extension\n`;
      return { text, signatures: [signText(text, origin, secret)] };
    },
    pathOf: (oldSize, newSize) => proveConsistency(tree.hashAt, oldSize, newSize).path,
  };
}
