/**
 * Goal: messages come out of a stream as they went in, however it was cut, and nothing that is too long is held.
 * Method: random messages, cut at random and at every place; lengths at the borders of the varint.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameError, frameCutter, joinFrames } from "./framing.ts";

const BYTES_MAX = 1_000;

/** What comes out of a stream that arrives in pieces which end where it is told. */
function cutAt(stream: Uint8Array, ends: readonly number[], bytesMax = BYTES_MAX): Uint8Array[] {
  const cutter = frameCutter(bytesMax);
  const messages: Uint8Array[] = [];
  let from = 0;
  for (const end of [...ends, stream.length].sort((one, other) => one - other)) {
    messages.push(...cutter.push(stream.subarray(from, end)));
    from = end;
  }
  return messages;
}

const hex = (messages: readonly Uint8Array[]): readonly string[] =>
  messages.map((message) => Buffer.from(message).toString("hex"));

test("any cut of any sequence of messages gives the messages", () => {
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.uint8Array({ minLength: 125, maxLength: 131 }),
    fc.uint8Array({ maxLength: BYTES_MAX, size: "max" }),
  );
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (messages, cuts) => {
        const stream = joinFrames(messages);
        const ends = cuts.map((cut) => cut % (stream.length + 1));
        expect(hex(cutAt(stream, ends))).toEqual(hex(messages));
      },
    ),
    { numRuns: 500 },
  );
});

test("lengths at the borders of the varint, cut at every byte of it and byte by byte", () => {
  for (const size of [0, 1, 127, 128, 129, 16_383, 16_384, 16_385, 2_097_151, 2_097_152]) {
    const message = new Uint8Array(size).fill(7);
    const stream = joinFrames([message, new Uint8Array([1, 2, 3])]);
    const same = (messages: readonly Uint8Array[]): boolean =>
      messages.length === 2 && Buffer.compare(messages[0]!, message) === 0 && messages[1]!.length === 3;
    for (let end = 0; end <= 5; end++)
      expect(same(cutAt(stream, [end], 2 ** 22)), `${size} at ${end}`).toBe(true);
    const each = size > 20_000 ? [] : Array.from(stream, (_, at) => at);
    expect(same(cutAt(stream, each, 2 ** 22)), `${size} byte by byte`).toBe(true);
  }
});

test("a length is as Go's encoding/binary writes it", () => {
  expect(joinFrames([new Uint8Array(300)]).subarray(0, 3)).toEqual(Buffer.from([0xac, 0x02, 0]));
});

test("a message that is too long is refused when its length is there, and before it comes", () => {
  const longest = joinFrames([new Uint8Array(BYTES_MAX)]);
  expect(cutAt(longest, [])).toHaveLength(1);
  const tooLong = joinFrames([new Uint8Array(BYTES_MAX + 1)]);
  expect(() => frameCutter(BYTES_MAX).push(tooLong.subarray(0, 2))).toThrow(FrameError);
  expect(() => frameCutter(BYTES_MAX).push(tooLong.subarray(0, 2))).toThrow(
    "at most 1000 bytes, got one of 1001",
  );
});

test("a length that does not end is refused, also when it says little", () => {
  for (const bytes of [
    [255, 255, 255, 255, 255],
    [128, 128, 128, 128, 128],
  ]) {
    const cutter = frameCutter(BYTES_MAX);
    expect(cutter.push(Uint8Array.from(bytes.slice(0, 4))), `${bytes}`).toEqual([]);
    expect(() => cutter.push(Uint8Array.from(bytes.slice(4))), `${bytes}`).toThrow(FrameError);
  }
});

test("whatever comes, it is messages of a length that is allowed, or refused", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
      const cutter = frameCutter(100);
      try {
        for (const chunk of chunks)
          for (const message of cutter.push(chunk)) expect(message.length).toBeLessThanOrEqual(100);
      } catch (cause) {
        expect(cause).toBeInstanceOf(FrameError);
      }
    }),
  );
});
