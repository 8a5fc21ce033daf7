import { type Code, isCode } from "@cityroot/codes/ma/code";
import { assert } from "../assert.ts";
import { newBytes } from "../bytes.ts";
import { STATE_KEY_BYTES_MAX } from "../limits.ts";

/**
 * Key of a state entry: a string of bytes, one character (U+0000 to U+00FF) a byte, so that JavaScript's string
 * order is the byte order of the tree. The first byte is the kind. Spec §5.1.
 */
declare const brand: unique symbol;
export type StateKey = string & { readonly [brand]: "StateKey" };

/** The first byte of a key: which kind of entry it holds. Numbers are consensus. Spec §5.1. */
export const KEY_KINDS = {
  network: 1,
  holder: 2,
  prefix: 3,
  rule: 4,
  tally: 5,
  code: 6,
  replay: 7,
  validators: 8,
  parameters: 9,
  misbehaviour: 10,
  system: 11,
  alias: 12,
  aliased: 13,
} as const;
export type KeyKind = keyof typeof KEY_KINDS;

const KIND_BYTES = Object.fromEntries(
  Object.entries(KEY_KINDS).map(([kind, byte]) => [kind, String.fromCharCode(byte)]),
) as Record<KeyKind, string>;

/** As many bytes as the greatest height takes, which is 2^53-1. */
const HEIGHT_BYTES = 7;

// The end of a code and its separators sort before every digit and letter, and share the bits above the last two,
// which no digit or letter has: so a code and all that lies below it form exactly one subtree.
const END = "\u0000";
const SLASH = "\u0001";
const DOT = "\u0002";

/** Tree form of a code: separators mapped, one end byte. Digits, letters, `-` and `_` stay ASCII. */
function codeBytes(code: string): string {
  let out = "";
  let from = 0;
  for (let at = 0; at < code.length; at++) {
    const unit = code.charCodeAt(at);
    if (unit !== 46 && unit !== 47) continue;
    out += code.slice(from, at) + (unit === 46 ? DOT : SLASH);
    from = at + 1;
  }
  return out + code.slice(from) + END;
}

function keyOf(kind: KeyKind, body: string): StateKey {
  const key = KIND_BYTES[kind] + body;
  assert(key.length <= STATE_KEY_BYTES_MAX, `state key of ${key.length} bytes`);
  return key as StateKey;
}

/** Key of the network's one parameter entry. */
export const NETWORK_KEY: StateKey = keyOf("network", END);

/** Key of the one entry of the network's validators. */
export const VALIDATORS_KEY: StateKey = keyOf("validators", END);

/** Key of the one entry of the network's parameters. */
export const PARAMETERS_KEY: StateKey = keyOf("parameters", END);

/** Below the keys of all prefixes, and no key itself: what follows it in the order is the first of them. */
export const BEFORE_PREFIXES: StateKey = keyOf("prefix", END);

/** Key of a misbehaviour of a validator: the height of the block that recorded it and its place there, from 0. */
export function misbehaviourKey(height: number, index: number): StateKey {
  let body = "";
  for (let rest = height, at = 0; at < HEIGHT_BYTES; at++, rest = Math.floor(rest / 256)) {
    body = String.fromCharCode(rest % 256) + body;
  }
  return keyOf("misbehaviour", body + String.fromCharCode((index >> 8) & 255, index & 255));
}

/** Key of a code's own entry: a record, or an interval that begins there. */
export function codeKey(code: Code): StateKey {
  return keyOf("code", codeBytes(code));
}

/** Key of a delegated prefix. */
export function prefixKey(prefix: Code): StateKey {
  return keyOf("prefix", codeBytes(prefix));
}

/** Key of a prefix's rules. */
export function ruleKey(prefix: Code): StateKey {
  return keyOf("rule", codeBytes(prefix));
}

/** Key of the count of codes that a prefix has issued. */
export function tallyKey(prefix: Code): StateKey {
  return keyOf("tally", codeBytes(prefix));
}

/** Key of a holder, by its 20-byte id. */
export function holderKey(id: Uint8Array): StateKey {
  return keyOf("holder", textOf(id));
}

/** Key of a coding system's authority, by the system's name. */
export function codingSystemKey(system: string): StateKey {
  return keyOf("system", system + END);
}

/** Below the keys of all coding systems, and no key itself. */
export const BEFORE_CODING_SYSTEMS: StateKey = keyOf("system", END);

/** The body of a claim's key. Each digest is half of one: 16 bytes. */
export type AliasKeyParts = {
  readonly system: string;
  /** Bytes of the legacy code: the first of them stand in the key as they are. */
  readonly value: Uint8Array;
  readonly legacy: Uint8Array;
  readonly claimant: Uint8Array;
  readonly claim: Uint8Array;
};

/**
 * Key of a claim: the name of its coding system, the beginning of the legacy code, and the digests of the legacy code, of the
 * claimant, and of what it claims. So claims about codes that follow one another lie side by side, all about one legacy code form
 * one subtree, and those of one claimant a subtree of that. Spec §5.20.
 */
