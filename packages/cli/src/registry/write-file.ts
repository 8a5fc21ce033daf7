import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "@cityroot/node/make-folder";

/** Writes a file whole or not at all: a crash leaves the old one. Mode 0o600 keeps it from other users. */
export function writeFileWhole(path: string, content: string | Uint8Array, mode = 0o644): void {
  makeFolder(dirname(path), mode === 0o600 ? 0o700 : 0o755);
  const temporary = `${path}.new`;
  // What lies there may be a link to elsewhere, or open to others: it is written to a file of its own or not at all.
  rmSync(temporary, { force: true });
  const file = openSync(temporary, "wx", mode);
  try {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** JSON as it stands in files for people. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
