import { APPLICATION_IDENTIFIERS } from "./application-identifiers.ts";
import type { Element } from "./element.ts";

/** A key among elements, with the elements that narrow it down. */
export type FoundKey = {
  readonly key: Element;
  /** In the order in which they follow the key in a GS1 Digital Link URI. */
  readonly qualifiers: readonly Element[];
};

/** The keys among elements, in their order: what the elements may be about. */
export function findKeys(elements: readonly Element[]): readonly FoundKey[] {
  return elements.flatMap((key) => {
    const orders = APPLICATION_IDENTIFIERS.get(key.ai)?.qualifierOrders;
    return orders === undefined ? [] : [{ key, qualifiers: qualifiersOf(elements, orders) }];
  });
}

/** The qualifiers of the first order of which there are some. */
function qualifiersOf(
  elements: readonly Element[],
  orders: readonly (readonly string[])[],
): readonly Element[] {
  for (const order of orders) {
    const found = order.flatMap((ai) => elements.filter((element) => element.ai === ai));
    if (found.length > 0) return found;
  }
  return [];
}
