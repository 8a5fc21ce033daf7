import { addSignatures, encodeNote, type Note, parseNote, signaturesOf } from "@cityroot/core/log/note";
import { checkPolicy, type Policy } from "@cityroot/core/log/witness-policy";
import { verifyNative } from "../signature/native-ed25519.ts";
import type { RegistryStore, StoredHead } from "../store/registry-store.ts";
import { StoreDamagedError } from "../store/store-damaged-error.ts";
import { type AskedOne, type AskingParts, openAskedWitness, type WitnessToAsk } from "./asked-witness.ts";
import { openWaitingRoom } from "./waiting-room.ts";
import type { WitnessFigures } from "./witness-figures.ts";

/** What a node works with when it asks witnesses. */
export type CosigningParts = AskingParts & {
  readonly store: Pick<RegistryStore, "head" | "hold" | "show" | "shown" | "showNewest">;
  /** What clients are to trust: with as many cosignatures as its quorum a checkpoint is shown. */
  readonly policy: Policy;
  readonly witnesses: readonly WitnessToAsk[];
  /** Calls back after each block. */
  readonly onBlock: (listener: () => void) => void;
};

/** What asks the witnesses of a node for cosignatures, block after block, beside everything else. */
export type Cosigning = {
  /**
   * Waits until readers are shown a checkpoint of at least this height with its quorum, at most `timeoutMs`. Where the
   * last to wait did so in vain, nobody waits before a quorum is there again.
   */
  readonly reached: (height: number, timeoutMs: number) => Promise<void>;
  readonly figures: () => readonly WitnessFigures[];
  readonly close: () => Promise<void>;
};

/** A checkpoint that is being asked about. */
type Round = {
  readonly head: StoredHead;
  readonly size: number;
  readonly beganMs: number;
  note: Note;
  /** Witnesses whose answers are still to come. */
  readonly open: Set<AskedOne>;
  /** With how many cosignatures it was shown; 0 as long as it was not. */
  shownWith: number;
};

/** Least time between the beginnings of two rounds, in milliseconds: witnesses flush each cosignature to their disks. */
const ROUND_GAP_MS = 40;
/** After how long a round makes room for a newer block, in milliseconds; one that has its quorum does so at once. */
const ROUND_MS_MAX = 2_000;
/** When those that did not cosign are asked again while no block comes, in milliseconds: ever later. */
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;

/** Begins to ask. One checkpoint at a time, and after it the newest: however fast blocks come, none queue up. */
export async function startCosigning(parts: CosigningParts): Promise<Cosigning> {
  const cosigning = new Rounds(parts);
  await cosigning.start();
  parts.onBlock(cosigning.wake);
  return cosigning;
}

class Rounds implements Cosigning {
  private readonly parts: CosigningParts;
  private readonly witnesses: readonly AskedOne[];
  private readonly room = openWaitingRoom();
  private readonly ending = new AbortController();
  private readonly underWay = new Set<Promise<unknown>>();
  private round: Round | undefined;
  private timer: NodeJS.Timeout | undefined;
  private retryMs = RETRY_MS_MIN;
  private isShowing = false;

  constructor(parts: CosigningParts) {
    this.parts = parts;
    this.witnesses = parts.witnesses.map((witness) => openAskedWitness(witness, parts));
  }

  /** Goes on from what was shown before, if that still counts. */
  async start(): Promise<void> {
    const { store, policy } = this.parts;
    const shown = store.shown();
    const verdict = shown && checkPolicy(shown.head.note, policy, verifyNative);
    if (policy.quorum > 0 && verdict?.ok) {
      const { height, size } = verdict.checkpoint;
      this.room.reach(height);
      const names = verdict.cosigners.map(({ name }) => name);
      for (const one of this.witnesses) if (names.includes(one.key.name)) one.remember(size);
    } else await store.showNewest();
    this.wake();
  }

  /** Begins the next round, if there is something to ask and nothing is being asked. */
  readonly wake = (): void => {
    const { round } = this;
    if (this.ending.signal.aborted || this.isShowing) return;
    const nowMs = performance.now();
    const waitMs = round === undefined ? 0 : round.beganMs + this.roundMsOf(round) - nowMs;
    if (waitMs > 0) this.wakeIn(waitMs, this.wake);
    else this.begin(round?.head.height ?? -1);
  };

