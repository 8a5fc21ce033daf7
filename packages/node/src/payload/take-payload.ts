import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { assert } from "@cityroot/core/assert";
import { accept, type Outcome, reject } from "@cityroot/core/outcome";
import { BatchReader, REST_BYTES_MAX, STREAM_AT } from "./batch-reader.ts";
import type { StoredPayload } from "./payload-store.ts";

/** Bytes of a stream that are checked at once. It is then that others in this process have to wait. */
const BLOCK_BYTES = 262_144;
/** Blocks in turn: while one fills, those before it are written. */
const BLOCKS = 4;
/** What an item's beginning at the end of a block takes before the next block, which continues it. */
const ROOM_BYTES = REST_BYTES_MAX;

/** Where a payload goes that is being read. */
export type PayloadSink = {
  /** Takes the next bytes of the stream, which change as soon as the promise is kept. */
  readonly takeItems: (bytes: Uint8Array) => Promise<void>;
  /** Takes the next page of the index, which changes as soon as it answers; the promise holds up the stream. */
  readonly takePage: (page: Uint8Array) => Promise<void> | undefined;
};

/**
 * Reads a stream of items to its end or its first fault, and checks everything. Needs the same memory whatever its
 * length. Refusals: those of {@link BatchReader}, and INTERVAL_MALFORMED beyond `sizeBytesMax`.
 */
export async function takePayload(
  stream: AsyncIterable<Uint8Array>,
  sink: PayloadSink,
  sizeBytesMax: number,
): Promise<Outcome<StoredPayload>> {
  const intake = new Intake(sink);
  try {
    for await (const chunk of stream) {
      assert(chunk instanceof Uint8Array, "a stream of items is one of bytes");
      if (intake.sizeBytes + chunk.length > sizeBytesMax) return refuseSize(sizeBytesMax);
      const taken = await intake.take(chunk);
      if (!taken.ok) return taken;
    }
    return await intake.finish();
  } finally {
    await intake.settle();
  }
}

class Intake {
  sizeBytes = 0;
  private readonly sink: PayloadSink;
  private readonly reader: BatchReader;
  private readonly digest = createHash("sha256");
  private readonly taken: (Promise<void> | undefined)[] = new Array(BLOCKS);
  private pageTaken: Promise<void> | undefined;
  private block = 0;
  /** Where the block's part of the stream begins and ends so far; what was left of the block before comes before it. */
  private from = STREAM_AT + ROOM_BYTES;
  private to = STREAM_AT + ROOM_BYTES;
  private restBytes = 0;

  constructor(sink: PayloadSink) {
    this.sink = sink;
    this.reader = new BatchReader(BLOCKS * (ROOM_BYTES + BLOCK_BYTES), (page) => {
      this.pageTaken = sink.takePage(page) ?? this.pageTaken;
    });
  }

  async take(chunk: Uint8Array): Promise<Outcome<void>> {
    this.sizeBytes += chunk.length;
    for (let at = 0; at < chunk.length; ) {
      const room = this.from + BLOCK_BYTES - this.to;
      const part = chunk.length - at <= room ? chunk.subarray(at) : chunk.subarray(at, at + room);
      this.reader.memory.set(part, this.to);
      this.to += part.length;
      at += part.length;
      if (part.length < room) break;
      const read = await this.closeBlock();
      if (!read.ok) return read;
    }
    return accept(undefined);
  }

  async finish(): Promise<Outcome<StoredPayload>> {
    const read = await this.closeBlock();
    if (!read.ok) return read;
    const batch = this.reader.finish(this.reader.memory.subarray(this.from - this.restBytes, this.from));
    await Promise.all([...this.taken, this.pageTaken]);
    if (!batch.ok) return batch;
    const digest = Uint8Array.from(this.digest.digest());
    return accept({ digest, sizeBytes: this.sizeBytes, ...batch.value });
  }

  /** Waits until the sink has let go of every block. */
  async settle(): Promise<void> {
    await Promise.allSettled([...this.taken, this.pageTaken]);
  }

  /** Checks what came since the last block and goes on to the next. */
  private async closeBlock(): Promise<Outcome<void>> {
    const { memory } = this.reader;
    const bytes = memory.subarray(this.from, this.to);
    this.digest.update(bytes);
    const taken = this.sink.takeItems(bytes);
    // An error is given when the block is wanted again, or at the end.
    taken.catch(() => {});
    this.taken[this.block] = taken;
    const read = this.reader.read(this.from - this.restBytes, this.to);
    if (!read.ok) return read;
    this.block = (this.block + 1) % BLOCKS;
    await this.taken[this.block];
    await this.pageTaken;
    await setImmediate();
    this.from = STREAM_AT + this.block * (ROOM_BYTES + BLOCK_BYTES) + ROOM_BYTES;
    this.restBytes = this.to - read.value;
    memory.copyWithin(this.from - this.restBytes, read.value, this.to);
    this.to = this.from;
    return accept(undefined);
  }
}

function refuseSize(sizeBytesMax: number): Outcome<never> {
  const expected = `at most ${sizeBytesMax} bytes`;
  const fault = { field: "items", expected, got: "more" };
  return reject("INTERVAL_MALFORMED", `items: expected ${expected}, got more`, fault);
}
