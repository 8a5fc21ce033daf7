import { existsSync, readdirSync, readFileSync } from "node:fs";
import { sha256 } from "@cityroot/core/hash";
import { bytesToHex } from "@cityroot/core/hex";
import {
  type Conflict,
  type ConflictJson,
  type ConflictVerdict,
  judgeConflict,
  readConflict,
  writeConflict,
} from "@cityroot/core/log/conflict";
import { parseTreeHead } from "@cityroot/core/log/tree-head";
import { verifyNative } from "../signature/native-ed25519.ts";
import { originHashOf } from "./log-record.ts";
import { writeDurable } from "./write-durable.ts";

/** What a file of evidence holds: a conflict, and when this witness met it. What it shows anyone can judge anew. */
export type EvidenceJson = ConflictJson & {
  readonly format: typeof EVIDENCE_FORMAT;
  readonly origin: string;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly timeMs: number;
};

/** A file of evidence, judged anew. */
export type Evidence = {
  readonly file: string;
  readonly origin: string;
  readonly timeMs: number;
  readonly verdict: ConflictVerdict;
  readonly conflict: Conflict;
};

/** Keeps what may show that a log told two histories. */
export type EvidenceFolder = {
  /**
   * Keeps a conflict of a log, once, as long as there is room for its kind: gives the path of its file, or undefined where
   * it was kept before or there is no room. What nobody signed is not kept.
   */
  readonly keep: (origin: string, conflict: Conflict, timeMs: number) => Promise<string | undefined>;
  /** Forks that are kept: conflicts that show one. */
  readonly forks: () => number;
};

const EVIDENCE_FORMAT = "cityroot-evidence/1";
const NAME = /^([0-9a-f]{64})-(fork|unproven)-[0-9a-f]{16}\.json$/;
/** Longest file of evidence that is read, in bytes: two checkpoints as long as a request may be, in JSON. */
const FILE_BYTES_MAX = 1_000_000;

/** Opens a folder of evidence that keeps at most `filesMax` forks and as many doubtful conflicts of each log. */
export function openEvidence(folder: string, filesMax: number): EvidenceFolder {
  const names = new Set(namesIn(folder));
  const countOf = (begin: string): number => [...names].filter((name) => name.startsWith(begin)).length;
  let forks = [...names].filter((name) => NAME.exec(name)?.[2] === "fork").length;
  return {
    keep: async (origin, conflict, timeMs) => {
      const verdict = judgeConflict(conflict, verifyNative);
      if (verdict === "unsigned") return undefined;
      const kind = isFork(verdict) ? "fork" : "unproven";
      const begin = `${originHashOf(origin)}-${kind}-`;
      // Of the same two checkpoints one file is enough, whatever the proof was.
      const texts = Buffer.from(`${conflict.cosigned.text}\n${conflict.submitted.text}`);
      const name = `${begin}${bytesToHex(sha256(texts)).slice(0, 16)}.json`;
      if (names.has(name) || countOf(begin) >= filesMax) return undefined;
      names.add(name);
      const json: EvidenceJson = { format: EVIDENCE_FORMAT, origin, timeMs, ...writeConflict(conflict) };
      try {
        await writeDurable(`${folder}/${name}`, `${JSON.stringify(json, null, 2)}\n`);
      } catch (cause) {
        names.delete(name);
        throw cause;
      }
      if (kind === "fork") forks += 1;
      return `${folder}/${name}`;
    },
    forks: () => forks,
  };
}

/** Whether a verdict says that the log told two histories. */
export function isFork(verdict: ConflictVerdict): boolean {
  return verdict === "two-roots" || verdict === "other-beginning";
}

/** Everything in a folder of evidence, each judged anew; throws for a file that is none. Forks come first, then by time. */
export function readEvidence(folder: string): readonly Evidence[] {
  const all = namesIn(folder).map((name) => readEvidenceFile(`${folder}/${name}`));
  return all.sort((a, b) => Number(isFork(b.verdict)) - Number(isFork(a.verdict)) || a.timeMs - b.timeMs);
}

/** Reads one file of evidence, of any witness, and judges it anew; throws for what is none. */
export function readEvidenceFile(file: string): Evidence {
  const text = readFileSync(file);
  let json: Partial<EvidenceJson> | null;
  try {
    json = text.length > FILE_BYTES_MAX ? null : JSON.parse(text.toString());
  } catch (cause) {
    throw new Error(`${file} is no evidence: ${(cause as Error).message}`, { cause });
  }
  const { format, origin, timeMs } = json ?? {};
  if (format !== EVIDENCE_FORMAT || typeof origin !== "string" || !isTime(timeMs))
    throw new Error(`${file} is no evidence of the format ${EVIDENCE_FORMAT}`);
  const conflict = readConflict(json);
  if (!conflict.ok) {
    const { field, expected, got } = conflict.fault;
    throw new Error(`${file} is no evidence: ${field}: expected ${expected}, got ${got}`);
  }
  // Whose log it is, is said by what was signed: beside that, anybody may write any name.
  for (const { text: signed } of [conflict.value.cosigned, conflict.value.submitted]) {
    const head = parseTreeHead(signed);
    if (head.ok && head.value.origin !== origin)
      throw new Error(
        `${file} is no evidence: origin: expected ${head.value.origin}, which was signed, got ${origin}`,
      );
  }
  const verdict = judgeConflict(conflict.value, verifyNative);
  return { file, origin, timeMs, verdict, conflict: conflict.value };
}

/** Milliseconds within what a date can be. ECMA-262 §21.4.1.1. */
function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Math.abs(value as number) <= 8_640_000_000_000_000;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => NAME.test(name)) : [];
}
