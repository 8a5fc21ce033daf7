import type { CodingSystem } from "./coding-system.ts";
import { giai } from "./giai.ts";
import { gln } from "./gln.ts";
import { grai } from "./grai.ts";
import { gtin8 } from "./gtin-8.ts";
import { gtin12 } from "./gtin-12.ts";
import { gtin13 } from "./gtin-13.ts";
import { gtin14 } from "./gtin-14.ts";
import { sgtin } from "./sgtin.ts";
import { sscc } from "./sscc.ts";

/** Systems of GS1. */
export const GS1_SYSTEMS: readonly CodingSystem[] = [
  gtin8,
  gtin12,
  gtin13,
  gtin14,
  gln,
  sscc,
  grai,
  giai,
  sgtin,
];
