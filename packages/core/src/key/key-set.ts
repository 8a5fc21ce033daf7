import { equalBytes } from "../hex.ts";
import { HOLDER_KEYS_MAX, RECOVERY_DELAY_MS_MAX, RECOVERY_DELAY_MS_MIN } from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import type { KeySet, Threshold } from "../state/holder.ts";
import { isPublicKey } from "./ed25519.ts";
import { ROLES } from "./role.ts";

/**
 * Whether a key set is one that a holder may have. Spec §4.2. In this order: between one and the most keys; each a
 * sound public key, none twice; for each role at least one key, all of them in the list, none twice, and a threshold
 * that they can meet; likewise for recovery, with a delay within its bounds.
 */
export function checkKeySet(set: KeySet): Outcome<void> {
  const { keys, roles, recovery } = set;
  if (keys.length < 1 || keys.length > HOLDER_KEYS_MAX) {
    return refuse("keys.keys", `1 to ${HOLDER_KEYS_MAX} keys`, `${keys.length}`);
  }
  for (const [at, key] of keys.entries()) {
    // A small-order or non-canonical key lets one signature pass for many messages.
    if (!isPublicKey(key.bytes)) {
      return reject("KEY_WEAK", `key ${at} is no sound Ed25519 public key`, {
        field: `keys.keys[${at}]`,
        expected: "32 bytes, canonical, not of small order",
        got: `${key.bytes.length} bytes`,
      });
    }
    if (keys.slice(0, at).some((other) => equalBytes(other.bytes, key.bytes))) {
      return refuse(`keys.keys[${at}]`, "a key that is not in the list yet", "a key for the second time");
    }
  }
  for (const role of ROLES) {
    const checked = checkThreshold(roles[role], keys.length, `keys.${role}`);
    if (!checked.ok) return checked;
  }
  if (recovery === null) return accept(undefined);
  if (recovery.delayMs < RECOVERY_DELAY_MS_MIN || recovery.delayMs > RECOVERY_DELAY_MS_MAX) {
    const bounds = `${RECOVERY_DELAY_MS_MIN} to ${RECOVERY_DELAY_MS_MAX} milliseconds`;
    return refuse("keys.recovery.delayMs", bounds, `${recovery.delayMs}`);
  }
  return checkThreshold(recovery, keys.length, "keys.recovery");
}

function checkThreshold(threshold: Threshold, keyCount: number, field: string): Outcome<void> {
  const { keys, needed } = threshold;
  for (const [at, position] of keys.entries()) {
    if (position >= keyCount)
      return refuse(`${field}.keys[${at}]`, `a position below ${keyCount}`, `${position}`);
    // Ascending positions make one meaning have one encoding, and no key count twice.
    if (at > 0 && position <= keys[at - 1]!) {
      return refuse(`${field}.keys[${at}]`, "positions in ascending order, each once", `${position}`);
    }
  }
  if (needed < 1 || needed > keys.length) {
    return refuse(`${field}.needed`, `1 to ${keys.length}, the keys of this role`, `${needed}`);
  }
  return accept(undefined);
}

function refuse(field: string, expected: string, got: string): Outcome<never> {
  return reject("KEYS_MALFORMED", `${field}: expected ${expected}, got ${got}`, { field, expected, got });
}
