import { fault } from "@cityroot/codes/fault";
import { type Outcome, reject } from "../outcome.ts";
import type { RejectionName } from "../rejection.ts";

/** Where a value stands: the path of its field, and the name under which it is refused there. */
export type Place = { readonly rejection: RejectionName; readonly field: string };

/** What was wrong with a value; `got` is shown by {@link showValue}. */
export type Complaint = {
  readonly expected: string;
  readonly got: unknown;
  readonly at?: number;
  readonly fix?: string;
};

/** Refuses the value at a place. */
export function refuse(place: Place, complaint: Complaint): Outcome<never> {
  const { rejection, field } = place;
  const details = fault({ field, ...complaint, got: showValue(complaint.got) });
  return reject(rejection, `${field}: expected ${complaint.expected}`, details);
}

/** The place of a part of the value at this place: `step` is `.name` or `[index]`. */
export function within(place: Place, step: string): Place {
  return { rejection: place.rejection, field: place.field + step };
}

/** A value in a few words; a text as it is. */
export function showValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
