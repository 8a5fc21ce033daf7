/** Thrown for bytes that are no frames; nothing that follows them can be read. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** Most bytes of a length: seven bits each, for lengths below 2^35. */
const LENGTH_BYTES_MAX = 5;

/** Cuts a stream of bytes into messages. ABCI: each message comes after its length, as an unsigned varint. */
export type FrameCutter = {
  /**
   * Takes the next bytes of the stream, however they were cut, and gives the messages that they complete. Throws a
   * {@link FrameError} for a length that is too long, or longer than a message may be.
   */
  readonly push: (chunk: Buffer) => readonly Buffer[];
};

/** A cutter at the beginning of a stream whose messages have at most `bytesMax` bytes. */
export function frameCutter(bytesMax: number): FrameCutter {
  // What came of a message so far: joined once, when it is whole.
  let parts: Buffer[] = [];
  let missing = 0;
  // A length that was cut: what it says so far, and how many of its bytes came.
  let length = 0;
  let lengthBytes = 0;
  let isInMessage = false;

  const readLength = (chunk: Buffer, from: number): number => {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at++]!;
      length += (byte & 127) * 2 ** (7 * lengthBytes++);
      if (byte < 128) {
        if (length > bytesMax)
          throw new FrameError(`a message of ${length} bytes: at most ${bytesMax} are taken`);
        isInMessage = true;
        missing = length;
        return at;
      }
      if (lengthBytes === LENGTH_BYTES_MAX) throw new FrameError("the length of a message is too long");
    }
    return at;
  };

  return {
    push: (chunk) => {
      const messages: Buffer[] = [];
      let at = 0;
      while (at < chunk.length || (isInMessage && missing === 0)) {
        if (!isInMessage) {
          at = readLength(chunk, at);
          continue;
        }
        const part = chunk.subarray(at, at + missing);
        at += part.length;
        missing -= part.length;
        parts.push(part);
        if (missing > 0) break;
        messages.push(parts.length === 1 ? part : Buffer.concat(parts));
        parts = [];
        length = 0;
        lengthBytes = 0;
        isInMessage = false;
      }
      return messages;
    },
  };
}

/** A message with its length before it. */
export function frameOf(message: Uint8Array): Buffer {
  const head: number[] = [];
  let rest = message.length;
  while (rest >= 128) {
    head.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  head.push(rest);
  return Buffer.concat([Buffer.from(head), message]);
}
