/**
 * Remembers codes by 64 bits of a hash, in memory that never grows beyond its limit: 16 bytes for each of up to four
 * million codes. What it says is a hint: of two codes in ten trillion one may be taken for the other, so nothing is
 * refused for it alone.
 */
export type SeenCodes = {
  /** Whether the code seems to have been seen before; remembers it, with its row, while there is room. */
  readonly add: (code: string, row: number) => number | undefined;
  /** Whether there was room for every code. */
  readonly isComplete: () => boolean;
};

const CODES_MAX = 4_194_304;
const SLOTS_MIN = 65_536;

/** A memory that is empty. */
export function seenCodes(codesMax: number = CODES_MAX): SeenCodes {
  let slots = SLOTS_MIN;
  let hashes = new BigUint64Array(slots);
  let rows = new Uint32Array(slots);
  let count = 0;
  let isComplete = true;
  const place = (hash: bigint): number => {
    let at = Number(hash & BigInt(slots - 1));
    while (hashes[at] !== 0n && hashes[at] !== hash) at = (at + 1) & (slots - 1);
    return at;
  };
  const grow = (): void => {
    const [oldHashes, oldRows] = [hashes, rows];
    slots *= 2;
    hashes = new BigUint64Array(slots);
    rows = new Uint32Array(slots);
    for (let at = 0; at < oldHashes.length; at++) {
      if (oldHashes[at] === 0n) continue;
      const to = place(oldHashes[at]!);
      hashes[to] = oldHashes[at]!;
      rows[to] = oldRows[at]!;
    }
  };
  return {
    add: (code, row) => {
      const hash = hashOf(code);
      const at = place(hash);
      if (hashes[at] === hash) return rows[at];
      if (count >= codesMax) {
        isComplete = false;
        return undefined;
      }
      hashes[at] = hash;
      rows[at] = row;
      count += 1;
      if (2 * count > slots) grow();
      return undefined;
    },
    isComplete: () => isComplete,
  };
}

/** Two 32-bit hashes (FNV-1a, and a multiplicative one) side by side; never zero, which marks a free slot. */
function hashOf(text: string): bigint {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b ^= b >>> 13;
  }
  const hash = (BigInt(a >>> 0) << 32n) | BigInt((b ^ (b >>> 16)) >>> 0);
  return hash === 0n ? 1n : hash;
}
