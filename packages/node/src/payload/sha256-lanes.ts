import {
  ADD,
  AND,
  BELOW,
  type Code,
  code,
  encodeModule,
  FIRST_VECTOR,
  get,
  type Local,
  number,
  repeatWhile,
  SHIFT_LEFT,
  SHIFT_RIGHT,
  set,
  storeByte,
  tee,
  V_ADD,
  V_AND,
  V_OR,
  V_XOR,
  vLoad,
  vNumber,
  vShiftLeft,
  vShiftRight,
  vShuffle,
  vStore,
} from "./wasm-code.ts";

// SHA-256 (FIPS 180-4 §6.2) of four inputs at once, one in each lane of the vectors that every processor has. No
// library hashes many short inputs in one call, and one call for each input costs three times and more what this does.
// The code is made when it is first wanted.

/** Where the module keeps what is its own; all else of the memory, from {@link LANES_FREE_AT}, is the caller's. */
const ROUND_CONSTANTS_AT = 0;
const STATE_AT = 1_024;
const INITIAL_AT = 1_152;
/** First address that the module leaves alone. */
export const LANES_FREE_AT = 1_280;

const LANES = 4;
const VECTOR_BYTES = 16;
const WORDS = 8;

// FIPS 180-4 §4.2.2 and §5.3.3.
const ROUND_CONSTANTS = words(`
  428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01 243185be 550c7dc3 72be5d74
  80deb1fe 9bdc06a7 c19bf174 e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d
  b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967 27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e
  92722c85 a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 19a4c116 1e376c08 2748774c 34b0bcb5
  391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2`);
const INITIAL = words("6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19");

function words(text: string): readonly number[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => Number.parseInt(word, 16));
}

// The vectors of every function here: the state, the sixteen words of the schedule, and room to work.
const STATE: Local = FIRST_VECTOR;
const SCHEDULE: Local = STATE + WORDS;
const WORK: Local = SCHEDULE + 16;
const VECTORS: number = WORK + 4 - FIRST_VECTOR;

const stateWords: readonly Local[] = Array.from({ length: WORDS }, (_, word) => STATE + word);

function rotate(x: Local, bits: number): Code {
  return code(get(x), vShiftRight(bits), get(x), vShiftLeft(32 - bits), V_OR);
}

/** The large sigmas of FIPS 180-4 §4.1.2. */
function largeSigma(x: Local, a: number, b: number, c: number): Code {
  return code(rotate(x, a), rotate(x, b), V_XOR, rotate(x, c), V_XOR);
}

/** The small sigmas of FIPS 180-4 §4.1.2. */
function smallSigma(x: Local, a: number, b: number, shift: number): Code {
  return code(rotate(x, a), rotate(x, b), V_XOR, get(x), vShiftRight(shift), V_XOR);
}

/** The next word of the schedule, in the place of the one sixteen before it. */
function extendSchedule(round: number): Code {
  const at = (back: number) => SCHEDULE + ((round - back) & 15);
  return code(
    get(at(16)),
    smallSigma(at(15), 7, 18, 3),
    V_ADD,
    get(at(7)),
    V_ADD,
    smallSigma(at(2), 17, 19, 10),
    V_ADD,
    set(at(16)),
  );
}

/** A number that the rounds count in: the last parameter, whose value is not needed any more by then. */
const COUNTER: Local = 3;

/** Sixteen rounds. Locals change their parts instead of their values, and have the same parts again in the end. */
function sixteenRounds(areFirst: boolean): Code {
  const parts: Code[] = [];
  const sum = WORK;
  let changed = WORK + 1;
  let next = WORK + 2;
  let state = stateWords;
  for (let round = 0; round < 16; round++) {
    const [a, b, c, d, e, f, g, h] = state as [Local, Local, Local, Local, Local, Local, Local, Local];
    if (!areFirst) parts.push(extendSchedule(round));
    parts.push(
      ...[get(h), get(COUNTER), vLoad(ROUND_CONSTANTS_AT + VECTOR_BYTES * round), V_ADD],
      ...[get(SCHEDULE + round), V_ADD, largeSigma(e, 6, 11, 25), V_ADD],
      ...[get(g), get(f), get(g), V_XOR, get(e), V_AND, V_XOR, V_ADD, set(sum)],
      ...[get(d), get(sum), V_ADD, set(d)],
      // Of a, b and c the majority is b ^ ((a ^ b) & (b ^ c)), and a ^ b is the next round's b ^ c.
      ...[get(a), get(b), V_XOR, tee(next), get(changed), V_AND, get(b), V_XOR],
      ...[largeSigma(a, 2, 13, 22), V_ADD, get(sum), V_ADD, set(h)],
    );
    [changed, next] = [next, changed];
    state = [h, a, b, c, d, e, f, g];
  }
  return code(...parts);
}

