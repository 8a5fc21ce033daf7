import { setTimeout as sleep } from "node:timers/promises";
import { bytesToHex } from "@cityroot/core/hex";
import type { Logger } from "pino";
import { checkExpected, type PayloadStore, type StoredPayload } from "../payload/payload-store.ts";
import { clearSuspect, suspectsIn } from "../payload/suspects.ts";
import { forgetUnreferred } from "./forget-unreferred.ts";
import {
  type PayloadRegister,
  RegisterDamagedError,
  type Settled,
  type WantedPayload,
} from "./payload-register.ts";
import { followLedger, type LedgerParts } from "./referred-payloads.ts";
import { FETCHES_AT_ONCE, openReplicas } from "./replicas.ts";

/** What keeps the payloads of a node whole. */
export type PayloadKeeper = {
  /** Ends what is under way, of which nothing half is kept. */
  readonly close: () => Promise<void>;
};

export type KeeperParts = Omit<LedgerParts, "signal"> & {
  readonly payloads: PayloadStore;
  /** Folder in which processes leave word of payloads that seem damaged. */
  readonly payloadFolder: string;
  readonly register: PayloadRegister;
  /** Addresses of other nodes. */
  readonly replicas: readonly string[];
  /** After how long a payload is read and checked again, in milliseconds; 0 for never. */
  readonly recheckMs: number;
  readonly logger: Logger;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly clock: () => number;
};

/** How often it is looked for work, in milliseconds. */
const LOOK_MS = 500;
/** Rows that are looked at in one look. */
const ROWS_AT_ONCE = 256;
const SUSPECTS_AT_ONCE = 64;
/** How long it is waited when all rows were looked at for what has to be checked again. */
const PASS_MS = 60_000;
/** How often it is looked for what the ledger does not refer to. */
const FORGET_MS = 3_600_000;
/** How long a payload that nobody gave is waited with at first, and at most. */
const RETRY_MS = 2_000;
const RETRY_MAX_MS = 3_600_000;

/** Begins to keep the payloads of a node: follows the ledger, fetches what is missing, checks what is here. */
export function startKeeper(parts: KeeperParts): PayloadKeeper {
  const stop = new AbortController();
  const keeping = keep(parts, stop.signal);
  return {
    close: async () => {
      stop.abort(new Error("the node is stopping"));
      await keeping;
    },
  };
}

