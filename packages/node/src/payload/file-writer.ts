import { type FileHandle, open } from "node:fs/promises";

const BUFFER_BYTES = 524_288;
/** How much is written between two asks to put it on the disk, so that the last one has little left to wait for. */
const SYNC_BYTES = 33_554_432;

/** Writes a new file from front to back, in the background. After an error every further call gives that error. */
export class FileWriter {
  private readonly file: FileHandle;
  private written: Promise<void> = Promise.resolve();
  private synced: Promise<void> = Promise.resolve();
  private position = 0;
  private unsyncedBytes = 0;
  private buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  private buffered = 0;

  private constructor(file: FileHandle) {
    this.file = file;
  }

  /** Creates the file, which must not exist. */
  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(await open(path, "wx", 0o640));
  }

  /** Writes bytes, which may not change until the promise is kept. */
  write(bytes: Uint8Array): Promise<void> {
    const position = this.position;
    this.position += bytes.length;
    return this.enqueue(async () => {
      await this.writeWhole(bytes, position);
      this.unsyncedBytes += bytes.length;
      if (this.unsyncedBytes < SYNC_BYTES) return;
      this.unsyncedBytes = 0;
      await this.synced;
      this.synced = this.file.datasync();
      this.synced.catch(ignore);
    });
  }

  /** Writes a copy of bytes, together with what comes after them. The promise is kept when few bytes wait. */
  append(bytes: Uint8Array): Promise<void> | undefined {
    const room = BUFFER_BYTES - this.buffered;
    this.buffer.set(room < bytes.length ? bytes.subarray(0, room) : bytes, this.buffered);
    this.buffered += Math.min(room, bytes.length);
    if (this.buffered < BUFFER_BYTES) return undefined;
    const before = this.written;
    void this.write(this.buffer).catch(ignore);
    this.buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    this.buffered = 0;
    if (room < bytes.length) this.append(bytes.subarray(room));
    return before;
  }

  /** Puts all that was written on the disk, with bytes over the first ones where there are any, and closes the file. */
  async finish(head?: Uint8Array): Promise<void> {
    if (this.buffered > 0) void this.write(this.buffer.subarray(0, this.buffered)).catch(ignore);
    await this.enqueue(async () => {
      if (head !== undefined) await this.writeWhole(head, 0);
      await this.synced;
      await this.file.sync();
    });
    await this.file.close();
  }

  /** Closes the file as it is. */
  async abandon(): Promise<void> {
    await this.written.catch(ignore);
    await this.synced.catch(ignore);
    await this.file.close().catch(ignore);
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.written = this.written.then(work);
    this.written.catch(ignore);
    return this.written;
  }

  private async writeWhole(bytes: Uint8Array, position: number): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      const { bytesWritten } = await this.file.write(bytes, from, bytes.length - from, position + from);
      from += bytesWritten;
    }
  }
}

/** An error is given by the promise that is waited for. */
function ignore(): void {}
