import { type Code, isCode } from "@cityroot/codes/ma/code";
import { codes } from "@cityroot/codes/ma/code.testing";
import { parentOf } from "@cityroot/codes/ma/prefix";
import { checkFollows } from "@cityroot/core/operation/item-stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodeOrder } from "./code-order.ts";

const AROUND = 3;

function takes(order: CodeOrder, text: string): boolean {
  const bytes = Buffer.from(`???${text}???`, "latin1");
  return order.takeBytes(bytes, AROUND, AROUND + text.length);
}

/** The parent of a code and the separator after it. */
function stemOf(code: string): string {
  return code.slice(0, Math.max(code.lastIndexOf("."), code.lastIndexOf("/")) + 1);
}

const unitArb = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(..."0123456789ABMZamz-_") },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }).map((unit) => String.fromCharCode(unit)) },
);
const nodeArb = fc.string({ unit: unitArb, maxLength: 60 });

describe("the order of codes", () => {
  test("takes from bytes exactly the codes with the last one's stem that come after it", () => {
    fc.assert(
      fc.property(codes, fc.array(nodeArb, { maxLength: 8 }), (first, nodes) => {
        const order = new CodeOrder();
        order.take(first);
        let last: Code = first;
        for (const node of nodes) {
          const text = stemOf(first) + node;
          const isNext = isCode(text) && stemOf(text) === stemOf(first) && checkFollows(text, last, 1).ok;
          expect(takes(order, text), `${text} after ${last}`).toBe(isNext);
          if (isNext) last = text as Code;
          expect(order.last).toBe(last);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("takes from bytes no code that is not next to the last", () => {
    fc.assert(
      fc.property(codes, codes, (last, next) => {
        const order = new CodeOrder();
        order.take(last);
        if (!takes(order, next)) return;
        expect(parentOf(next)).toBe(parentOf(last));
        expect(checkFollows(next, last, 1).ok).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("takes nothing from bytes before it has a code", () => {
    const order = new CodeOrder();
    expect(order.last).toBeUndefined();
    expect(takes(order, "MA.156")).toBe(false);
    expect(order.last).toBeUndefined();
  });

  test("leaves a code with a citizen number to who refuses it", () => {
    const order = new CodeOrder();
    order.take("MA.156.1301/60.10000000.1/100000000000000000" as Code);
    expect(takes(order, "MA.156.1301/60.10000000.1/11010519491231002X")).toBe(false);
    expect(takes(order, "MA.156.1301/60.10000000.1/A-110105-19491231-002X")).toBe(false);
    expect(takes(order, "MA.156.1301/60.10000000.1/110105194912310021")).toBe(true);
    expect(takes(order, "MA.156.1301/60.10000000.1/13800138000")).toBe(true);
  });

  test("learns another separator below the same parent", () => {
    const order = new CodeOrder();
    order.take("MA.156.1301/60" as Code);
    expect(takes(order, "MA.156.1301.02")).toBe(false);
    order.take("MA.156.1301.02" as Code);
    expect(takes(order, "MA.156.1301/61")).toBe(false);
    expect(takes(order, "MA.156.1301.03")).toBe(true);
    expect(order.last).toBe("MA.156.1301.03");
  });
});
