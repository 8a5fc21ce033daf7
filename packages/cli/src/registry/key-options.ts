import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { publicKeyOf } from "@cityroot/core/key/ed25519";
import { ROLES, type Role } from "@cityroot/core/key/role";
import type { KeySetJson, ThresholdJson } from "@cityroot/sdk/key-set";
import { generateSeed } from "@cityroot/sdk/signer";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";

/** Options that say which keys a holder is to have. */
export const KEY_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--root <needed/keys>", text: "option.rootKeys" },
  { flags: "--registrar <needed/keys>", text: "option.registrarKeys" },
  { flags: "--records <needed/keys>", text: "option.recordsKeys" },
  { flags: "--recovery <needed/keys>", text: "option.recoveryKeys" },
  { flags: "--recovery-delay <hours>", text: "option.recoveryDelay" },
];

/** Keys that were drawn, and what they may do. */
export type DrawnKeys = { readonly keys: readonly string[]; readonly keySet: KeySetJson };

const HOUR_MS = 3_600_000;
const DELAY_HOURS = 72;
const KEYS_MAX = 32;

/**
 * Draws the keys that the options ask for: for each role as many of its own as it says. Roles that nobody names share
 * the keys of the root, or one key where that is not named either.
 */
export function drawKeys(context: Context, input: Input): DrawnKeys {
  const seeds: string[] = [];
  const draw = (field: string, text: string): ThresholdJson => {
    const { needed, count } = readThreshold(context, field, text);
    const from = seeds.length;
    for (let at = 0; at < count; at++) seeds.push(bytesToHex(generateSeed()));
    return { needed, keys: Array.from({ length: count }, (_, at) => from + at) };
  };
  const root = draw("--root", input.text("root") ?? "1/1");
  const roles = Object.fromEntries(
    ROLES.map((role): [Role, ThresholdJson] => {
      const text = role === "root" ? undefined : input.text(role);
      return [role, text === undefined ? root : draw(`--${role}`, text)];
    }),
  ) as { [R in Role]: ThresholdJson };
  const recovery = input.text("recovery");
  const delayMs = HOUR_MS * (input.count("recovery-delay", 1, 2160) ?? DELAY_HOURS);
  const keySet: KeySetJson = {
    keys: seeds.map((seed) => bytesToHex(publicKeyOf(hexToBytes(seed)!))),
    ...roles,
    recovery: recovery === undefined ? null : { ...draw("--recovery", recovery), delayMs },
  };
  // The recovery's keys were drawn after the list was made.
  return {
    keys: seeds,
    keySet: { ...keySet, keys: seeds.map((seed) => bytesToHex(publicKeyOf(hexToBytes(seed)!))) },
  };
}

function readThreshold(
  { say }: Context,
  field: string,
  text: string,
): { readonly needed: number; readonly count: number } {
  const match = /^([0-9]{1,2})\/([0-9]{1,2})$/.exec(text);
  const needed = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (needed >= 1 && needed <= count && count <= KEYS_MAX) return { needed, count };
  const expected = say("error.threshold.expected");
  throw optionMalformed(say, { field, expected, got: text, fix: `${field} 2/3` });
}
