import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { type Code, isCode } from "@cityroot/codes/ma/code";
import { type CborValue, decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import { isCount } from "@cityroot/core/state/entry";
import { type Database, open, type RootDatabase } from "lmdb";
import { makeFolder } from "../make-folder.ts";
import {
  PAYLOAD_STANDINGS,
  type PayloadCounts,
  type PayloadHoldings,
  type PayloadStanding,
  type ReferredPayload,
} from "../payload/payload-holdings.ts";
import type { StoredPayload } from "../payload/payload-store.ts";
import { prepareStoreFile } from "../store/store-file.ts";

/** Up to which block the ledger was looked through, and the state after it. */
export type RegisterPosition = { readonly height: number; readonly stateRoot: Uint8Array };

/** What a payload is now found to be. */
export type Settled = {
  readonly digest: Uint8Array;
  readonly standing: PayloadStanding;
  readonly checkedMs: number;
};

/** A payload that is not whole here, how often it was looked for, and when that is to be done next. */
export type WantedPayload = ReferredPayload & { readonly tries: number; readonly nextMs: number };

/**
 * The payloads that the ledger refers to, in a file of its own. It follows from the ledger and the payloads: where it is
 * lost or does not fit the ledger, it is made anew. One process writes it, others may read it.
 */
export type PayloadRegister = PayloadHoldings & {
  readonly position: () => RegisterPosition | undefined;
  /** Adds payloads, which are missing until somebody looks, and the position where one is given. */
  readonly add: (payloads: readonly StoredPayload[], position?: RegisterPosition) => void;
  readonly get: (digest: Uint8Array) => ReferredPayload | undefined;
  readonly settle: (settled: readonly Settled[]) => void;
  /** Payloads that are not whole, in order of digest after a digest: at most `limit`. Those that are unfit are not wanted. */
  readonly wanted: (after: Uint8Array | undefined, limit: number) => readonly WantedPayload[];
  /** Writes down that a payload was looked for in vain. */
  readonly postpone: (digest: Uint8Array, tries: number, nextMs: number) => void;
  /** Forgets everything. */
  readonly clear: () => void;
  readonly close: () => Promise<void>;
};

const SUMMARY_KEY = "summary";
/** So many blocks may have passed that refer to no payload before the position is written down: they are read again. */
const UNWRITTEN_BLOCKS_MAX = 256;
const NO_COUNTS = { whole: 0, missing: 0, damaged: 0, unfit: 0 };

type Summary = {
  readonly position: RegisterPosition | undefined;
  readonly counts: { readonly [standing in PayloadStanding]: number };
};

/** Opens the register at a path for writing. One that cannot be opened is made anew. */
export function openPayloadRegister(path: string): PayloadRegister {
  makeFolder(dirname(path), 0o750);
  try {
    return tablesOf(openRoot(path, false));
  } catch {
    for (const file of [path, `${path}-lock`]) rmSync(file, { force: true });
    return tablesOf(openRoot(path, false));
  }
}

/** What the register at a path says, to another process than the one that writes it. It may not be there yet. */
export function readPayloadRegister(path: string): PayloadHoldings & { readonly close: () => Promise<void> } {
  let register: PayloadRegister | undefined;
  const opened = (): PayloadRegister | undefined => {
    if (register === undefined && existsSync(path)) register = tablesOf(openRoot(path, true));
    return register;
  };
  // What is damaged is made anew by the one who writes it: until then nothing is known.
  const read = <T>(otherwise: T, ask: (register: PayloadRegister) => T): T => {
    try {
      const found = opened();
      return found === undefined ? otherwise : ask(found);
    } catch {
      return otherwise;
    }
  };
  return {
    counts: () => read(undefined, (found) => found.counts()),
    list: (after, limit) => read([], (found) => found.list(after, limit)),
    close: async () => register?.close(),
  };
}

function openRoot(path: string, readOnly: boolean): RootDatabase<Buffer> {
  prepareStoreFile(path, readOnly);
  return open({ path, noSubdir: true, maxDbs: 4, encoding: "binary", cache: false, readOnly });
}

type Counts = { [standing in PayloadStanding]: number };

/** How many payloads there are of each standing, and up to which block that holds. */
function openSummary(root: RootDatabase<Buffer>) {
  const meta = root.openDB<Buffer, string>({ name: "meta", encoding: "binary", cache: false });
  // Ahead of the position that is written down, by blocks that refer to nothing.
  let passed: RegisterPosition | undefined;
  const written = (): Summary => decodeSummary(meta.get(SUMMARY_KEY));
  const change = (work: (counts: Counts) => RegisterPosition | undefined): void => {
    root.transactionSync(() => {
      const before = written();
      const counts = { ...before.counts };
      const position = work(counts) ?? passed ?? before.position;
      meta.putSync(SUMMARY_KEY, encodeSummary({ position, counts }));
    });
    passed = undefined;
    root.resetReadTxn();
  };
  return {
    read: (): Summary => {
      const { position, counts } = written();
      return { position: passed ?? position, counts };
    },
    /** Changes rows and their counts together; the position is that of before unless another is given. */
    change,
    /** Takes a position that no payload came with; says whether it need not be written down. */
    pass: (position: RegisterPosition): boolean => {
      const from = written().position;
      const blocks = from === undefined ? -1 : position.height - from.height;
      if (blocks < 0 || blocks >= UNWRITTEN_BLOCKS_MAX) return false;
      passed = position;
      return true;
    },
    /** Writes down what was passed. */
    flush: (): void => {
      if (passed !== undefined) change(() => undefined);
    },
    clear: (clearRows: () => void): void => {
      passed = undefined;
      root.transactionSync(() => {
        clearRows();
        meta.putSync(SUMMARY_KEY, encodeSummary({ position: undefined, counts: NO_COUNTS }));
      });
      root.resetReadTxn();
    },
  };
}

function tablesOf(root: RootDatabase<Buffer>): PayloadRegister {
  const byDigest = (name: string): Database<Buffer, Buffer> =>
    root.openDB<Buffer, Buffer>({ name, keyEncoding: "binary", encoding: "binary", cache: false });
  const rows = byDigest("payload");
  const wants = byDigest("wanted");
  const { read: summary, change, pass, flush, clear } = openSummary(root);
  const get = (digest: Uint8Array): ReferredPayload | undefined => {
    const bytes = rows.get(Buffer.from(digest));
    return bytes === undefined ? undefined : decodeRow(digest, bytes);
  };
  const rangeAfter = (after: Uint8Array | undefined, limit: number) =>
    after === undefined ? { limit } : { start: Buffer.concat([after, Buffer.alloc(1)]), limit };
  return {
    counts: () => {
      root.resetReadTxn();
      const { position, counts } = summary();
      if (position === undefined) return undefined;
      const referred = counts.whole + counts.missing + counts.damaged + counts.unfit;
      return { ...counts, referred, height: position.height };
    },
    list: (after, limit) => {
      root.resetReadTxn();
      return [...rows.getRange(rangeAfter(after, limit))].map(({ key, value }) => decodeRow(key, value));
    },
    position: () => summary().position,
    get,
    add: (payloads, position) => {
      if (payloads.length === 0 && position !== undefined && pass(position)) return;
      change((counts) => {
        for (const payload of payloads) {
          const key = Buffer.from(payload.digest);
          if (rows.get(key) !== undefined) continue;
          rows.putSync(key, encodeRow({ payload, standing: "missing", checkedMs: 0 }));
          wants.putSync(key, encodeWant(0, 0));
          counts.missing += 1;
        }
        return position;
      });
    },
    settle: (settled) =>
      change((counts) => {
        for (const { digest, standing, checkedMs } of settled) {
          const key = Buffer.from(digest);
          const known = get(digest);
          if (known === undefined) continue;
          counts[known.standing] -= 1;
          counts[standing] += 1;
          rows.putSync(key, encodeRow({ payload: known.payload, standing, checkedMs }));
          if (standing === "whole" || standing === "unfit") wants.removeSync(key);
          else if (wants.get(key) === undefined) wants.putSync(key, encodeWant(0, 0));
        }
        return undefined;
      }),
    wanted: (after, limit) =>
      [...wants.getRange(rangeAfter(after, limit))].flatMap(({ key, value }) => {
        const row = get(key);
        const [tries, nextMs] = decodeWant(value);
        return row === undefined ? [] : [{ ...row, tries, nextMs }];
      }),
    postpone: (digest, tries, nextMs) =>
      change(() => {
        const key = Buffer.from(digest);
        if (wants.get(key) !== undefined) wants.putSync(key, encodeWant(tries, nextMs));
        return undefined;
      }),
    clear: () =>
      clear(() => {
        rows.clearSync();
        wants.clearSync();
      }),
    close: async () => {
      flush();
      await root.close();
    },
  };
}

/** Thrown where the register holds what this version did not write. */
export class RegisterDamagedError extends Error {
  override readonly name = "RegisterDamagedError";
}

function encodeRow({ payload, standing, checkedMs }: ReferredPayload): Buffer {
  const { sizeBytes, root, count, first, last } = payload;
  const number = PAYLOAD_STANDINGS.indexOf(standing);
  return Buffer.from(encodeCbor([sizeBytes, root, count, first, last, number, checkedMs]));
}

function decodeRow(digest: Uint8Array, bytes: Uint8Array): ReferredPayload {
  const value = decodeCbor(Uint8Array.from(bytes));
  const [sizeBytes, root, count, first, last, number, checkedMs] = (
    Array.isArray(value) ? value : []
  ) as CborValue[];
  const standing = PAYLOAD_STANDINGS[number as number];
  const isSound =
    isCount(sizeBytes) &&
    isCount(count) &&
    isCount(checkedMs) &&
    root instanceof Uint8Array &&
    typeof first === "string" &&
    isCode(first) &&
    typeof last === "string" &&
    isCode(last);
  if (!isSound || standing === undefined)
    throw new RegisterDamagedError("the register of payloads is damaged");
  const payload = {
    digest: Uint8Array.from(digest),
    sizeBytes,
    root,
    count,
    first: first as Code,
    last: last as Code,
  };
  return { payload, standing, checkedMs };
}

function encodeWant(tries: number, nextMs: number): Buffer {
  return Buffer.from(encodeCbor([tries, nextMs]));
}

function decodeWant(bytes: Uint8Array): readonly [tries: number, nextMs: number] {
  const value = decodeCbor(Uint8Array.from(bytes));
  const [tries, nextMs] = (Array.isArray(value) ? value : []) as CborValue[];
  return isCount(tries) && isCount(nextMs) ? [tries, nextMs] : [0, 0];
}

function encodeSummary({ position, counts }: Summary): Buffer {
  const place = position === undefined ? null : [position.height, position.stateRoot];
  return Buffer.from(encodeCbor([place, PAYLOAD_STANDINGS.map((standing) => counts[standing])]));
}

function decodeSummary(bytes: Uint8Array | undefined): Summary {
  if (bytes === undefined) return { position: undefined, counts: NO_COUNTS };
  const value = decodeCbor(Uint8Array.from(bytes));
  const [place, numbers] = (Array.isArray(value) ? value : []) as CborValue[];
  if (!Array.isArray(numbers) || !numbers.every((number) => isCount(number as CborValue)))
    throw new RegisterDamagedError("the register of payloads is damaged");
  const counts = Object.fromEntries(
    PAYLOAD_STANDINGS.map((standing, at) => [standing, (numbers as number[])[at] ?? 0]),
  ) as PayloadCounts;
  const [height, stateRoot] = (Array.isArray(place) ? place : []) as CborValue[];
  const position = isCount(height) && stateRoot instanceof Uint8Array ? { height, stateRoot } : undefined;
  return { position, counts };
}
