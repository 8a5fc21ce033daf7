import type { Fault } from "../fault.ts";
import type { SystemFault } from "../systems/coding-system.ts";
import {
  type FitJson,
  fitToJson,
  type IdentificationJson,
  identificationToJson,
  type NearFitJson,
  nearFitToJson,
} from "../systems/identification-json.ts";
import type { Carried, CarriedField, CarrierForm } from "./carried.ts";
import type { TextIdentification } from "./identify-text.ts";
import type { Symbology } from "./symbology.ts";

/** What a text carries, in JSON. */
export type CarriedJson = {
  readonly form: CarrierForm;
  readonly symbology?: Symbology;
  readonly fields: readonly CarriedField[];
  readonly values: readonly CarriedValueJson[];
  readonly digitalLink?: string;
  readonly doubts: readonly Omit<Fault, "fix">[];
  readonly fault?: Omit<SystemFault, "fix">;
};

/** A text within a carrier and what it is, in JSON. */
export type CarriedValueJson = {
  readonly field: string;
  readonly text: string;
  readonly fits: readonly FitJson[];
  readonly nearly: readonly NearFitJson[];
};

/** What a text is and what it carries, in JSON. */
export type TextIdentificationJson = IdentificationJson & { readonly carried?: CarriedJson };

/** The JSON form. */
export function textIdentificationToJson(identified: TextIdentification): TextIdentificationJson {
  const { carried } = identified;
  const json = identificationToJson(identified);
  return carried === undefined ? json : { ...json, carried: carriedToJson(carried) };
}

/** The fits of a text, and of all that it carries, each once: what anything can be claimed of. */
export function allFits({ fits, carried }: TextIdentificationJson): readonly FitJson[] {
  const all = [...fits, ...(carried?.values ?? []).flatMap((value) => value.fits)];
  return all.filter(
    ({ system, canonical }, at) =>
      all.findIndex((other) => other.system === system && other.canonical === canonical) === at,
  );
}

function carriedToJson({
  form,
  symbology,
  fields,
  values,
  digitalLink,
  doubts,
  fault,
}: Carried): CarriedJson {
  return {
    form,
    ...(symbology !== undefined && { symbology }),
    fields,
    values: values.map(({ field, text, fits, nearly }) => ({
      field,
      text,
      fits: fits.map(fitToJson),
      nearly: nearly.map(nearFitToJson),
    })),
    ...(digitalLink !== undefined && { digitalLink }),
    doubts: doubts.map(withoutFix),
    ...(fault !== undefined && { fault: withoutFix(fault) }),
  };
}

function withoutFix<T extends Fault>({ fix: _, ...fault }: T): Omit<T, "fix"> {
  return fault;
}