/** The 64 rounds over the schedule. */
function rounds(): Code {
  const step = 16 * VECTOR_BYTES;
  return code(
    ...[get(STATE + 1), get(STATE + 2), V_XOR, set(WORK + 1), number(0), set(COUNTER), sixteenRounds(true)],
    ...[number(step), set(COUNTER)],
    repeatWhile(
      [get(COUNTER), number(4 * step), BELOW],
      code(sixteenRounds(false), get(COUNTER), number(step), ADD, set(COUNTER)),
    ),
  );
}

const BIG_ENDIAN = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];
const LOW_WORDS = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const HIGH_WORDS = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31];
const LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const HIGH_HALVES = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];

function mix(a: Local, b: Local, bytes: readonly number[], into: Local): Code {
  return code(get(a), get(b), vShuffle(bytes), set(into));
}

function swapBytes(x: Local): Code {
  return mix(x, x, BIG_ENDIAN, x);
}

/** Turns four vectors from `first` on: word w of vector v becomes word v of vector w. */
function transpose(first: Local): Code {
  return code(
    ...[mix(first, first + 1, LOW_WORDS, WORK), mix(first, first + 1, HIGH_WORDS, WORK + 1)],
    ...[mix(first + 2, first + 3, LOW_WORDS, WORK + 2), mix(first + 2, first + 3, HIGH_WORDS, WORK + 3)],
    ...[mix(WORK, WORK + 2, LOW_HALVES, first), mix(WORK, WORK + 2, HIGH_HALVES, first + 1)],
    ...[mix(WORK + 1, WORK + 3, LOW_HALVES, first + 2), mix(WORK + 1, WORK + 3, HIGH_HALVES, first + 3)],
  );
}

/** Four words of each lane's block into the schedule: those at an offset from what a lane's pointer points to. */
function loadWords(
  first: number,
  pointerOf: (lane: number) => Local,
  offsetOf: (lane: number) => number,
): Code {
  const parts: Code[] = [];
  for (let lane = 0; lane < LANES; lane++) {
    const word = SCHEDULE + first + lane;
    parts.push(get(pointerOf(lane)), vLoad(offsetOf(lane)), set(word), swapBytes(word));
  }
  return code(...parts, transpose(SCHEDULE + first));
}

function loadState(from: number): Code {
  return code(
    ...stateWords.flatMap((local, word) => [number(0), vLoad(from + VECTOR_BYTES * word), set(local)]),
  );
}

/** Ends a block: adds the state that it began with. */
function addState(begun: number): Code {
  return code(
    ...stateWords.flatMap((local, word) => {
      const at = VECTOR_BYTES * word;
      return [number(0), number(0), vLoad(begun + at), get(local), V_ADD, vStore(STATE_AT + at)];
    }),
  );
}

/** Digests of the state, each in two vectors: lane l's in the vectors STATE + l and STATE + 4 + l. */
function turnState(): Code {
  return code(loadState(STATE_AT), ...stateWords.map(swapBytes), transpose(STATE), transpose(STATE + LANES));
}

/** begin(): four new hashes. */
const BEGIN: Code = code(
  ...stateWords.flatMap((_, word) => {
    const at = VECTOR_BYTES * word;
    return [number(0), number(0), vLoad(INITIAL_AT + at), vStore(STATE_AT + at)];
  }),
);

/** compress(block, block, block, block): the next block of 64 bytes of each lane. */
function compress(allRounds: Code): Code {
  const parts = [loadState(STATE_AT)];
  for (let first = 0; first < 16; first += 4) {
    parts.push(
      loadWords(
        first,
        (lane) => lane,
        () => 4 * first,
      ),
    );
  }
  return code(...parts, allRounds, addState(STATE_AT));
}

/** finish(out, out, out, out): the digest of each lane, 32 bytes. */
function finish(): Code {
  const parts = [turnState()];
  for (let lane = 0; lane < LANES; lane++) {
    parts.push(get(lane), get(STATE + lane), vStore(0), get(lane), get(STATE + LANES + lane), vStore(16));
  }
  return code(...parts);
}

/**
 * pad(to, from, length): the blocks of a zero byte and the `length` bytes at `from`, with the padding of FIPS 180-4
 * §5.1.1; below 8,192 bytes in all. Reads up to 15 bytes beyond and writes up to 80 beyond.
 */
