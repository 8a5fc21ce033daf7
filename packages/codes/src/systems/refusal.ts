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

/** A refusal for check characters: which would be right, and the value with them, where that was probably meant. */
export function refuseCheck(details: {
  readonly expected: string;
  readonly got: string;
  readonly at: number;
  readonly meant: string | undefined;
}): Refusal {
  const { meant, ...rest } = details;
  const refused = { ...fault({ field: "check", ...rest }), kind: "check" } as const;
  return { ok: false, fault: meant === undefined ? refused : { ...refused, meant } };
}
