import type { CodingSystem } from "./coding-system.ts";

/** Systems of international bodies, and of other countries. */
export const INTERNATIONAL_SYSTEMS: readonly CodingSystem[] = [];
