import type { Fault } from "@cityroot/codes/fault";
import type { Rejection, RejectionName } from "./rejection.ts";

/** What a rule decided: a value, or a refusal that names itself. Core never throws for input. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly rejection: Rejection };

/** The value was accepted. */
export function accept<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** The input was refused. */
export function reject(name: RejectionName, detail: string, fault?: Fault): Outcome<never> {
  return { ok: false, rejection: fault === undefined ? { name, detail } : { name, detail, fault } };
}
