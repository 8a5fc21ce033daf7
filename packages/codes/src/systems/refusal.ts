import { fault } from "../fault.ts";
import type { SystemFault } from "./coding-system.ts";

/** A refusal of a value. */
export type Refusal = { readonly ok: false; readonly fault: SystemFault };

/** A refusal for the form, of the whole value unless a field is named. */
export function refuseForm(details: {
  readonly expected: string;
  readonly got: string;
  readonly at?: number;
  readonly field?: string;
}): Refusal {
  return { ok: false, fault: { ...fault({ field: "value", ...details }), kind: "form" } };
}

/** A refusal for a part that names nothing. */
export function refuseValue(
  field: string,
  details: { readonly expected: string; readonly got: string; readonly at?: number },
): Refusal {
  return { ok: false, fault: { ...fault({ field, ...details }), kind: "value" } };
}

/** A refusal for check characters: which would be right, and the value with them, which was probably meant. */
export function refuseCheck(details: {
  readonly expected: string;
  readonly got: string;
  readonly at: number;
  readonly meant: string;
}): Refusal {
  const { meant, ...rest } = details;
  return { ok: false, fault: { ...fault({ field: "check", ...rest }), kind: "check", meant } };
}
