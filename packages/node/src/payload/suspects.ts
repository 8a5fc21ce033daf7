import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";

// Whichever process finds that a payload is damaged leaves a file with its name, for the one that mends payloads. What
// cannot be written is found again: nothing is lost by it.

/** Most names that wait to be looked at. */
const SUSPECTS_MAX = 10_000;

let written = 0;

/** Leaves word that a payload seems damaged. */
export function noteSuspect(folder: string, digest: Uint8Array): void {
  try {
    const place = `${folder}/suspect`;
    mkdirSync(place, { recursive: true, mode: 0o750 });
    const path = `${place}/${bytesToHex(digest)}`;
    if (existsSync(path) || (written > SUSPECTS_MAX && readdirSync(place).length >= SUSPECTS_MAX)) return;
    writeFileSync(path, "");
    written += 1;
  } catch {
    // A full disk, for one.
  }
}

/** The payloads of which there is word, at most so many. */
export function suspectsIn(folder: string, most: number): readonly Uint8Array[] {
  const place = `${folder}/suspect`;
  if (!existsSync(place)) return [];
  const names = readdirSync(place).filter((name) => /^[0-9a-f]{64}$/.test(name));
  return names.slice(0, most).map((name) => hexToBytes(name)!);
}

/** Takes the word away: the payload was looked at. */
export function clearSuspect(folder: string, digest: Uint8Array): void {
  rmSync(`${folder}/suspect/${bytesToHex(digest)}`, { force: true });
}