export function aliasKey({ system, value, legacy, claimant, claim }: AliasKeyParts): StateKey {
  return keyOf("alias", legacyBody(system, value, legacy) + textOf(claimant) + textOf(claim));
}

/** What the keys of all claims about a legacy code begin with. */
export function aliasStem({ system, value, legacy }: Omit<AliasKeyParts, "claimant" | "claim">): string {
  return KIND_BYTES.alias + legacyBody(system, value, legacy);
}

/** Bytes of a legacy code that stand in a key: a stranger can make the path to a claim longer by as many bits, and no more. */
const CLEAR_BYTES = 16;

function legacyBody(system: string, value: Uint8Array, digest: Uint8Array): string {
  const clear = textOf(value.subarray(0, CLEAR_BYTES));
  return system + END + clear + END.repeat(CLEAR_BYTES - clear.length) + textOf(digest);
}

/**
 * Key of the entry that leads from a code to a claim about it: the code's tree form, and the three digests of the claim's key.
 * Spec §5.21.
 */
export function aliasedKey(target: Code, alias: StateKey): StateKey {
  return keyOf("aliased", codeBytes(target) + alias.slice(-3 * HALF_DIGEST));
}

const HALF_DIGEST = 16;

/** What the keys of all entries that lead from a code to claims begin with. */
export function aliasedStem(target: Code): string {
  return KIND_BYTES.aliased + codeBytes(target);
}

function textOf(bytes: Uint8Array): string {
  // Neither a loop nor an iterator: keys are made for every entry.
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/** Key of a slot of the replay window; slots are reused in a ring, so that nothing is ever deleted. */
export function replayKey(slot: number): StateKey {
  return keyOf("replay", String.fromCharCode((slot >> 8) & 255, slot & 255));
}

/** Kind of a key, or undefined for a byte that is no kind. */
export function kindOfKey(key: StateKey): KeyKind | undefined {
  const byte = key.charCodeAt(0);
  for (const [kind, value] of Object.entries(KEY_KINDS)) if (value === byte) return kind as KeyKind;
  return undefined;
}

/** The code text of a `code`, `prefix`, `rule` or `tally` key; undefined for another kind or what is none. */
export function codeOfKey(key: StateKey): Code | undefined {
  const kind = key.charCodeAt(0);
  if (
    kind !== KEY_KINDS.code &&
    kind !== KEY_KINDS.prefix &&
    kind !== KEY_KINDS.rule &&
    kind !== KEY_KINDS.tally
  ) {
    return undefined;
  }
  let out = "";
  let from = 1;
  const last = key.length - 1;
  for (let at = 1; at <= last; at++) {
    const unit = key.charCodeAt(at);
    if (unit > 2) continue;
    if (unit === 0 && at !== last) return undefined;
    out += key.slice(from, at) + (unit === 0 ? "" : unit === 1 ? "/" : ".");
    from = at + 1;
  }
  return from === key.length && isCode(out) ? out : undefined;
}

/**
 * Whether the key of a code lies at or below another one of the same kind in the tree: that one itself, or followed by
 * a separator. Spec §5.2.
 */
export function isKeyAtOrBelow(key: StateKey, prefix: StateKey): boolean {
  const stem = prefix.length - 1;
  return key.length >= prefix.length && key.charCodeAt(stem) <= 2 && key.startsWith(prefix.slice(0, stem));
}

/** Bytes of a key, for hashing and storage. */
export function keyToBytes(key: StateKey): Uint8Array {
  const bytes = newBytes(key.length);
  for (let at = 0; at < key.length; at++) bytes[at] = key.charCodeAt(at);
  return bytes;
}

/** Key of bytes; undefined when they are longer than any key or empty. */
export function keyFromBytes(bytes: Uint8Array): StateKey | undefined {
  if (bytes.length === 0 || bytes.length > STATE_KEY_BYTES_MAX) return undefined;
  let key = "";
  for (const byte of bytes) key += String.fromCharCode(byte);
  return key as StateKey;
}

/**
 * Position of the first bit in which two different keys differ, counted from the first byte's highest bit. A key that
 * is a proper prefix of another does not occur among well-formed keys of one kind, since codes end in a byte of
 * their own and the other kinds have fixed lengths.
 */
export function firstDifferingBit(a: string, b: string): number {
  const length = a.length < b.length ? a.length : b.length;
  for (let at = 0; at < length; at++) {
    const difference = a.charCodeAt(at) ^ b.charCodeAt(at);
    if (difference !== 0) return at * 8 + Math.clz32(difference) - 24;
  }
  assert(a.length !== b.length, "equal keys have no differing bit");
  return length * 8;
}

/** One more than the greatest bit at which two keys can part. */
export const STATE_KEY_BITS_MAX: number = 8 * STATE_KEY_BYTES_MAX;
