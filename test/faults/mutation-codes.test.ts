import type { Parsed } from "@cityroot/codes/fault";
import { addCheckCharacter, verifyCheckCharacter } from "@cityroot/codes/ma/check-character";
import { type Code, formatCode, isCode, parseCode, partsOf } from "@cityroot/codes/ma/code";
import { codes } from "@cityroot/codes/ma/code.testing";
import { guessMeantText } from "@cityroot/codes/ma/meant-text";
import { warningsOf } from "@cityroot/codes/ma/medical";
import { ancestorsOf, isBelow, nodesOf, parentOf } from "@cityroot/codes/ma/prefix";
import { qrTextOf } from "@cityroot/codes/ma/qr";
import { codeFromPath, codeFromUrl, codeToPath } from "@cityroot/codes/ma/url";
import { codeKey, codeOfKey, isKeyAtOrBelow, keyFromBytes, keyToBytes } from "@cityroot/core/state/key";
import * as fc from "fast-check";
import { test } from "vitest";
import { type SeededRandom, seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";
import { mustHold, mutationCount, openCounts, stopwatch } from "./mutation.testing.ts";

// Goal: whatever stands where a code is expected, exactly what spec 2 allows is taken for one, and what is taken comes
// back the same from every form that a code has.
// Method: codes of both profiles, damaged at random, alone and within addresses, against a reader of this file that knows
// only the grammar of the specification.
// Replay: CITYROOT_SEED. CITYROOT_MUTATIONS is how many codes to try.

const COUNT = mutationCount(6_000);
const SEED = seedFromEnvironment("CITYROOT_SEED");

// Spec 2.1.1, word by word.
const REGION = "(?!M[0-9](?:[./]|$))[0-9A-Za-z]{1,32}";
const UNIT = "[0-9A-Za-z]{1,32}";
const SERIAL = "[0-9A-Za-z_-]{1,32}";
const ELEMENT = "[0-9A-Za-z_-]{1,50}";
const CUSTOM = `${ELEMENT}(?:\\.${ELEMENT})*`;

function objectOf(beforeCustom: string): string {
  return `[0-9]{2}(?:\\.[0-9]{8}(?:\\.${SERIAL}(?:${beforeCustom}${CUSTOM})?)?)?`;
}

const MEDICAL = `MA\\.[0-9]{3}\\.M[0-9](?:\\.${UNIT}(?:\\.${SERIAL}(?:\\.${ELEMENT})*)?)?`;
const CANONICAL = new RegExp(
  `^(?:${MEDICAL}|MA\\.[0-9]{3}(?:\\.${REGION}(?:\\.${UNIT})?)?(?:/${objectOf("/")})?)$(?![\\n])`,
);
// Spec 2.3.2: "." in place of "/" after four root nodes, and after three object nodes.
const ACCEPTED = new RegExp(
  `^(?:${MEDICAL}|(MA\\.[0-9]{3}(?:\\.${REGION})?)(?:/(${objectOf("[./]")}))?|(MA\\.[0-9]{3}\\.${REGION}\\.${UNIT})(?:[./](${objectOf("[./]")}))?)$(?![\\n])`,
);

function isWithinBounds(text: string): boolean {
  return text.length <= 128 && text.split(/[./]/).length <= 24;
}

/** The canonical text of what a person gave; undefined where it is no code. */
function readBySpec(given: string): string | undefined {
  const text = given.endsWith("/") ? given.slice(0, -1) : given;
  const found = ACCEPTED.exec(text);
  if (found === null || !isWithinBounds(text)) return undefined;
  const root = found[1] ?? found[3];
  const object = found[2] ?? found[4];
  if (root === undefined || object === undefined) return text;
  const nodes = object.split(/[./]/);
  const custom = nodes.length > 3 ? `/${nodes.slice(3).join(".")}` : "";
  return `${root}/${nodes.slice(0, 3).join(".")}${custom}`;
}

/** The path of an address, with what stands for unreserved characters decoded; undefined where none is to be read. */
function readAddressBySpec(text: string): string | undefined {
  if (text.length > 2_048) return undefined;
  const found = /^https?:\/\/([^/?#]+)\/([^?#]*)/i.exec(text);
  // Some letters of other scripts are equal to ASCII ones where case does not count.
  if (found === null || !/^[\x21-\x7e]+$/.test(found[1]!) || /[@\\"<>^`{|}]/.test(found[1]!))
    return undefined;
  if (!/^[A-Za-z]+:/.test(text)) return undefined;
  let isRefused = false;
  const path = found[2]!.replace(/%([0-9A-Fa-f]{2})?/g, (_, hex: string | undefined) => {
    const unit = hex === undefined ? "" : String.fromCharCode(Number.parseInt(hex, 16));
    if (!/^[0-9A-Za-z._~-]$/.test(unit)) isRefused = true;
    return unit;
  });
  return isRefused ? undefined : readBySpec(path);
}

const PIECES = [
  ...[
    "MA",
    "Ma",
    "MA.",
    "M0",
    "M10",
    "M9",
    "m0",
    ".",
    "/",
    "//",
    "..",
    "60",
    "10000000",
    "156",
    "000",
    "1301",
  ],
  ...[
    "%2E",
    "%2e",
    "%2F",
    "%4D",
    "%",
    "%00",
    "%25",
    "?",
    "#",
    "\\",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u0000",
    "~",
    ":",
  ],
  ...[
    "\u{ff2d}\u{ff21}",
    "\u0660",
    "\u212a",
    "\u017f",
    "\u0131",
    "\ud800",
    "\u{1f332}",
    "\u200b",
    "\ufeff",
    "é",
  ],
  ...[
    "x".repeat(32),
    "x".repeat(33),
    "y".repeat(50),
    "y".repeat(51),
    "1".repeat(128),
    "a.".repeat(24),
    "-",
    "_",
  ],
  ...["https://", "HTTP://", "id.example.cn/", "@", "/MA.156.1301", ".M0.", ".M0", "/M0"],
];

function damageText(text: string, other: string, random: SeededRandom): string {
  const at = random.below(text.length + 1);
  const to = at + random.below(random.oneIn(3) ? 12 : 3);
  switch (random.below(8)) {
    case 0:
      return text.slice(0, at) + text.slice(to);
    case 1:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(at);
    case 2:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(to);
    case 3:
      return text.slice(0, at) + other.slice(random.below(other.length));
    case 4:
      return text.slice(0, to) + text.slice(at);
    case 5: {
      const separators = [...text.matchAll(/[./]/g)];
      if (separators.length === 0) return text;
      const { index } = random.pick(separators);
      return text.slice(0, index) + (text[index] === "." ? "/" : ".") + text.slice(index + 1);
    }
    case 6:
      return (
        text.slice(0, at) +
        String.fromCharCode(random.below(random.oneIn(4) ? 65_536 : 128)) +
        text.slice(at + 1)
      );
    default: {
      const nodes = text.split(/(?<=[./])/);
      const one = random.below(nodes.length);
      const two = random.below(nodes.length);
      [nodes[one], nodes[two]] = [nodes[two]!, nodes[one]!];
      return nodes.join("");
    }
  }
}

/** What holds of every code that was taken. */
function checkForms(code: Code, random: SeededRandom): void {
  const isIt = (read: Parsed<Code>): boolean => read.ok && read.value === code;
  mustHold(isCode(code) && isIt(parseCode(code)), "a code is canonical", code);
  mustHold(isIt(formatCode(partsOf(code))), "a code is made of its parts", code);
  mustHold(nodesOf(code).join(".") === code.replaceAll("/", "."), "a code has its nodes", code);
  const key = codeKey(code);
  mustHold(codeOfKey(key) === code && keyFromBytes(keyToBytes(key)) === key, "a key leads back", code);
  mustHold(isIt(codeFromPath(codeToPath(code))), "a path leads back", code);
  const made = qrTextOf(code, random.pick(["id.example.cn", "LOCALHOST:8787", "10.0.0.1:1"]));
  mustHold(made.ok && isIt(codeFromUrl(made.value.text)), "a symbol leads back", code);
  const parent = parentOf(code);
  mustHold(ancestorsOf(code)[0] === parent, "the nearest above is the parent", code);
  if (parent !== undefined) {
    mustHold(CANONICAL.test(parent) && isBelow(code, parent), "a parent is a code above", code);
    mustHold(isKeyAtOrBelow(key, codeKey(parent)), "a key lies below the parent's", code);
  }
  warningsOf(code);
  const checked = addCheckCharacter(code);
  if (checked.ok) mustHold(verifyCheckCharacter(checked.value), "a check character holds", code);
}

function addressOf(text: string, random: SeededRandom): string {
  const escaped = random.oneIn(3)
    ? text.replace(/[^/]/g, (one) =>
        random.oneIn(3) && one.charCodeAt(0) < 128
          ? `%${one.charCodeAt(0).toString(16).padStart(2, "0")}`
          : one,
      )
    : text;
  const host = random.pick([
    "https://id.example.cn",
    "HTTPS://ID.EXAMPLE.CN:8443",
    "http://[::1]",
    "http://x",
  ]);
  return `${host}/${escaped}${random.pick(["", "", "/", "?lang=zh", "#top", "?a#b/c"])}`;
}

test(
  `${COUNT} mutated codes`,
  () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    const random = seededRandom(SEED);
    const seeds = fc.sample(codes, { seed: SEED, numRuns: 2_000 }) as string[];
    const corpus = [
      ...seeds,
      "MA.156",
      "MA.156.1301.02/60.10000000.1/000123",
      "MA.156.M0.100032.00002689.S60.C9",
    ];
    const watch = stopwatch();
    const counts = openCounts();
    const begun = performance.now();
    for (let at = 0; at < COUNT; at++) {
      let text = random.pick(corpus);
      if (random.oneIn(3)) text = `${text.replaceAll("/", ".")}${random.pick(["", "/"])}`;
      for (let times = random.below(4); times > 0; times--)
        text = damageText(text, random.pick(corpus), random);
      const read = watch.time(text, () => parseCode(text));
      mustHold(
        (read.ok ? read.value : undefined) === readBySpec(text),
        "what is taken is what spec 2.3 takes",
        text,
      );
      mustHold(
        isCode(text) === (CANONICAL.test(text) && isWithinBounds(text)),
        "canonical is what spec 2.1 says",
        text,
      );
      if (read.ok) checkForms(read.value, random);
      else
        mustHold(
          (read.fault.at ?? 0) <= text.length && read.fault.got.length <= 80,
          "a fault is bounded",
          text,
        );
      counts.add(read.ok ? (read.value === text ? "codes" : "codes made canonical") : "refused");
      let address = addressOf(text, random);
      if (random.oneIn(2)) address = damageText(address, random.pick(corpus), random);
      const found = watch.time(address, () => codeFromUrl(address));
      const wanted = readAddressBySpec(address);
      mustHold(
        (found.ok ? found.value : undefined) === wanted,
        "what is taken is what spec 2.5 takes",
        address,
      );
      counts.add(found.ok ? "addresses" : "addresses refused");
      if (random.oneIn(8)) watch.time(text, () => guessMeantText(text));
    }
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    console.info(`${COUNT} codes in ${seconds} s: ${counts.text()}; ${watch.text()}`);
  },
  60_000 + COUNT * 2,
);
