import { type Code, isCode } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import type { Json } from "@cityroot/core/json";
import { serialAfter, serialOf } from "@cityroot/core/state/interval";
import { codeKey } from "@cityroot/core/state/key";
import type { Client } from "@cityroot/sdk/client";
import { type ListEntry, list } from "@cityroot/sdk/list";
import type { ResolvedDescription, ResolvedRecord } from "@cityroot/sdk/resolution";
import { resolve } from "@cityroot/sdk/resolve";
import { sameJson } from "../registry/same-json.ts";

/** What the ledger says of a code that was issued before. `below`: not of the code itself, but of codes below it. */
export type Held = Pick<ResolvedDescription, "class" | "attributes"> & {
  readonly status: ResolvedRecord["status"] | "below";
  readonly reason: string | null;
};

/** Codes that count up, as an import wants to issue them. */
export type Serials = { readonly first: Code; readonly digits: number; readonly count: number };

/** Some of them, one after the other: of all the ledger says the same, or of none anything. */
export type Piece = { readonly offset: number; readonly count: number; readonly held: Held | undefined };

/** Entries of one request. */
const PART_ENTRIES = 1_000;

/** What the ledger says of a code; undefined where it was never issued. */
export async function heldOf(client: Client, code: Code, signal: AbortSignal): Promise<Held | undefined> {
  const { record } = await resolve(client, code, { verify: false, follow: false, signal });
  return record === null ? undefined : heldBy(record);
}

/** Cuts codes that count up where what the ledger says of them changes. */
export async function heldOfSerials(
  client: Client,
  serials: Serials,
  signal: AbortSignal,
): Promise<readonly Piece[]> {
  const known = await knownOf(client, serials, signal);
  const pieces: Piece[] = [];
  let end = 0;
  let mayLead = true;
  for (const piece of [...known, { offset: serials.count, count: 0, held: undefined }]) {
    // A range that begins before the first code is found by the codes that nothing else says anything of.
    while (end < piece.offset) {
      const lead: Piece = mayLead
        ? await leadAt(client, serials, end, signal)
        : { offset: end, count: serials.count, held: undefined };
      const count = Math.min(lead.count, piece.offset - end);
      mayLead = mayLead && lead.held !== undefined;
      push(pieces, { offset: end, count, held: lead.held });
      end += count;
    }
    end = piece.offset + piece.count;
    if (piece.held?.status !== "below") {
      if (piece.count > 0) push(pieces, piece);
      continue;
    }
    for (let offset = piece.offset; offset < end; offset++) {
      const held = (await leadAt(client, serials, offset, signal)).held ?? BELOW;
      push(pieces, { offset, count: 1, held });
    }
  }
  return pieces;
}

/** What records and ranges say that lie from the first code on, in order and without overlaps. */
async function knownOf(
  client: Client,
  { first, digits, count }: Serials,
  signal: AbortSignal,
): Promise<readonly Piece[]> {
  const last = codeKey(serialAfter(first, digits, count - 1)!);
  const known: Piece[] = [];
  // A range within which codes may have records of their own.
  let range: { readonly held: Held; readonly end: number } | undefined;
  let end = 0;
  const fill = (to: number): void => {
    if (range === undefined || end >= to) return;
    const upTo = Math.min(to, range.end);
    if (upTo > end) push(known, { offset: end, count: upTo - end, held: range.held });
    end = Math.max(end, upTo);
  };
  const take = ({ code, record, interval }: Pick<ListEntry, "code" | "record" | "interval">): void => {
    const offset = offsetOf(first, digits, code);
    if (offset === undefined || offset >= count) return;
    fill(offset);
    if (interval !== null) {
      const to = (offsetOf(first, digits, interval.last) ?? offset) + 1;
      const { class: name, attributes } = interval.description;
      range = {
        held: { class: name, attributes, status: "active", reason: null },
        end: Math.min(to, count),
      };
      end = Math.max(end, offset);
    }
    const isBelow = code.length > first.length;
    if (record === null || (isBelow && (offset < end || (range !== undefined && offset < range.end)))) return;
    const held = isBelow ? BELOW : heldBy(record);
    push(known, { offset, count: 1, held });
    end = offset + 1;
  };
  const { record } = await resolve(client, first, { verify: false, follow: false, signal });
  if (record !== null && record.within === null) take({ code: first, record, interval: null });
  reading: for await (const { entries } of list(client, parentOf(first)!, {
    ...{ after: first, limit: PART_ENTRIES, signal },
  })) {
    for (const entry of entries) {
      if (codeKey(entry.code) > last && !entry.code.startsWith(serialAfter(first, digits, count - 1)!)) {
        break reading;
      }
      take(entry);
    }
  }
  fill(count);
  return known;
}

const BELOW: Held = { class: "", attributes: {}, status: "below", reason: null };

function heldBy({ class: name, attributes, status, reason }: ResolvedRecord): Held {
  return { class: name, attributes, status, reason };
}

/** What a range says of a code that begins before all of them, and of how many it says so. */
async function leadAt(
  client: Client,
  { first, digits, count }: Serials,
  offset: number,
  signal: AbortSignal,
): Promise<Piece> {
  const code = serialAfter(first, digits, offset)!;
  const { record, interval } = await resolve(client, code, { verify: false, follow: false, signal });
  if (record === null) return { offset, count: count - offset, held: undefined };
  const last = interval === null ? offset : (offsetOf(first, digits, interval.last) ?? offset);
  return { offset, count: Math.min(last, count - 1) - offset + 1, held: heldBy(record) };
}

/** Which of the codes an entry is or lies below, counted from the first; undefined where it is none of them. */
function offsetOf(first: Code, digits: number, code: Code): number | undefined {
  const stem = first.slice(0, -digits);
  const sibling = code.slice(0, first.length);
  if (!sibling.startsWith(stem) || !isCode(sibling) || !/^([./]|$)/.test(code.slice(first.length))) {
    return undefined;
  }
  const [serial, from] = [serialOf(sibling, digits), serialOf(first, digits)];
  return serial === undefined || from === undefined || serial < from ? undefined : serial - from;
}

/** Adds a piece, together with the one before where the ledger says the same of both. */
function push(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  const isOne =
    last !== undefined && last.offset + last.count === piece.offset && isSameHeld(last.held, piece.held);
  if (isOne) pieces[pieces.length - 1] = { ...last, count: last.count + piece.count };
  else pieces.push(piece);
}

function isSameHeld(a: Held | undefined, b: Held | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return sameJson(a as unknown as Json, b as unknown as Json);
}
