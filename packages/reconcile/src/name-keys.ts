import { type PreparedName, type PreparedRow, wholeName } from "./prepared.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Letters of a piece of a word: pieces find words that are misspelt. */
const PIECE = 3;
/** How many of the rarest tokens of a name are joined with each of its numbers. */
const JOINED_TOKENS = 4;
const JOINED_NUMBERS = 3;

/** The beginning of a hash, and its step: FNV-1a over UTF-16 code units. */
const FNV_BEGIN = 0x811c9dc5;
const FNV_STEP = 0x01000193;

/** A hash of 32 bits that goes on from another one. Not for anything that somebody could want to forge. */
export function hashText(text: string, from: number = FNV_BEGIN): number {
  let hash = from;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_STEP);
  return hash;
}

/**
 * Hashes of what a row is found by: the words and pairs of characters of its names, pieces of its longer words, rare tokens
 * together with numbers, and the whole name alone and with the place. Whoever shares a rare one may be the same thing; two keys
 * of one hash only look less rare.
 */
export function nameKeysOf({ names, place }: PreparedRow, vocabulary: Vocabulary): Set<number> {
  const keys = new Set<number>();
  for (const name of names) {
    const whole = hashText(wholeName(name), hashText("="));
    keys.add(whole);
    if (place !== undefined) keys.add(hashText(place.text, hashText("@", whole)));
    addTokens(name, vocabulary, keys);
  }
  return keys;
}

function addTokens(
  { tokens: { from, to } }: PreparedName,
  { texts, kinds, weights, pool }: Vocabulary,
  keys: Set<number>,
): void {
  const numbers: number[] = [];
  const others: number[] = [];
  for (const token of pool.subarray(from, to)) (kinds[token] === "number" ? numbers : others).push(token);
  for (const token of others) {
    const text = texts[token]!;
    const kind = kinds[token];
    if (kind !== "character" || others.length === 1) keys.add(hashText(text));
    if (kind !== "word") continue;
    const padded = `^${text}$`;
    for (let at = 0; at + PIECE <= padded.length; at++) {
      keys.add(hashText(padded.slice(at, at + PIECE), hashText("~")));
    }
  }
  if (numbers.length === 0) return;
  const rarest = others.sort((a, b) => weights[b]! - weights[a]! || a - b).slice(0, JOINED_TOKENS);
  for (const number of numbers.slice(0, JOINED_NUMBERS)) {
    const begun = hashText("#", hashText(texts[number]!));
    for (const token of rarest) keys.add(hashText(texts[token]!, begun));
  }
}
