import { bytesToHex } from "@cityroot/core/hex";
import { ROLES, type Role } from "@cityroot/core/key/role";

/** Which keys of a set may act in a role, by position from 0, and how many of them must sign. */
export type ThresholdJson = { readonly needed: number; readonly keys: readonly number[] };

/** JSON form of a holder's keys. Spec §4.2. */
export type KeySetJson = {
  /** Ed25519 public keys in hexadecimal. */
  readonly keys: readonly string[];
  /** Keys that may replace all others after a delay in which root can contest, or null. */
  readonly recovery: (ThresholdJson & { readonly delayMs: number }) | null;
} & { readonly [R in Role]: ThresholdJson };

/** See {@link keySet}. */
export type KeySetParameters = {
  /** Public keys, 32 bytes each. */
  readonly keys: readonly Uint8Array[];
  /** What each role takes; any one of all keys when absent. */
  readonly root?: ThresholdJson;
  readonly registrar?: ThresholdJson;
  readonly records?: ThresholdJson;
  /** None when absent. */
  readonly recovery?: ThresholdJson & { readonly delayMs: number };
};

/**
 * The keys of a holder as operations take them. `root` changes keys and transfers, `registrar` delegates and sets rules,
 * `records` issues and maintains; a role never includes another.
 *
 * @example
 * const keys = keySet({ keys: [signer.publicKey] });
 */
export function keySet(parameters: KeySetParameters): KeySetJson {
  const { keys, recovery = null } = parameters;
  const anyOne = { needed: 1, keys: keys.map((_, position) => position) };
  const roles = Object.fromEntries(ROLES.map((role) => [role, parameters[role] ?? anyOne]));
  return { keys: keys.map(bytesToHex), ...(roles as { [R in Role]: ThresholdJson }), recovery };
}
