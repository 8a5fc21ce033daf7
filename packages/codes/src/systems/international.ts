import { uprn, usrn } from "./british-property.ts";
import type { CodingSystem } from "./coding-system.ts";
import { eui48, eui64 } from "./eui.ts";
import { freightContainer } from "./freight-container.ts";
import { geohash } from "./geohash.ts";
import { doi, handle } from "./handle.ts";
import { ifopt } from "./ifopt.ts";
import { imei, imeisv } from "./imei.ts";
import { ipv6 } from "./ipv6.ts";
import { iso3166Alpha2, iso3166Alpha3, iso3166Numeric } from "./iso3166-1.ts";
import { iso3166Part2 } from "./iso3166-2.ts";
import { lei } from "./lei.ts";
import { oid } from "./oid.ts";
import { plusCode } from "./plus-code.ts";
import { unlocode } from "./unlocode.ts";
import { uuid } from "./uuid.ts";
import { vin } from "./vin.ts";

/** Systems of international bodies, and of other countries. */
export const INTERNATIONAL_SYSTEMS: readonly CodingSystem[] = [
  oid,
  handle,
  doi,
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
  ifopt,
  uuid,
  ipv6,
  geohash,
  plusCode,
];
