import type { Code } from "@cityroot/codes/ma/code";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributesArb } from "../attribute/attribute.testing.ts";
import { sha256 } from "../hash.ts";
import { leafHash, rootOf } from "../log/tree.ts";
import type { Outcome } from "../outcome.ts";
import { codeKey } from "../state/key.ts";
import { type BatchItem, decodeItem, encodeItem } from "./batch-item.ts";
import { batchOf, checkFollows, encodeItemStream, frameItems, splitItemStream } from "./item-stream.ts";

const PARENT = "MA.156.1301.02/60.10000000.1";

function item(serial: string): BatchItem {
  return { code: `${PARENT}/${serial}` as Code, attributes: [], links: [] };
}

function faultOf(outcome: Outcome<unknown>): unknown {
  if (outcome.ok) throw new Error("expected a refusal");
  const { name, fault } = outcome.rejection;
  return [name, fault?.field, fault?.expected, fault?.got];
}

const itemsArb = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), attributesArb), {
    selector: ([serial]) => serial,
    minLength: 1,
    maxLength: 40,
  })
  .map((pairs) => pairs.map(([serial, attributes]) => ({ ...item(serial), attributes })));

describe("an item stream", () => {
  test("is each item after its length, big-endian", () => {
    const one = encodeItem(item("1"));
    const stream = encodeItemStream([item("1"), item("2")]);
    expect(stream.subarray(0, 4)).toEqual(Uint8Array.of(0, 0, 0, one.length));
    expect(stream.subarray(4, 4 + one.length)).toEqual(one);
    expect(stream.length).toBe(2 * (4 + one.length));
  });

  test("is taken apart again", () => {
    fc.assert(
      fc.property(itemsArb, (items) => {
        const split = splitItemStream(encodeItemStream(items));
        expect(split).toEqual({ ok: true, value: items.map(encodeItem) });
      }),
    );
  });

  test("is refused when it ends within an item or its length", () => {
    const stream = encodeItemStream([item("1"), item("2")]);
    const half = stream.length / 2;
    for (let end = 0; end < stream.length; end++) {
      const split = splitItemStream(stream.subarray(0, end));
      if (end === 0 || end === half) {
        expect(split.ok, `the first ${end} bytes`).toBe(true);
        continue;
      }
      const [name, field] = faultOf(split) as string[];
      expect([name, field], `the first ${end} bytes`).toEqual([
        "INTERVAL_MALFORMED",
        `items[${end < half ? 0 : 1}]`,
      ]);
    }
  });

  test("is refused where an item says that it is longer than any may be", () => {
    const stream = frameItems([new Uint8Array(4_097)]);
    expect(faultOf(splitItemStream(stream))).toEqual([
      "INTERVAL_MALFORMED",
      "items[0]",
      "at most 4096 bytes",
      "4097 bytes",
    ]);
  });
});

describe("a batch", () => {
  test("has its items in order of code, and their root and digest", () => {
    fc.assert(
      fc.property(itemsArb, (items) => {
        const made = batchOf(items);
        if (!made.ok) throw new Error(made.rejection.detail);
        const batch = made.value;
        const split = splitItemStream(batch.bytes);
        if (!split.ok) throw new Error(split.rejection.detail);
        const codes = split.value.map((bytes) => {
          const decoded = decodeItem(bytes);
          if (!decoded.ok) throw new Error(decoded.rejection.detail);
          return decoded.value.code;
        });
        expect(codes).toEqual(
          items.map(({ code }) => code).sort((a, b) => (codeKey(a) < codeKey(b) ? -1 : 1)),
        );
        expect(batch.root).toEqual(rootOf(split.value.map(leafHash)));
        expect(batch.digest).toEqual(sha256(batch.bytes));
        expect([batch.count, batch.first, batch.last]).toEqual([items.length, codes[0], codes.at(-1)]);
      }),
    );
  });

  test("puts what follows a slash before what follows a dot, as the state tree does", () => {
    const codes = ["MA.156.1301.02", "MA.156.1301/60"] as Code[];
    const made = batchOf(codes.map((code) => ({ code, attributes: [], links: [] })));
    expect(made.ok && [made.value.first, made.value.last]).toEqual(["MA.156.1301/60", "MA.156.1301.02"]);
  });

  test("is refused without items, with a code twice, and over several parents", () => {
    expect(faultOf(batchOf([]))).toEqual(["INTERVAL_MALFORMED", "items", "1 to 16777216 items", "0 items"]);
    expect(faultOf(batchOf([item("1"), item("2"), item("1")]))).toEqual([
      "INTERVAL_MALFORMED",
      "items[1].code",
      `a code after ${PARENT}/1`,
      `${PARENT}/1`,
    ]);
    const other = { ...item("1"), code: "MA.156.1301.03/60.10000000.1/1" as Code };
    expect(faultOf(batchOf([item("1"), other]))).toEqual([
      "INTERVAL_MALFORMED",
      "items[1].code",
      `a code beside ${PARENT}/1, below the same parent`,
      "MA.156.1301.03/60.10000000.1/1",
    ]);
  });
});

test("an item follows one before it in the tree, beside it", () => {
  const code = item("5").code;
  expect(checkFollows(code, undefined, 0).ok).toBe(true);
  expect(checkFollows(code, item("4").code, 1).ok).toBe(true);
  expect(checkFollows(code, item("50").code, 1).ok).toBe(false);
  expect(checkFollows(item("50").code, code, 1).ok).toBe(true);
  expect(checkFollows(code, code, 1).ok).toBe(false);
  expect(checkFollows(PARENT as Code, code, 1).ok).toBe(false);
});
