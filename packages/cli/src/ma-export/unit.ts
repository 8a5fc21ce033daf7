import { type Code, parseCode } from "@cityroot/codes/ma/code";
import { isSameOrBelow } from "@cityroot/codes/ma/prefix";
import type { Json } from "@cityroot/core/json";
import { textOf, wholeOf } from "./answer-json.ts";

/** A unit as the registry of MA codes has it. Of people and telephones in the answer nothing is read. */
export type Unit = {
  /** The unit's main code. */
  readonly code: Code;
  readonly status: UnitStatus | undefined;
};

/** Published states of a unit, and the reason for which codes of one are suspended; null where they are in force. */
export const UNIT_STATUSES = {
  "100": null,
  "0": "ma-unit-pending",
  "-1": "ma-unit-rejected",
  "-2": "ma-unit-disabled",
  "-100": "ma-unit-incomplete",
} as const;
export type UnitStatus = keyof typeof UNIT_STATUSES;

/** Whether a code was suspended since its unit was not in force. */
export function isUnitReason(reason: string | null): boolean {
  return reason !== null && (Object.values(UNIT_STATUSES) as readonly (string | null)[]).includes(reason);
}

/** Reads a unit of an answer, or says which member is not as it was published. */
export function unitOf(
  json: Json,
): { readonly unit: Unit } | { readonly member: string; readonly got: string } {
  const text = textOf(json, "organunit_oid") ?? "";
  const code = parseCode(text);
  if (!code.ok) return { member: "organunit_oid", got: text };
  const said = textOf(json, "status_id");
  if (said === undefined) return { unit: { code: code.value, status: undefined } };
  const status = String(wholeOf(json, "status_id"));
  if (!Object.hasOwn(UNIT_STATUSES, status)) return { member: "status_id", got: said };
  return { unit: { code: code.value, status: status as UnitStatus } };
}

/** Why codes of the nearest unit above a code are not in force; null where they are, or nothing is said. */
export function notInForce(units: readonly Unit[], code: Code): string | null {
  const above = units.filter((unit) => isSameOrBelow(code, unit.code));
  const nearest = above.reduce<Unit | undefined>(
    (best, unit) => (best === undefined || unit.code.length > best.code.length ? unit : best),
    undefined,
  );
  return nearest?.status === undefined ? null : UNIT_STATUSES[nearest.status];
}