function pad(): Code {
  const [to, from, length, at] = [0, 1, 2, 3];
  const copied = code(get(to), get(at), ADD, get(from), get(at), ADD, vLoad(0), vStore(1));
  const bits = code(get(length), number(1), ADD, number(3), SHIFT_LEFT);
  return code(
    ...[get(to), number(0), storeByte(0), number(0), set(at)],
    repeatWhile([get(at), get(length), BELOW], code(copied, get(at), number(VECTOR_BYTES), ADD, set(at))),
    ...[get(to), get(length), ADD, set(at)],
    ...[1, 17, 33, 49, 65].map((offset) => code(get(at), vNumber(0), vStore(offset))),
    ...[get(at), number(0x80), storeByte(1)],
    // The end of the last block, less the two bytes of the length in bits.
    ...[get(length), number(73), ADD, number(-64), AND, get(to), ADD, number(-2), ADD, set(at)],
    ...[get(at), bits, number(8), SHIFT_RIGHT, storeByte(0), get(at), bits, storeByte(1)],
  );
}

/**
 * nodes(from - 1, out, out's end): SHA-256 of a one byte and two digests, for pairs of digests from `from` on, four at a
 * time. So it reads and writes up to three pairs beyond.
 */
function nodes(allRounds: Code): Code {
  const [from, out, end] = [0, 1, 2];
  const first: Code[] = [];
  for (let word = 0; word < 16; word += 4) {
    first.push(
      loadWords(
        word,
        () => from,
        (lane) => 64 * lane + 4 * word,
      ),
    );
  }
  // The first block is the prefix and the first 63 bytes; the byte before the digests stands where the prefix goes.
  const prefixed = [get(SCHEDULE), vNumber(0x00ffffff), V_AND, vNumber(0x01000000), V_OR, set(SCHEDULE)];
  // The second is the last byte, the end mark and the length of 65 bytes in bits.
  const second = [
    loadWords(
      0,
      () => from,
      (lane) => 64 * lane + 49,
    ),
    ...[get(SCHEDULE + 3), vShiftLeft(24), vNumber(0x00800000), V_OR, set(SCHEDULE)],
    ...Array.from({ length: 14 }, (_, word) => code(vNumber(0), set(SCHEDULE + 1 + word))),
    ...[vNumber(520), set(SCHEDULE + 15)],
  ];
  const stored: Code[] = [];
  for (let lane = 0; lane < LANES; lane++) {
    stored.push(get(out), get(STATE + lane), vStore(32 * lane));
    stored.push(get(out), get(STATE + LANES + lane), vStore(32 * lane + VECTOR_BYTES));
  }
  const body = code(
    ...[loadState(INITIAL_AT), ...first, ...prefixed, allRounds, addState(INITIAL_AT)],
    ...[loadState(STATE_AT), ...second, allRounds, addState(STATE_AT)],
    ...[turnState(), ...stored],
    ...[get(from), number(64 * LANES), ADD, set(from), get(out), number(32 * LANES), ADD, set(out)],
  );
  return repeatWhile([get(out), get(end), BELOW], body);
}

/** The functions of the module. Each takes four numbers, of which it may not use all. */
export type Sha256Lanes = {
  readonly memory: Uint8Array;
  readonly begin: () => void;
  readonly pad: (to: number, from: number, length: number) => void;
  readonly compress: (block0: number, block1: number, block2: number, block3: number) => void;
  readonly finish: (out0: number, out1: number, out2: number, out3: number) => void;
  readonly nodes: (fromBefore: number, out: number, outEnd: number) => void;
};

let compiled: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  const allRounds = rounds();
  const functions = {
    begin: BEGIN,
    pad: pad(),
    compress: compress(allRounds),
    finish: finish(),
    nodes: nodes(allRounds),
  };
  const named = Object.entries(functions).map(([name, body]) => ({ name, vectors: VECTORS, body }));
  return new WebAssembly.Module(encodeModule(named));
}

/** SHA-256 in lanes with a memory of its own of at least that many bytes. Throws where there are no vectors. */
export function openSha256Lanes(memoryBytes: number): Sha256Lanes {
  compiled ??= compile();
  const memory = new WebAssembly.Memory({ initial: Math.ceil(memoryBytes / 0x1_0000) });
  const view = new DataView(memory.buffer);
  const put = (at: number, values: readonly number[]) => {
    for (const [index, value] of values.entries()) {
      for (let lane = 0; lane < LANES; lane++)
        view.setUint32(at + VECTOR_BYTES * index + 4 * lane, value, true);
    }
  };
  put(ROUND_CONSTANTS_AT, ROUND_CONSTANTS);
  put(INITIAL_AT, INITIAL);
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } });
  return { ...(exports as Omit<Sha256Lanes, "memory">), memory: new Uint8Array(memory.buffer) };
}
