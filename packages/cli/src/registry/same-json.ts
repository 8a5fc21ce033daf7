import { isJsonObject, type Json } from "@cityroot/core/json";

/** Whether two values of JSON are the same, whatever the order of their members. */
export function sameJson(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => sameJson(item as Json, b[at] as Json));
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && sameJson(a[name]!, b[name]!))
    );
  }
  return a === b;
}
