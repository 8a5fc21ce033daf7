import type { CborValue } from "@cityroot/core/cbor";
import type { SeededRandom } from "../seeded-random.testing.ts";

const SHARP_NUMBERS = [
  ...[0, 1, 2, 3, 15, 16, 23, 24, 31, 32, 33, 255, 256, 5_000, 5_001, 65_535, 65_536, -1, -24, -25],
  ...[1e15, 1e15 + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1), 16_777_216, 16_777_217, 3_600_000],
];

/** Texts that a registry must not hold, or that mean something elsewhere. The numbers of persons are invented. */
const SHARP_TEXTS = [
  ...[
    "",
    " ",
    "\u0000",
    "a\u0000",
    "\ufeffa",
    "e\u0301",
    "\u{10ffff}",
    "__proto__",
    "constructor",
    "名",
    "A\nB",
  ],
  ...["11010519491231002X", "11010519491231002x", "110105 19491231 002X", "13800138000", "130503670401001"],
  ...[
    "MA",
    "MA.156",
    "MA.156.1301",
    "MA.276",
    "MA.156.1301.09",
    "ma.156.1301",
    "MA.156.1301/",
    "MA.156.1301.02.60",
  ],
  ...[
    "https://example.org/a",
    "http://example.org",
    "describedby",
    "name",
    "legacy",
    "en",
    "zh-Hant",
    "x".repeat(241),
  ],
];

type Branch = { readonly list: readonly CborValue[]; readonly at: number };

/** All places of a value, outermost first. */
function placesOf(value: CborValue, into: Branch[] = []): Branch[] {
  if (!Array.isArray(value)) return into;
  for (const [at, element] of (value as CborValue[]).entries()) {
    into.push({ list: value, at });
    placesOf(element, into);
  }
  return into;
}

function replaceAt(
  value: CborValue,
  place: Branch,
  make: (old: CborValue) => readonly CborValue[],
): CborValue {
  if (!Array.isArray(value)) return value;
  const list = value as readonly CborValue[];
  if (list === place.list)
    return list.flatMap((element, at) => (at === place.at ? [...make(element)] : [element]));
  let isSame = true;
  const made = list.map((element) => {
    const other = replaceAt(element, place, make);
    if (other !== element) isSame = false;
    return other;
  });
  return isSame ? value : made;
}

function otherNumber(number: number, random: SeededRandom): number {
  switch (random.below(4)) {
    case 0:
      return number < Number.MAX_SAFE_INTEGER ? number + 1 : 0;
    case 1:
      return number > 0 ? number - 1 : number;
    case 2:
      return random.below(20);
    default:
      return random.pick(SHARP_NUMBERS);
  }
}

/** Without halves of surrogate pairs, which no bytes can stand for. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "?");
}

function otherText(text: string, random: SeededRandom, words: readonly string[]): string {
  const at = random.below(text.length + 1);
  // A text that means something here is mostly replaced by another such, so that it gets further.
  if (words.includes(text) && !random.oneIn(4)) return random.pick(words);
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return words.length > 0 ? random.pick(words) : random.pick(SHARP_TEXTS);
    case 3:
      return random.pick(SHARP_TEXTS);
    case 4:
      return wellFormed(text.slice(0, at) + random.pick(SHARP_TEXTS) + text.slice(at));
    case 5:
      return wellFormed(text.slice(0, at) + text.slice(at + 1));
    case 6:
      return wellFormed(text.slice(0, at) + String.fromCharCode(32 + random.below(95)) + text.slice(at + 1));
    default:
      return wellFormed(text + text.slice(at));
  }
}

function otherBytes(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  if (random.oneIn(3))
    return new Uint8Array(random.pick([0, 1, 19, 20, 21, 31, 32, 33, 64, 4_097])).fill(random.below(256));
  const made = bytes.slice(0, random.oneIn(4) ? random.below(bytes.length + 1) : bytes.length);
  if (made.length > 0) made[random.below(made.length)]! ^= 1 << random.below(8);
  return made;
}

function nest(value: CborValue, random: SeededRandom): CborValue {
  let made = value;
  for (let depth = random.pick([1, 2, 8, 13, 200, 800]); depth > 0; depth--) made = [made];
  return made;
}

/** A value with one damage to one of its parts; others are taken from `other` and from `words`. */
export function damageValue(
  value: CborValue,
  other: CborValue,
  random: SeededRandom,
  words: readonly string[] = [],
): CborValue {
  const places = placesOf(value);
  if (places.length === 0) return other;
  // Texts that mean something here are damaged more often than the many small things around them.
  const known =
    words.length > 0 && random.oneIn(2) ? places.filter(({ list, at }) => isWord(list[at]!, words)) : [];
  const place = random.pick(known.length > 0 ? known : places);
  const others = placesOf(other);
  const takeOther = (): CborValue => {
    if (others.length === 0) return other;
    const { list, at } = random.pick(others);
    return list[at]!;
  };
  /** Something of the same kind, so that it is not refused at once. */
  const takeAlike = (old: CborValue): CborValue => {
    const alike = others.filter(({ list, at }) => kindOf(list[at]!) === kindOf(old));
    if (alike.length === 0) return takeOther();
    const { list, at } = random.pick(alike);
    return list[at]!;
  };
  return replaceAt(value, place, (old) => {
    switch (random.below(random.oneIn(3) ? 8 : 3)) {
      case 0:
      case 1:
        return [otherValue(old, random, words, takeAlike)];
      case 2:
        return [takeAlike(old)];
      case 3:
        return [];
      case 4:
        return [old, old];
      case 5:
        return [random.oneIn(20) ? nest(old, random) : [old]];
      case 6:
        return [takeOther()];
      default:
        return [random.pick<CborValue>([null, true, false, [], new Uint8Array(), "", 0])];
    }
  });
}

function isWord(value: CborValue, words: readonly string[]): boolean {
  return typeof value === "string" && words.includes(value);
}

function kindOf(value: CborValue): string {
  if (Array.isArray(value)) return `list of ${value.length}`;
  return value instanceof Uint8Array ? `${value.length} bytes` : typeof value;
}

function otherValue(
  old: CborValue,
  random: SeededRandom,
  words: readonly string[],
  takeAlike: (old: CborValue) => CborValue,
): CborValue {
  if (typeof old === "number") return otherNumber(old, random);
  if (typeof old === "string") return otherText(old, random, words);
  if (old instanceof Uint8Array) return random.oneIn(2) ? otherBytes(old, random) : takeAlike(old);
  if (!Array.isArray(old) || old.length === 0) return takeAlike(old);
  const list = old as readonly CborValue[];
  switch (random.below(4)) {
    case 0:
      return list.toReversed();
    case 1: {
      const times = random.oneIn(50) ? 300 : 2 + random.below(40);
      return Array.from({ length: times }, () => random.pick(list));
    }
    case 2:
      return list.slice(random.below(list.length));
    default: {
      const made = [...list];
      const one = random.below(made.length);
      const two = random.below(made.length);
      [made[one], made[two]] = [made[two]!, made[one]!];
      return made;
    }
  }
}