  readonly reached = async (height: number, timeoutMs: number): Promise<void> => {
    if (this.parts.policy.quorum > 0) await this.room.wait(height, timeoutMs);
  };

  readonly figures = (): readonly WitnessFigures[] => this.witnesses.map((one) => one.figures());

  readonly close = async (): Promise<void> => {
    this.ending.abort();
    clearTimeout(this.timer);
    this.room.close();
    await Promise.all(this.underWay);
  };

  /** For how long a round keeps the next one from beginning. */
  private roundMsOf({ open, shownWith }: Round): number {
    return open.size === 0 || shownWith > 0 ? ROUND_GAP_MS : ROUND_MS_MAX;
  }

  private wakeIn(ms: number, act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, ms);
    this.timer.unref();
  }

  /** Asks about the newest block, if it is above a height; while one is written, its end calls back. */
  private begin(above: number): void {
    const { store, policy } = this.parts;
    const head = policy.quorum > 0 ? store.hold() : store.head();
    if (head === undefined || head.height <= above) return;
    clearTimeout(this.timer);
    const before = this.round?.head.height === head.height ? this.round : undefined;
    const note = before?.note ?? noteOf(head);
    const missing = this.witnesses.filter((one) => signaturesOf(note, one.key).length === 0);
    const round: Round = {
      head,
      size: this.parts.log.size(),
      beganMs: performance.now(),
      note,
      open: new Set(missing),
      shownWith: before?.shownWith ?? 0,
    };
    this.round = round;
    for (const one of missing) if (!one.isBusy()) this.hear(this.ask(one, round));
  }

  private async ask(one: AskedOne, round: Round): Promise<void> {
    const signature = await one.ask(round.note, round.size, this.ending.signal);
    if (this.ending.signal.aborted) return;
    round.open.delete(one);
    if (signature !== undefined) round.note = addSignatures(round.note, [signature]);
    // It was busy when the newer round began.
    if (this.round !== round && this.round?.open.has(one)) this.hear(this.ask(one, this.round));
    if (this.round === round) await this.judge(round);
  }

  /** Shows a round's checkpoint once it has its quorum, and once more when all have answered. */
  private async judge(round: Round): Promise<void> {
    const count = this.countOf(round);
    const { quorum } = this.parts.policy;
    const isEnough = count >= Math.max(1, quorum);
    const isDue = (quorum > 0 && round.shownWith === 0) || round.open.size === 0;
    if (isEnough && isDue && count > round.shownWith && !this.isShowing) await this.show(round, count);
    if (this.round !== round) return;
    if (round.open.size === 0) this.retryLater(round);
    else if (round.shownWith > 0) this.wake();
  }

  private async show(round: Round, count: number): Promise<void> {
    const { store, logger } = this.parts;
    this.isShowing = true;
    try {
      await store.show({ ...round.head, note: encodeNote(round.note) });
      round.shownWith = count;
      this.room.reach(round.head.height);
    } catch (cause) {
      logger.error({ err: cause }, "the cosigned checkpoint cannot be stored");
    } finally {
      this.isShowing = false;
    }
    // More may have come meanwhile.
    if (this.round === round && round.open.size === 0 && this.countOf(round) > count) await this.judge(round);
  }

  /** Asks those anew that did not cosign, unless a block comes before. */
  private retryLater(round: Round): void {
    if (this.countOf(round) === this.witnesses.length) this.retryMs = RETRY_MS_MIN;
    else {
      this.wakeIn(this.retryMs, () => this.begin(-1));
      this.retryMs = Math.min(2 * this.retryMs, RETRY_MS_MAX);
    }
    if ((this.parts.store.head()?.height ?? 0) > round.head.height) this.wake();
  }

  private countOf({ note }: Round): number {
    return this.witnesses.filter((one) => signaturesOf(note, one.key).length > 0).length;
  }

  private hear(work: Promise<unknown>): void {
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }
}

function noteOf({ note }: StoredHead): Note {
  const parsed = parseNote(note);
  if (!parsed.ok) throw new StoreDamagedError("the store's checkpoint is damaged");
  return parsed.value;
}
