import type { Mending, Part, Standard, Words } from "./coding-system.ts";
import type { Fit, Identification, NearFit } from "./identify.ts";

/** A system that a text fits, in JSON. */
export type FitJson = {
  readonly system: string;
  readonly title: Words;
  readonly standards: readonly Standard[];
  readonly canonical: string;
  readonly check: "right" | "none";
  readonly mended: readonly Mending[];
  readonly parts: readonly Part[];
};

/** A system that a text nearly fits, in JSON. */
export type NearFitJson = {
  readonly system: string;
  readonly title: Words;
  readonly kind: "form" | "value" | "check";
  readonly field: string;
  /** Where the trouble begins in the text as the system writes it, in UTF-16 code units from 0. */
  readonly at?: number;
  readonly expected: string;
  readonly got: string;
  readonly meant?: string;
};

/** What a text is, in JSON. */
export type IdentificationJson = {
  readonly fits: readonly FitJson[];
  readonly nearly: readonly NearFitJson[];
};

/** The JSON form of an identification. */
export function identificationToJson({ fits, nearly }: Identification): IdentificationJson {
  return { fits: fits.map(fitToJson), nearly: nearly.map(nearFitToJson) };
}

/** The JSON form of a fit. */
export function fitToJson({ system: { id, title, standards }, reading }: Fit): FitJson {
  const { canonical, check, mended, parts } = reading;
  return { system: id, title, standards, canonical, check, mended, parts };
}

/** The JSON form of a near fit. */
export function nearFitToJson({ system: { id, title }, fault }: NearFit): NearFitJson {
  const { kind, field, at, expected, got, meant } = fault;
  return {
    ...{ system: id, title, kind, field, expected, got },
    ...(at === undefined ? {} : { at }),
    ...(meant === undefined ? {} : { meant }),
  };
}
