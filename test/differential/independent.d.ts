// Of packages without types, what is asked of them here.
declare module "gs1-barcode-parser-mod" {
  export function parseBarcode(text: string): {
    readonly parsedCodeItems: readonly { readonly ai: string; readonly raw: string }[];
  };
}
declare module "ngeohash" {
  /** Lowest latitude and longitude, then the highest ones, in degrees. */
  export function decode_bbox(text: string): readonly [number, number, number, number];
}
declare module "open-location-code" {
  type Area = Readonly<Record<"latitudeLo" | "longitudeLo" | "latitudeHi" | "longitudeHi", number>>;
  export class OpenLocationCode {
    isFull(text: string): boolean;
    decode(text: string): Area;
  }
}
declare module "validator" {
  type Test = (text: string, kind?: unknown) => boolean;
  const tests: Readonly<Record<"isEAN" | "isIMEI" | "isISO6346" | "isMACAddress" | "isUUID", Test>> & {
    readonly isIdentityCard: (text: string, locale: string) => boolean;
  };
  export default tests;
}
declare module "vin-validator" {
  export function validate(text: string): boolean;
}
