import { CHINESE_SYSTEMS } from "./chinese.ts";
import type { CodingSystem } from "./coding-system.ts";
import { GS1_SYSTEMS } from "./gs1.ts";
import { INTERNATIONAL_SYSTEMS } from "./international.ts";
import { ma } from "./ma.ts";

/** Every coding system that is known here, in the order in which they are shown. */
export const CODING_SYSTEMS: readonly CodingSystem[] = [
  ma,
  ...CHINESE_SYSTEMS,
  ...GS1_SYSTEMS,
  ...INTERNATIONAL_SYSTEMS,
];

const BY_ID: ReadonlyMap<string, CodingSystem> = new Map(CODING_SYSTEMS.map((system) => [system.id, system]));

/** The system of an id. */
export function systemOf(id: string): CodingSystem | undefined {
  return BY_ID.get(id);
}
