import type { SeededRandom } from "../seeded-random.testing.ts";

/** How many inputs each mutation test tries: CITYROOT_MUTATIONS, or few enough for every run of the tests. */
export function mutationCount(whenAbsent: number): number {
  return Number(process.env["CITYROOT_MUTATIONS"] ?? whenAbsent);
}

/** How much of the processor's time one input may take, in milliseconds: the longest transaction takes some 300. */
const SLOWEST_MS = 2_000;

/** Time that the processor spent on this thread: what else the machine does is not counted. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** What has to hold of an input, a few times for each of a million: `expect` takes longer than what is tested. */
export function mustHold(holds: boolean, what: string, input: unknown): void {
  if (holds) return;
  throw new Error(`${what}: ${typeof input === "string" ? JSON.stringify(input) : String(input)}`);
}

/** Watches how long each input takes. */
export type Stopwatch = {
  /** Runs something and remembers the input that took longest; one that takes too long fails the test. */
  readonly time: <T>(input: string | Uint8Array, run: () => T) => T;
  readonly text: () => string;
};

/** A stopwatch that refuses what takes longer than {@link SLOWEST_MS}. */
export function stopwatch(): Stopwatch {
  let slowestMs = 0;
  let slowest: string | Uint8Array = "";
  const show = (input: string | Uint8Array): string =>
    typeof input === "string"
      ? JSON.stringify(input.slice(0, 60))
      : `${input.length} bytes, ${Buffer.from(input.subarray(0, 24)).toString("hex")}...`;
  return {
    time: (input, run) => {
      const begun = processorMs();
      const result = run();
      const tookMs = processorMs() - begun;
      if (tookMs > slowestMs) {
        slowestMs = tookMs;
        slowest = input;
      }
      if (tookMs > SLOWEST_MS) throw new Error(`${show(input)} took ${Math.round(tookMs)} ms`);
      return result;
    },
    text: () => `the slowest took ${slowestMs.toFixed(1)} ms (${show(slowest)})`,
  };
}

/** Counts by name, and shows them, most frequent first. */
export type Counts = { readonly add: (name: string) => void; readonly text: () => string };

/** Counts of nothing yet. */
export function openCounts(): Counts {
  const counts = new Map<string, number>();
  return {
    add: (name) => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    text: () =>
      [...counts]
        .sort((a, b) => b[1] - a[1])
        .map(([name, count]) => `${count} ${name}`)
        .join(", "),
  };
}

/** Bytes that readers like to stumble over: ends of ranges, CBOR heads, separators of HTTP. */
const SHARP_BYTES = [
  ...[0x00, 0x01, 0x09, 0x0a, 0x0d, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1f, 0x20, 0x25, 0x2e, 0x2f, 0x3b],
  ...[0x40, 0x58, 0x5b, 0x5f, 0x60, 0x78, 0x7f, 0x80, 0x81, 0x98, 0x9b, 0x9f, 0xa0, 0xc0, 0xd8, 0xed, 0xf4],
  ...[0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfb, 0xfe, 0xff],
];

/** Bytes that are no UTF-8. */
const ILL_FORMED = [[0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xff]];

function anyByte(random: SeededRandom): number {
  return random.oneIn(2) ? random.pick(SHARP_BYTES) : random.below(256);
}

/** Bytes with one damage; `other` gives what is spliced in. */
export function damageBytes(bytes: Uint8Array, other: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(bytes.length + 1);
  const cut = at + Math.min(bytes.length - at, random.below(random.oneIn(3) ? 40 : 4));
  const put = (middle: ArrayLike<number>, from = at, to = from): Uint8Array => {
    const made = new Uint8Array(from + middle.length + bytes.length - to);
    made.set(bytes.subarray(0, from));
    made.set(middle, from);
    made.set(bytes.subarray(to), from + middle.length);
    return made;
  };
  switch (random.below(11)) {
    case 0:
    case 1:
      return put([(bytes[at] ?? 0) ^ (1 << random.below(8))], at, at + 1 > bytes.length ? at : at + 1);
    case 2:
      return put([anyByte(random)]);
    case 3:
      return put([anyByte(random)], at, Math.min(at + 1, bytes.length));
    case 4:
      return put([], at, cut);
    case 5:
      return bytes.slice(0, at);
    case 6: {
      const from = random.below(other.length + 1);
      return random.oneIn(2)
        ? put(other.subarray(from), at, bytes.length)
        : put(other.subarray(from, from + random.below(60)), at, cut);
    }
    case 7:
      return put(bytes.subarray(at, cut));
    case 8:
      return put(random.pick(ILL_FORMED), at, cut);
    case 9:
      return put(
        Array.from({ length: 1 + random.below(9) }, () => anyByte(random)),
        at,
        cut,
      );
    default:
      return put(new Uint8Array(random.below(100)).fill(anyByte(random)), at, cut);
  }
}
