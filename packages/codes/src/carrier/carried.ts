import type { Fault } from "../fault.ts";
import type { SystemFault, Words } from "../systems/coding-system.ts";
import type { Fit, NearFit } from "../systems/identify.ts";
import type { PersonalKind } from "../systems/persons.ts";
import type { Symbology } from "./symbology.ts";

/**
 * How a text holds codes that is none itself.
 *
 * - `element-string`: application identifiers of GS1 and their values, printed or scanned.
 * - `digital-link`: the same as a web address, plain or compressed.
 * - `message`: an ISO/IEC 15434 message, as two-dimensional codes on parts and parcels hold it.
 * - `web-address`: any other address of http or https.
 * - `uri`: a URN, or a name behind the scheme of its system, such as `doi:`.
 * - `barcode`: a plain text, behind the symbology identifier that a scanner put before it.
 */
export type CarrierForm = "element-string" | "digital-link" | "message" | "web-address" | "uri" | "barcode";

/** What a carrier says under one of its names. */
export type CarriedField = {
  /** How the carrier names it: an application identifier `01`, a data identifier `25S`, `path`, a name of a query. */
  readonly name: string;
  readonly label: Words;
  /** What it says, as the carrier writes it; null where it tells of a person, so that it is not repeated. */
  readonly text: string | null;
  /** What that means, where this package knows it. */
  readonly meaning?: Words;
};

/** A text within a carrier that was held against coding systems. */
export type CarriedValue = {
  /** The field that it stands in. */
  readonly field: string;
  readonly text: string;
  readonly fits: readonly Fit[];
  readonly nearly: readonly NearFit[];
};

/** What a text holds that is more than a code. */
export type Carried = {
  readonly form: CarrierForm;
  readonly symbology?: Symbology;
  readonly fields: readonly CarriedField[];
  readonly values: readonly CarriedValue[];
  /** The canonical GS1 Digital Link URI of the thing, where the carrier holds a key of GS1. */
  readonly digitalLink?: string;
  /** What may be missing or too much. */
  readonly doubts: readonly Fault[];
  /** The number of a person that stands in it, for which nothing else may be said of it. */
  readonly person?: PersonalKind;
  /** Why it is not what it is written like. */
  readonly fault?: SystemFault;
};
