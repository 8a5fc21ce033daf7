import type { Role } from "@cityroot/core/key/role";
import type { OperationType } from "@cityroot/core/operation/operation";
import type { Signer } from "@cityroot/sdk/signer";
import { type HolderFile, heldKeysOf } from "./holder-file.ts";

/** Whose threshold an operation takes. Spec §4.2, §7. */
const ROLES_OF: { readonly [type in OperationType]: readonly (Role | "recovery")[] } = {
  delegate: ["registrar"],
  "set-rule": ["registrar"],
  "rotate-keys": ["root"],
  "recover-keys": ["recovery", "root"],
  issue: ["records", "registrar"],
  "issue-range": ["records", "registrar"],
  "issue-batch": ["records", "registrar"],
  update: ["records"],
  suspend: ["records"],
  reinstate: ["records"],
  retire: ["records"],
  supersede: ["records"],
  transfer: ["root"],
  "set-validators": ["root"],
  "set-parameters": ["root"],
  federate: ["root"],
  "claim-alias": ["records"],
  "confirm-alias": ["records"],
  "dispute-alias": ["records"],
  "withdraw-alias": ["records"],
  "set-coding-system": ["root"],
};

/** The keys of a file that sign operations: of each role that they may take, as many as it needs, and no others. */
export function chooseSigners(file: HolderFile, types: readonly OperationType[]): readonly Signer[] {
  const held = heldKeysOf(file);
  const chosen = new Map<string, Signer>();
  for (const role of new Set(types.flatMap((type) => ROLES_OF[type]))) {
    const threshold = file.keySet[role];
    if (threshold === null) continue;
    let left = threshold.needed;
    for (const position of threshold.keys) {
      const key = held.find(({ publicKey }) => publicKey === file.keySet.keys[position]);
      if (key === undefined || left === 0) continue;
      chosen.set(key.publicKey, key.signer);
      left -= 1;
    }
  }
  return [...chosen.values()];
}
