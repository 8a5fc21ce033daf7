import { cityComponent } from "./city-component.ts";
import type { CodingSystem } from "./coding-system.ts";
import { ecode } from "./ecode.ts";
import { gbt2260 } from "./gbt2260.ts";
import { industrialInternetId } from "./industrial-internet-id.ts";
import { licencePlate } from "./licence-plate.ts";
import { organisationCode } from "./organisation-code.ts";
import { realEstateUnit } from "./real-estate-unit.ts";
import { statisticalDivision9 } from "./statistical-division-9.ts";
import { statisticalDivision12 } from "./statistical-division-12.ts";
import { uscc } from "./uscc.ts";

/** Systems that Chinese standards lay down. */
export const CHINESE_SYSTEMS: readonly CodingSystem[] = [
  gbt2260,
  statisticalDivision12,
  statisticalDivision9,
  uscc,
  organisationCode,
  cityComponent,
  realEstateUnit,
  licencePlate,
  industrialInternetId,
  ecode,
];
