import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { makeFolder } from "@cityroot/node/make-folder";
import { jsonText, writeFileWhole } from "../registry/write-file.ts";
import type { Foreseen, RowResult } from "./plan-row.ts";
import type { RefusalSummary } from "./refusal-summary.ts";

/** Rows of one signed transaction, for each of its operations in order. */
export type SealedGroup = {
  readonly rows: readonly number[];
  readonly bytes: Uint8Array;
  /** What was known of rows when they were signed. */
  readonly foreseen: readonly { readonly row: number; readonly foreseen: Foreseen }[];
};

/** What is on its way of a chunk: what is known of its rows, and the transactions that were sent. */
export type PendingChunk = {
  readonly results: readonly RowResult[];
  readonly groups: readonly SealedGroup[];
};

/** How far an import has come. */
export type JournalState = {
  /** Chunks whose results are all written. */
  readonly chunks: number;
  /** Length of the results file then, in bytes. */
  readonly resultBytes: number;
  readonly counts: { readonly [outcome: string]: number };
  /** Why rows were refused so far. */
  readonly reasons: RefusalSummary;
};

/**
 * Where an import keeps what it needs to go on after it was interrupted. A transaction is here before it is sent, and
 * until its answer is written: so what is sent after an interrupt are the same bytes, which the registry takes once.
 */
export type Journal = {
  readonly state: () => JournalState;
  readonly pending: (chunk: number) => PendingChunk | undefined;
  readonly save: (chunk: number, pending: PendingChunk) => void;
  /** Every chunk before this one is settled. */
  readonly settle: (state: JournalState) => void;
  /** Takes the journal away: the import is done. */
  readonly remove: () => void;
};

/** Thrown when a journal is of another file, mapping, holder or network than this import. */
export class JournalDiffersError extends Error {
  override readonly name = "JournalDiffersError";
}

const EMPTY: JournalState = { chunks: 0, resultBytes: 0, counts: {}, reasons: [] };

/** Opens the journal of an import in a folder; `subject` says of what it is. */
export function openJournal(folder: string, subject: { readonly [name: string]: Json }): Journal {
  const path = join(folder, "import.json");
  let state = EMPTY;
  if (existsSync(path)) {
    const json = JSON.parse(readFileSync(path, "utf8")) as { subject: Json; state: JournalState };
    if (JSON.stringify(json.subject) !== JSON.stringify(subject)) throw new JournalDiffersError(folder);
    // What an earlier version wrote lacks some of it.
    state = { ...EMPTY, ...json.state };
  } else makeFolder(folder, 0o700);
  const chunkPath = (chunk: number): string => join(folder, `chunk-${chunk}.json`);
  const write = (next: JournalState): void => writeFileWhole(path, jsonText({ subject, state: next }), 0o600);
  let isNamed = existsSync(path);
  return {
    state: () => state,
    pending: (chunk) => (existsSync(chunkPath(chunk)) ? readPending(chunkPath(chunk)) : undefined),
    save: (chunk, { results, groups }) => {
      // Of what the journal is stands there before anything is sent: nothing of it is ever taken for another import's.
      if (!isNamed) write(state);
      isNamed = true;
      const sealed = groups.map((group) => ({
        ...group,
        bytes: Buffer.from(group.bytes).toString("base64"),
      }));
      writeFileWhole(chunkPath(chunk), JSON.stringify({ results, groups: sealed }), 0o600);
    },
    settle: (next) => {
      write(next);
      isNamed = true;
      for (let chunk = state.chunks; chunk < next.chunks; chunk++) rmSync(chunkPath(chunk), { force: true });
      state = next;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Forgets an import: what was on its way is not sent again. */
export function forgetJournal(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name === "import.json" || name.startsWith("chunk-")) rmSync(join(folder, name));
  }
}

function readPending(path: string): PendingChunk {
  const json = JSON.parse(readFileSync(path, "utf8")) as Json;
  if (!isJsonObject(json)) throw new Error(`${path} is no part of a journal`);
  const groups = json["groups"] as unknown as readonly {
    readonly rows: readonly number[];
    readonly bytes: string;
    readonly foreseen?: SealedGroup["foreseen"];
  }[];
  return {
    results: json["results"] as unknown as readonly RowResult[],
    groups: groups.map(({ rows, bytes, foreseen = [] }) => ({
      rows,
      bytes: new Uint8Array(Buffer.from(bytes, "base64")),
      foreseen,
    })),
  };
}
