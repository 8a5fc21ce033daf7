import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Thrown when another process works on the same home. */
export class HomeInUseError extends Error {
  override readonly name = "HomeInUseError";
}

/** How often taking a lock is tried while others take and leave it. */
const ATTEMPTS = 10;

let lastOfProcess = 0;

/** Takes a home for this process; the returned function gives it back. A lock of a process that is gone is taken over. */
export function lockHome(home: string): () => void {
  const path = `${home}/lock`;
  const own = `${path}.${process.pid}-${++lastOfProcess}`;
  const text = `${process.pid} ${startOf(process.pid) ?? "-"} ${lastOfProcess}\n`;
  try {
    // Written whole before it is the lock: no one ever reads a lock that does not say whose it is.
    writeFileSync(own, text, { flag: "w", mode: 0o600 });
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (takeLock(own, path)) {
        return () => {
          if (readLock(path) === text) rmSync(path, { force: true });
        };
      }
      const held = readLock(path);
      if (held === undefined) continue;
      const holder = holderOf(held);
      if (holder !== undefined) {
        throw new HomeInUseError(`the home ${home} is in use by process ${holder}: stop that one first`);
      }
      removeLeftLock(path, held, `${own}.left`);
    }
    throw new HomeInUseError(`the home ${home} is being taken by another process`);
  } catch (cause) {
    if (cause instanceof HomeInUseError) throw cause;
    throw new Error(`the home ${home} cannot be locked: ${(cause as Error).message}`, { cause });
  } finally {
    rmSync(own, { force: true });
  }
}

/** Makes the file the lock, unless there is one. */
function takeLock(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cause;
  }
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

/** Takes away the lock that a process left which is gone, and no other: someone may have taken it over meanwhile. */
function removeLeftLock(path: string, text: string, away: string): void {
  try {
    renameSync(path, away);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return;
    throw cause;
  }
  if (readLock(away) !== text) takeLock(away, path);
  rmSync(away, { force: true });
}

/** The process that holds a lock of this text, if it still runs. */
function holderOf(text: string): number | undefined {
  const [pid, start] = text.trim().split(" ");
  const number = Number(pid);
  if (!Number.isInteger(number) || number <= 0 || !isAlive(number)) return undefined;
  // A number is given out again after a while: the start time tells whether it is still the same process.
  const running = startOf(number);
  return running === undefined || start === "-" || start === running ? number : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in ticks since boot, where the system tells (Linux). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
