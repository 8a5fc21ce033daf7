import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "./step.ts";

/** The steps of a workbench, in a file to which lines are only ever added. */
export type WorkbenchJournal = {
  readonly steps: readonly Step[];
  /** Adds a step; when this returns, it is on the disk. */
  readonly add: (step: Omit<Step, "step">) => Step;
  /** Whether the file ended in a part of a line, left by a process that was killed: no step that anyone was told of. */
  readonly wasCut: boolean;
  /** Bytes up to the end of the last whole line. */
  readonly sizeBytes: number;
};

/** Thrown when a line is not what was written, or does not follow the line before. */
export class JournalDamagedError extends Error {
  override readonly name = "JournalDamagedError";
}

const LINE_FEED = 0x0a;

/** Where a workbench keeps its journal. */
export function journalPath(folder: string): string {
  return join(folder, "journal.jsonl");
}

/**
 * Opens a journal, or begins one. Each line holds its step and the SHA-256 of the line before it, so that none can be taken out
 * or changed without all that follow.
 */
export function openJournal(folder: string): WorkbenchJournal {
  const path = journalPath(folder);
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const end = bytes.lastIndexOf(LINE_FEED) + 1;
  const steps: Step[] = [];
  let before = "";
  for (const line of bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1)) {
    steps.push(stepOf(line, before, steps.length + 1, path));
    before = sha256Hex(line);
  }
  let sizeBytes = end;
  return {
    steps,
    wasCut: end < bytes.length,
    get sizeBytes() {
      return sizeBytes;
    },
    add: ({ at, by, deed }) => {
      const step = { step: steps.length + 1, at, by, deed };
      const line = JSON.stringify({ ...step, before });
      writeAt(path, sizeBytes, `${line}\n`);
      sizeBytes += Buffer.byteLength(line) + 1;
      before = sha256Hex(line);
      steps.push(step);
      return step;
    },
  };
}

function stepOf(line: string, before: string, number: number, path: string): Step {
  let json: Step & { readonly before: string };
  try {
    json = JSON.parse(line) as typeof json;
  } catch (cause) {
    throw new JournalDamagedError(path, { cause });
  }
  if (json.step !== number || json.before !== before) throw new JournalDamagedError(path);
  const { step, at, by, deed } = json;
  return { step, at, by, deed };
}

/** Writes behind the whole lines, over what a killed process left there, and waits for the disk. */
function writeAt(path: string, sizeBytes: number, text: string): void {
  const file = openSync(path, existsSync(path) ? "r+" : "w", 0o600);
  try {
    ftruncateSync(file, sizeBytes);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, sizeBytes + at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
