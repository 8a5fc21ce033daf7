import { assert } from "@cityroot/core/assert";

/** Thrown for bytes that are no frames; nothing that follows them can be read. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** Most bytes of a length: seven bits each, for lengths below 2^35. */
const LENGTH_BYTES_MAX = 5;

/** Cuts a stream of bytes into messages. ABCI: each message comes after its length in bytes, an unsigned varint. */
export type FrameCutter = {
  /**
   * Takes the next bytes of the stream, however they were cut, and gives the messages that they complete, in order. A
   * message that came in one piece is a view of it: it holds as long as the piece is not written over. Throws a
   * {@link FrameError} for a length that does not end, or is longer than a message may be; the cutter is of no use then.
   */
  readonly push: (chunk: Uint8Array) => readonly Uint8Array[];
};

/**
 * A cutter at the beginning of a stream whose messages have at most `bytesMax` bytes. It holds at most one message that is
 * not whole, in memory that is asked for once, so that the work grows with the bytes and not with their pieces.
 */
export function frameCutter(bytesMax: number): FrameCutter {
  assert(
    bytesMax >= 0 && bytesMax < 2 ** (7 * LENGTH_BYTES_MAX),
    "a length has room for the longest message",
  );
  /** The length as far as it came, and how many of its bytes came. */
  let length = 0;
  let lengthBytes = 0;
  /** A message whose length came whole, and of itself only the beginning. */
  let partial: { readonly bytes: Uint8Array; filled: number } | undefined;

  /** Reads on in a length. Gives where it ends, or -1 when the chunk ends before. */
  const readLength = (chunk: Uint8Array, from: number): number => {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!;
      length += (byte & 127) * 2 ** (7 * lengthBytes);
      lengthBytes += 1;
      if (byte >= 128 && lengthBytes === LENGTH_BYTES_MAX)
        throw new FrameError(
          `expected the length of a message in at most ${LENGTH_BYTES_MAX} bytes, got more`,
        );
      if (byte >= 128) continue;
      if (length > bytesMax)
        throw new FrameError(`expected a message of at most ${bytesMax} bytes, got one of ${length}`);
      return at + 1;
    }
    return -1;
  };

  /** Takes what there is of a message that was begun. Gives where the next one begins. */
  const fill = (into: NonNullable<typeof partial>, chunk: Uint8Array): number => {
    const part = chunk.subarray(0, into.bytes.length - into.filled);
    into.bytes.set(part, into.filled);
    into.filled += part.length;
    return part.length;
  };

  return {
    push: (chunk) => {
      const messages: Uint8Array[] = [];
      let at = 0;
      if (partial !== undefined) {
        at = fill(partial, chunk);
        if (partial.filled < partial.bytes.length) return messages;
        messages.push(partial.bytes);
        partial = undefined;
      }
      while (at < chunk.length) {
        at = readLength(chunk, at);
        if (at === -1) return messages;
        const end = at + length;
        if (end <= chunk.length) messages.push(chunk.subarray(at, end));
        else {
          partial = { bytes: Buffer.allocUnsafeSlow(length), filled: 0 };
          fill(partial, chunk.subarray(at));
        }
        at = end;
        length = 0;
        lengthBytes = 0;
      }
      return messages;
    },
  };
}

/** Messages one after the other, each after its length: one piece of memory, into which each is copied once. */
export function joinFrames(messages: readonly Uint8Array[]): Buffer {
  let size = 0;
  for (const { length } of messages) size += lengthBytesOf(length) + length;
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const message of messages) {
    let rest = message.length;
    while (rest >= 128) {
      frames[at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    frames[at++] = rest;
    frames.set(message, at);
    at += message.length;
  }
  return frames;
}

function lengthBytesOf(length: number): number {
  let bytes = 1;
  for (let rest = length; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}