async function keep(parts: KeeperParts, signal: AbortSignal): Promise<void> {
  const { logger } = parts;
  const report = (cause: unknown): void => {
    // A full disk, a bucket that does not answer, a block that cannot be read: it may be better later.
    if (!signal.aborted) logger.error({ err: cause }, "payloads cannot be kept at present");
  };
  const fetching = openFetching(parts, signal);
  const recheck = openRecheck(parts, signal);
  const forget = openForgetting(parts, signal);
  const looking = oneAtATime(() => fetching.look(), report);
  const rechecking = oneAtATime(recheck, report);
  const forgetting = oneAtATime(forget, report);
  while (!signal.aborted) {
    try {
      const added = await followLedger({ ...parts, signal });
      if (added > 0) logger.info({ added }, "the ledger refers to more payloads");
      await judgeSuspects(parts);
      looking.begin();
      rechecking.begin();
      forgetting.begin();
    } catch (cause) {
      report(cause);
      // It follows from the ledger: it is begun anew.
      if (cause instanceof RegisterDamagedError) parts.register.clear();
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
  await Promise.all([looking.settled(), rechecking.settled(), forgetting.settled()]);
  await fetching.settled();
}

/** Work that goes on beside other work, and is not begun again before it ends. */
function oneAtATime(
  work: () => Promise<void>,
  onFailure: (cause: unknown) => void,
): { readonly begin: () => void; readonly settled: () => Promise<void> } {
  let running: Promise<void> | undefined;
  return {
    begin: () => {
      running ??= work()
        .catch(onFailure)
        .finally(() => {
          running = undefined;
        });
    },
    settled: async () => running,
  };
}

/** Reads a payload where it is kept, and says how it stands against what the ledger says. */
async function judge(
  { payloads, clock, logger }: KeeperParts,
  payload: StoredPayload,
): Promise<Settled & { readonly detail?: string }> {
  const verdict = await payloads.verifyPayload(payload.digest);
  const { digest } = payload;
  const checkedMs = clock();
  if (verdict.kind !== "whole") {
    if (verdict.kind === "damaged")
      logger.error({ digest: bytesToHex(digest), detail: verdict.detail }, "a payload is damaged");
    return { digest, standing: verdict.kind, checkedMs };
  }
  const fits = checkExpected(verdict.payload, payload);
  if (fits.ok) return { digest, standing: "whole", checkedMs };
  return { digest, standing: "unfit", checkedMs, detail: fits.rejection.detail };
}

/** What is found here was checked when it came: it is due again as if that were now. */
function adopt({ digest }: StoredPayload, fits: boolean, checkedMs: number): Settled {
  return { digest, standing: fits ? "whole" : "unfit", checkedMs };
}

/** Looks at the payloads of which some process left word. */
async function judgeSuspects(parts: KeeperParts): Promise<void> {
  const { payloadFolder, register } = parts;
  for (const digest of suspectsIn(payloadFolder, SUSPECTS_AT_ONCE)) {
    const row = register.get(digest);
    if (row !== undefined) register.settle([await judge(parts, row.payload)]);
    clearSuspect(payloadFolder, digest);
  }
}

/** Gets what is not whole: a few at a time, in turn, each after a longer pause when nobody has it. */
function openFetching(
  parts: KeeperParts,
  signal: AbortSignal,
): { readonly look: () => Promise<void>; readonly settled: () => Promise<unknown> } {
  const { register, payloads, logger, clock } = parts;
  const replicas = openReplicas({
    addresses: parts.replicas,
    payloads,
    logger,
    now: () => performance.now(),
  });
  const running = new Map<string, Promise<void>>();
  let after: Uint8Array | undefined;
  // Whoever starts a node anew has mended something: all is tried at once.
  let isFirstPass = true;
  const get = async ({ payload, standing, tries }: WantedPayload): Promise<void> => {
    const { digest } = payload;
    // It may have come another way. What was found damaged is so until somebody reads all of it.
    const found = standing === "missing" ? payloads.find(digest) : undefined;
    const here =
      found === undefined
        ? await judge(parts, payload)
        : adopt(payload, checkExpected(found, payload).ok, clock());
    if (here.standing === "whole" || here.standing === "unfit") return register.settle([here]);
    if (here.standing !== standing) register.settle([here]);
    const got = await replicas.fetch(payload, signal);
    if (got === "stored") return register.settle([{ digest, standing: "whole", checkedMs: clock() }]);
    if (got === "unfit") return register.settle([{ digest, standing: "unfit", checkedMs: clock() }]);
    // Nobody was asked: that says nothing about the payload.
    const counted = got === "unasked" ? tries : tries + 1;
    const pauseMs = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(counted, 20));
    register.postpone(digest, counted, clock() + pauseMs);
  };
  const begin = (wanted: WantedPayload): void => {
    const name = bytesToHex(wanted.payload.digest);
    const work = get(wanted)
      .catch((cause: unknown) => {
        if (signal.aborted) return;
        logger.error({ err: cause, digest: name }, "a payload cannot be stored at present");
        register.postpone(
          wanted.payload.digest,
          wanted.tries + 1,
          clock() + RETRY_MS * 2 ** Math.min(wanted.tries, 10),
        );
      })
      .finally(() => running.delete(name));
    running.set(name, work);
  };
  const look = async (): Promise<void> => {
    const rows = register.wanted(after, ROWS_AT_ONCE);
    for (const wanted of rows) {
      while (running.size >= FETCHES_AT_ONCE && !signal.aborted) await Promise.race(running.values());
      if (signal.aborted) return;
      after = wanted.payload.digest;
      if ((isFirstPass || wanted.nextMs <= clock()) && !running.has(bytesToHex(wanted.payload.digest)))
        begin(wanted);
    }
    if (rows.length === ROWS_AT_ONCE) return;
    after = undefined;
    if (rows.length > 0) isFirstPass = false;
  };
  return { look, settled: () => Promise.all(running.values()) };
}

/** Takes away, now and then, what the ledger does not refer to. */
function openForgetting(parts: KeeperParts, signal: AbortSignal): () => Promise<void> {
  let nextMs = 0;
  return async () => {
    const head = parts.store.head();
    const known = parts.register.position();
    // What is known of the ledger reaches to this block at least.
    if (head === undefined || known === undefined || known.height < head.height) return;
    if (parts.clock() < nextMs) return;
    nextMs = parts.clock() + FORGET_MS;
    await forgetUnreferred({ ...parts, signal }, head);
  };
}

/** Reads and checks again, one payload at a time, what was checked long ago. */
function openRecheck(parts: KeeperParts, signal: AbortSignal): () => Promise<void> {
  const { register, recheckMs, clock } = parts;
  let after: Uint8Array | undefined;
  let nextMs = 0;
  return async () => {
    if (recheckMs === 0 || clock() < nextMs) return;
    const rows = register.list(after, ROWS_AT_ONCE);
    for (const { payload, standing, checkedMs } of rows) {
      if (signal.aborted) return;
      after = payload.digest;
      if (standing === "whole" && checkedMs + recheckMs <= clock())
        register.settle([await judge(parts, payload)]);
    }
    if (rows.length === ROWS_AT_ONCE) return;
    after = undefined;
    nextMs = clock() + Math.min(PASS_MS, recheckMs);
  };
}
