// The instructions of WebAssembly that hashing in lanes needs, as bytes. WebAssembly Core Specification 2.0 §5.4, §5.5.
// A `v` stands for a vector of four 32-bit numbers, one for each lane.

/** Instructions, as bytes; nested, so that putting them together copies nothing. */
export type Code = readonly (number | Code)[];

/** A local variable of a function, by its number; parameters come first. */
export type Local = number;

/** An unsigned number, LEB128. */
export function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

/** A signed number, LEB128. */
function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -0x40 || rest >= 0x40; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}

/** Instructions one after the other. */
export function code(...parts: readonly Code[]): Code {
  return parts;
}

/** Writes the bytes of instructions. */
function flatten(instructions: Code, into: number[]): number[] {
  for (const part of instructions) {
    if (typeof part === "number") into.push(part);
    else flatten(part, into);
  }
  return into;
}

export const get = (local: Local): Code => [0x20, ...unsigned(local)];
export const set = (local: Local): Code => [0x21, ...unsigned(local)];
export const tee = (local: Local): Code => [0x22, ...unsigned(local)];

export const number = (value: number): Code => [0x41, ...signed(value)];
export const ADD: Code = [0x6a];
export const AND: Code = [0x71];
export const SHIFT_LEFT: Code = [0x74];
export const SHIFT_RIGHT: Code = [0x76];
/** Stores the lowest byte of a number at an address, which lies below it on the stack. */
export const storeByte = (offset: number): Code => [0x3a, 0, ...unsigned(offset)];

/** Whether one number is below another, as unsigned numbers. */
export const BELOW: Code = [0x49];

/** Repeats the body while a condition holds at its end. */
export function repeatWhile(condition: Code, body: Code): Code {
  return [0x03, 0x40, body, condition, 0x0d, 0x00, 0x0b];
}

const vector = (operation: number): Code => [0xfd, ...unsigned(operation)];

export const vLoad = (offset: number): Code => [...vector(0x00), 0, ...unsigned(offset)];
export const vStore = (offset: number): Code => [...vector(0x0b), 0, ...unsigned(offset)];
/** The same number in all lanes. */
export const vNumber = (value: number): Code => {
  const bytes = [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
  return [...vector(0x0c), ...bytes, ...bytes, ...bytes, ...bytes];
};
/** Bytes of two vectors: 0 to 15 are those of the first, 16 to 31 of the second. */
export const vShuffle = (bytes: readonly number[]): Code => [...vector(0x0d), ...bytes];
export const V_AND: Code = vector(0x4e);
export const V_OR: Code = vector(0x50);
export const V_XOR: Code = vector(0x51);
export const V_ADD: Code = vector(0xae);
export const vShiftLeft = (bits: number): Code => [...number(bits), ...vector(0xab)];
export const vShiftRight = (bits: number): Code => [...number(bits), ...vector(0xad)];

/** A function of four numbers that gives nothing: its name, how many vectors it has as locals, and its body. */
export type WasmFunction = { readonly name: string; readonly vectors: number; readonly body: Code };

/** First local that is a vector: the parameters are 0 to 3. */
export const FIRST_VECTOR: Local = 4;

const I32 = 0x7f;
const V128 = 0x7b;

/** A module of these functions over a memory that it imports as `host.memory`. */
export function encodeModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const type = [0x60, 4, I32, I32, I32, I32, 0];
  const memory = [...text("host"), ...text("memory"), 2, 0, 1];
  const exported = functions.map(({ name }, index) => [...text(name), 0, index]);
  const bodies = functions.map(({ vectors, body }) => {
    const bytes = flatten([1, unsigned(vectors), V128, body, 0x0b], []);
    return [unsigned(bytes.length), bytes];
  });
  const types = functions.map(() => [0]);
  const header = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const sections = [section(1, [type]), section(2, [memory]), section(3, types), section(7, exported)];
  return Uint8Array.from(flatten([header, sections, section(10, bodies)], []));
}

function section(id: number, entries: readonly Code[]): Code {
  const content = flatten([unsigned(entries.length), entries], []);
  return [id, unsigned(content.length), content];
}

function text(name: string): Code {
  return [name.length, ...Buffer.from(name, "latin1")];
}
