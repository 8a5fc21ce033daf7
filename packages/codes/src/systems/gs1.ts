import type { CodingSystem } from "./coding-system.ts";

/** Systems of GS1. */
export const GS1_SYSTEMS: readonly CodingSystem[] = [];
