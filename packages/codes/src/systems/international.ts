import { uprn, usrn } from "./british-property.ts";
import type { CodingSystem } from "./coding-system.ts";
import { eui48, eui64 } from "./eui.ts";
import { freightContainer } from "./freight-container.ts";
import { imei, imeisv } from "./imei.ts";
import { iso3166Alpha2, iso3166Alpha3, iso3166Numeric } from "./iso3166-1.ts";
import { iso3166Part2 } from "./iso3166-2.ts";
import { lei } from "./lei.ts";
import { unlocode } from "./unlocode.ts";
import { uuid } from "./uuid.ts";
import { vin } from "./vin.ts";

/** Systems of international bodies, and of other countries. */
export const INTERNATIONAL_SYSTEMS: readonly CodingSystem[] = [
  iso3166Alpha2,
  iso3166Alpha3,
  iso3166Numeric,
  iso3166Part2,
  unlocode,
  lei,
  vin,
  imei,
  imeisv,
  eui48,
  eui64,
  freightContainer,
  uprn,
  usrn,
  uuid,
];
