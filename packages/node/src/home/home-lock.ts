import { accessSync, constants, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Thrown when another process works on the same home. */
export class HomeInUseError extends Error {
  override readonly name = "HomeInUseError";
}

/** SQLite's result code when another connection holds the lock: the low byte of each of its kinds (rescode.html). */
const SQLITE_BUSY = 5;

/**
 * Takes a home for this process; the returned function gives it back. The lock is the operating system's, taken on an
 * empty database of SQLite: it ends with the process however that ends, and holds between containers over one folder,
 * where a process number says nothing.
 */
export function lockHome(home: string): () => void {
  const path = `${home}/home.lock`;
  const holder = `${home}/home.process`;
  let lock: DatabaseSync;
  try {
    // Says why the folder cannot be written, which SQLite does not.
    accessSync(home, constants.W_OK);
    lock = take(path);
    writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  } catch (cause) {
    if (((cause as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY) {
      throw new HomeInUseError(`the home ${home} is in use by ${readHolder(holder)}: stop that one first`);
    }
    throw new Error(`the home ${home} cannot be locked: ${(cause as Error).message}`, { cause });
  }
  return () => {
    if (!lock.isOpen) return;
    rmSync(holder, { force: true });
    // The file stays: who waits for the lock of a file that is gone would hold it beside who made it anew.
    lock.close();
  };
}

function take(path: string): DatabaseSync {
  for (;;) {
    const before = inodeOf(path);
    const lock = new DatabaseSync(path, { timeout: 0 });
    try {
      // Nothing is ever written, so no file of changes. An exclusive transaction would first share the lock: two that
      // begin at once would both be refused by what the other shares.
      lock.exec("PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE");
    } catch (cause) {
      lock.close();
      throw cause;
    }
    const after = inodeOf(path);
    // A folder of a finished import is taken away with its lock.
    if (after !== undefined && (before === undefined || before === after)) return lock;
    lock.close();
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function readHolder(path: string): string {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return /^\d+\n$/.test(text) ? `process ${text.trim()}` : "another process";
}
