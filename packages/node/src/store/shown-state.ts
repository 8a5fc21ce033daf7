import { assert } from "@cityroot/core/assert";
import { type CborValue, decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import type { Database } from "lmdb";
import type { PageShelves, Put, Shelf, ShelfUse } from "./page-shelves.ts";
import type { StoredHead } from "./registry-store.ts";
import { StoreDamagedError } from "./store-damaged-error.ts";
import { decodeHead, encodeHead } from "./stored-head.ts";
import { readValue, withSum } from "./summed-value.ts";

/** The head that readers stand at. */
export type ShownHead = {
  readonly head: StoredHead;
  /** Where its pages are that later blocks changed; null where it is the newest, and the pages are as they are. */
  readonly shelf: Shelf | null;
};

/**
 * What readers are shown while witnesses look at what is newer: the state as of the newest head that enough of them
 * cosigned. Pages that blocks change after it are kept as they were, on one of two shelves: the other one is for the
 * head that is being asked about. Nothing is kept where no head is held and none shown, so that it costs nothing there.
 */
export type ShownState = {
  /** The head that readers stand at: one that was shown, or else the newest. The same object while it stays. */
  readonly shown: () => ShownHead | undefined;
  /** A page as of the shown head; undefined where that head's state had no such page. */
  readonly readShownPage: (shown: ShownHead, page: number) => Buffer | undefined;
  /**
   * Holds the newest head, so that it can be shown later whatever blocks come; gives it. Undefined while a block is
   * being written: the next one is then the newest soon. One head is held at a time.
   */
  readonly hold: () => StoredHead | undefined;
  /**
   * Makes the held head the shown one, or gives the shown one another note. Settles when that would survive a crash.
   * A head that is not held may be shown as well: it is for as long as it is the newest.
   */
  readonly show: (head: StoredHead) => Promise<void>;
  /** Lets readers stand at the newest head. */
  readonly showNewest: () => Promise<void>;
};

/** What a block's write tells of itself. */
export type PageKeeper = {
  /** To be called in the block's transaction, with the pages that it changes, before they are put. */
  readonly begin: (pages: readonly number[], put: Put) => void;
  /** To be called when the write ended, well or not. */
  readonly end: (isWritten: boolean) => void;
};

/** Tables and what is done with them. */
export type ShownStateParts = {
  readonly meta: Database<Buffer, string>;
  readonly shelves: PageShelves;
  /** The newest head, as it is on the disk now. */
  readonly head: () => StoredHead | undefined;
  readonly readPage: (page: number) => Buffer;
  readonly commit: (change: (put: Put) => void) => Promise<void>;
};

const SHOWN_KEY = "shown";

type Shown = { readonly head: StoredHead; readonly shelf: Shelf | null };

/** Opens what is shown of a store. Holding and showing are for the process that writes it. */
export function openShownState(parts: ShownStateParts): ShownState & PageKeeper {
  const { meta, shelves, head, commit } = parts;
  let known: { readonly bytes: Buffer; readonly shown: Shown } | undefined;
  const readShown = (): Shown | undefined => {
    const bytes = readValue(meta, SHOWN_KEY, 0, "the shown head");
    if (bytes === undefined) return undefined;
    if (known === undefined || !bytes.equals(known.bytes)) known = { bytes, shown: decodeShown(bytes) };
    return known.shown;
  };
  let answer: ShownHead | undefined;
  return {
    shown: () => {
      const newest = head();
      if (newest === undefined) return undefined;
      const shown = readShown();
      const isNewest = shown?.head.height === newest.height;
      const next: ShownHead =
        shown === undefined || (shown.shelf === null && !isNewest)
          ? { head: newest, shelf: null }
          : { head: shown.head, shelf: isNewest ? null : shown.shelf };
      if (answer?.head !== next.head || answer.shelf !== next.shelf) answer = next;
      return answer;
    },
    readShownPage: ({ head: { height }, shelf }, page) => {
      const kept = shelf === null ? undefined : shelves.read({ shelf, height }, page);
      return kept === undefined ? parts.readPage(page) : (kept ?? undefined);
    },
    ...openHolding({ shelves, head, commit }, readShown, (shown) =>
      shown === undefined ? meta.remove(SHOWN_KEY) : meta.put(SHOWN_KEY, withSum(encodeShown(shown), 0)),
    ),
  };
}

/** What the process that writes does for its readers. */
function openHolding(
  { shelves, head, commit }: Pick<ShownStateParts, "shelves" | "head" | "commit">,
  readShown: () => Shown | undefined,
  putShown: (shown: Shown | undefined) => Promise<boolean>,
): Pick<ShownState, "hold" | "show" | "showNewest"> & PageKeeper {
  let held: ShelfUse | undefined;
  let isWriting = false;
  let isShowing = false;
  return {
    hold: () => {
      if (isWriting || isShowing) return undefined;
      const newest = head();
      if (newest === undefined || held?.height === newest.height) return newest;
      const shelf = readShown()?.shelf === 0 ? 1 : 0;
      held = { height: newest.height, shelf };
      return newest;
    },
    show: async (shownHead) => {
      assert(!isShowing, "heads are shown one after the other");
      head();
      const now = readShown();
      const one = held?.height === shownHead.height ? held : undefined;
      const shelf = one?.shelf ?? (now?.head.height === shownHead.height ? now.shelf : null);
      isShowing = true;
      try {
        await commit((put) => put(putShown({ head: shownHead, shelf })));
        if (one !== undefined) held = undefined;
      } finally {
        isShowing = false;
      }
    },
    showNewest: async () => {
      held = undefined;
      head();
      if (readShown() !== undefined) await commit((put) => put(putShown(undefined)));
    },
    begin: (changed, put) => {
      assert(!isWriting, "blocks are written one at a time");
      isWriting = true;
      head();
      const shown = readShown();
      if (shown !== undefined && shown.shelf !== null && shown.head.height !== held?.height)
        shelves.keep({ shelf: shown.shelf, height: shown.head.height }, changed, put);
      if (held !== undefined) shelves.keep(held, changed, put);
    },
    end: (isWritten) => {
      isWriting = false;
      if (isWritten) return;
      // What was to be kept is not known to be: the head is not to be shown any more.
      held = undefined;
      shelves.forget();
    },
  };
}

function encodeShown({ head, shelf }: Shown): Uint8Array {
  return encodeCbor([shelf, encodeHead(head)]);
}

function decodeShown(bytes: Uint8Array): Shown {
  const value = decodeCbor(bytes);
  const [shelf, head] = Array.isArray(value) ? (value as readonly CborValue[]) : [];
  if (!(shelf === null || shelf === 0 || shelf === 1) || !(head instanceof Uint8Array))
    throw new StoreDamagedError("the store's shown head is damaged");
  return { shelf, head: decodeHead(head) };
}
