import fc from "fast-check";
import { APPLICATION_IDENTIFIERS } from "./application-identifiers.ts";
import { valuesOf } from "./elements.testing.ts";

const keys = [...APPLICATION_IDENTIFIERS.values()].filter((each) => each.qualifierOrders !== undefined);
const attributes = [...APPLICATION_IDENTIFIERS.values()].filter((each) => each.isAttribute);
/** Elements of a key, some of its qualifiers and some attributes. */
export const links = fc.constantFrom(...keys).chain((key) =>
  fc.constantFrom(...(key.qualifierOrders ?? [])).chain((order) =>
    fc
      .tuple(fc.subarray([...order]), fc.uniqueArray(fc.constantFrom(...attributes), { maxLength: 3 }))
      .chain(([qualifiers, more]) => {
        const others = more.filter(
          ({ ai }) =>
            !keys.some((each) => each.ai === ai) && !(key.qualifierOrders ?? []).flat().includes(ai),
        );
        const all = [key, ...qualifiers.flatMap((ai) => APPLICATION_IDENTIFIERS.get(ai) ?? []), ...others];
        return fc.tuple(...all.map((each) => valuesOf(each).map((value) => ({ ai: each.ai, value }))));
      }),
  ),
);
