import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";

/** Thrown when another process works on the same home. */
export class HomeInUseError extends Error {
  override readonly name = "HomeInUseError";
}

/** Takes a home for this process; the returned function gives it back. A lock of a process that is gone is taken over. */
export function lockHome(home: string): () => void {
  const path = `${home}/lock`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, "wx", 0o600);
      writeSync(file, `${process.pid} ${startOf(process.pid) ?? "-"}\n`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") {
        throw new Error(`the home ${home} cannot be locked: ${(cause as Error).message}`, { cause });
      }
      const holder = readHolder(path);
      if (holder !== undefined) {
        throw new HomeInUseError(`the home ${home} is in use by process ${holder}: stop that one first`);
      }
      rmSync(path, { force: true });
    }
  }
  throw new HomeInUseError(`the home ${home} is being taken by another process`);
}

/** The process that holds a lock, if it still runs. */
function readHolder(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
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
