import type { ATTRIBUTES, AttributeName } from "@cityroot/core/attribute/attribute";
import type { AttributeType } from "@cityroot/core/attribute/attribute-type";

/** JSON form of a text: the text by language tag, such as `{ "zh": "路灯", "en": "Street lamp" }`. */
export type TextJson = { readonly [language: string]: string };

/** JSON form of the value of each kind of attribute. Spec §6.2. */
export type AttributeValueJson = {
  readonly text: TextJson;
  readonly token: string;
  readonly "media-type": string;
  readonly integer: number;
  readonly year: number;
  /** Latitude and longitude in WGS 84, in units of 1e-7 degrees. */
  readonly place: readonly [latitudeE7: number, longitudeE7: number];
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
  readonly code: string;
  readonly legacy: readonly { readonly scheme: string; readonly value: string }[];
};

type KindOf<N extends AttributeName> = (typeof ATTRIBUTES)[N]["kind"] & AttributeType["kind"];

/** Attributes of a record by name. */
export type AttributesJson = { readonly [N in AttributeName]?: AttributeValueJson[KindOf<N>] };

/** Changes of attributes: a value sets, null removes. */
export type AttributeChangesJson = { readonly [N in AttributeName]?: AttributeValueJson[KindOf<N>] | null };

/** A link to what is said elsewhere. RFC 8288, RFC 9264. */
export type LinkJson = {
  /** What the target is to the thing, such as `describedby`. */
  readonly rel: string;
  /** Address of the target, https. */
  readonly href: string;
  readonly type?: string | null;
  readonly lang?: string | null;
  readonly title?: TextJson | null;
};

/** A salted commitment to what stays off the ledger: its name and SHA-256 in hexadecimal. */
export type CommitmentJson = { readonly name: string; readonly digest: string };
