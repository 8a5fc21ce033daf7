import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { threadId } from "node:worker_threads";
import { hexToBytes } from "@cityroot/core/hex";
import { makeFolder } from "../make-folder.ts";

// The files of a payload store. A payload comes in under names that tell who writes it. When it is whole and on the disk,
// its index moves to its place, and then its items, which alone make it stored. So a payload is there as a whole or not
// at all, and what somebody left who is gone can be told from what somebody is writing now.

const INCOMING = "incoming";
/** Ends every name of what comes in, so that nothing takes it for a payload. */
const ENDING = ".part";

/** The two files of a payload. */
export type PayloadPaths = { readonly items: string; readonly index: string };

/** A payload that comes in. */
export type Arrival = PayloadPaths & {
  /** Makes it the payload of this digest, for good. Both files are on the disk before that. */
  readonly store: (digest: string) => Promise<void>;
  /** Removes what was not stored. */
  readonly clear: () => Promise<void>;
};

let arrivals = 0;
/** What this thread is writing. */
const active = new Set<string>();

/** Where the payload of a digest, in lower case hexadecimal, is or would be. */
export function pathsOf(folder: string, digest: string): PayloadPaths {
  const place = `${folder}/${digest.slice(0, 2)}/${digest}`;
  return { items: `${place}.items`, index: `${place}.index` };
}

/** Digests of the payloads that a folder holds, in order. */
export function* digestsIn(folder: string): Iterable<Uint8Array> {
  for (const name of namesIn(folder, ".items")) yield hexToBytes(name)!;
}

/** Names of the files with an ending below the folders of two digits, in order and without it. */
export function* namesIn(folder: string, ending: string): Iterable<string> {
  for (let first = 0; first < 256; first++) {
    const place = `${folder}/${first.toString(16).padStart(2, "0")}`;
    if (!existsSync(place)) continue;
    for (const file of readdirSync(place).sort()) {
      const name = file.slice(0, -ending.length);
      if (file.endsWith(ending) && /^[0-9a-f]{64}$/.test(name)) yield name;
    }
  }
}

/** Takes a payload away. Its items go first: without them it is not there, whatever else is. */
export async function removePayload(folder: string, name: string): Promise<void> {
  const { items, index } = pathsOf(folder, name);
  await rm(items, { force: true });
  await rm(index, { force: true });
}

/** Names for another payload, in a folder that is made if it is not there. */
export async function openArrival(folder: string): Promise<Arrival> {
  const incoming = `${folder}/${INCOMING}`;
  await keepFolder(incoming);
  const name = `${process.pid}.${startOf(process.pid)}.${threadId}.${arrivals++}`;
  const items = `${incoming}/${name}.items${ENDING}`;
  const index = `${incoming}/${name}.index${ENDING}`;
  active.add(name);
  // From the name of this one it can be seen which index to take back, should it be the last that happened.
  const leaving = (digest: string) => `${incoming}/${name}.${digest}${ENDING}`;
  let left = items;
  let orphan: PayloadPaths | undefined;
  const store = async (digest: string) => {
    const to = pathsOf(folder, digest);
    const place = dirname(to.items);
    await keepFolder(place);
    await rename(items, leaving(digest));
    left = leaving(digest);
    await syncFolder(incoming);
    await rename(index, to.index);
    orphan = to;
    await syncFolder(place);
    await rename(left, to.items);
    await syncFolder(place);
    await syncFolder(folder);
  };
  const clear = async () => {
    if (orphan !== undefined && !existsSync(orphan.items)) await rm(orphan.index, { force: true });
    await Promise.all([rm(left, { force: true }), rm(index, { force: true })]);
    active.delete(name);
  };
  return { items, index, store, clear };
}

/** Removes what came in and was not stored when its writer ended, as after a loss of power. */
export function removeLeftovers(folder: string): void {
  const incoming = `${folder}/${INCOMING}`;
  if (!existsSync(incoming)) return;
  for (const file of readdirSync(incoming)) {
    const [pid = "", start = "", thread = "", number = "", kind = ""] = file.split(".");
    const name = `${pid}.${start}.${thread}.${number}`;
    if (!file.endsWith(ENDING) || isWritten(Number(pid), start, thread, name)) continue;
    const stored = pathsOf(folder, kind);
    if (/^[0-9a-f]{64}$/.test(kind) && !existsSync(stored.items)) rmSync(stored.index, { force: true });
    rmSync(`${incoming}/${file}`, { force: true });
  }
}

/** Whether the writer of what comes in is still at it. */
function isWritten(pid: number, start: string, thread: string, name: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (startOf(pid) !== start || !isAlive(pid)) return false;
  return pid !== process.pid || thread !== String(threadId) || active.has(name);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * When a process started, in ticks since the machine did, where the system tells (Linux); numbers of processes are given
 * out again, and in a container at once. Else "-".
 */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  } catch {
    return "-";
  }
}

/** Makes a folder where there is none, and those above it, on the disk too. */
export async function keepFolder(path: string): Promise<void> {
  for (const made of makeFolder(resolve(path), 0o750)) await syncFolder(dirname(made));
}

/** Puts the names of a folder on the disk. Windows cannot, and has them there. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
