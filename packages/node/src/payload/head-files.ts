import { existsSync, readFileSync, rmSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { bytesToHex } from "@cityroot/core/hex";
import { decodeHeader, encodeHeader, HEADER_BYTES } from "./index-layout.ts";
import { keepFolder, namesIn, syncFolder } from "./payload-folder.ts";
import type { StoredPayload } from "./payload-store.ts";

/** The files that say which payloads are in the bucket. */
export type HeadFiles = {
  readonly has: (name: string) => boolean;
  readonly read: (name: string) => StoredPayload | undefined;
  /** On the disk when it answers. */
  readonly write: (payload: StoredPayload) => Promise<void>;
  readonly remove: (name: string) => void;
  readonly names: () => Iterable<string>;
};

const HEAD_ENDING = ".head";
let writes = 0;

/** The files below a folder. */
export function headFiles(folder: string): HeadFiles {
  const place = `${folder}/held`;
  const pathOf = (name: string) => `${place}/${name.slice(0, 2)}/${name}${HEAD_ENDING}`;
  const read = (name: string): StoredPayload | undefined => {
    let bytes: Buffer;
    try {
      bytes = readFileSync(pathOf(name));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw cause;
    }
    const payload = bytes.length === HEADER_BYTES ? decodeHeader(bytes) : undefined;
    return payload !== undefined && bytesToHex(payload.digest) === name ? payload : undefined;
  };
  return {
    has: (name) => existsSync(pathOf(name)),
    read,
    write: async (payload) => {
      const path = pathOf(bytesToHex(payload.digest));
      if (read(bytesToHex(payload.digest)) !== undefined) return;
      await keepFolder(dirname(path));
      const unfinished = `${path}.${process.pid}.${writes++}.part`;
      try {
        const file = await open(unfinished, "wx", 0o640);
        try {
          await file.writeFile(encodeHeader(payload));
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, path);
      } catch (cause) {
        await rm(unfinished, { force: true });
        throw cause;
      }
      await syncFolder(dirname(path));
    },
    remove: (name) => rmSync(pathOf(name), { force: true }),
    names: () => namesIn(place, HEAD_ENDING),
  };
}
