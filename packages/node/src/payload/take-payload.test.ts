import type { Code } from "@cityroot/codes/ma/code";
import { ITEM_BYTES_MAX } from "@cityroot/core/limits";
import { leafHash, rootOf } from "@cityroot/core/log/tree";
import { decodeItem } from "@cityroot/core/operation/batch-item";
import { checkFollows, encodeItemStream } from "@cityroot/core/operation/item-stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { installNativeFunctions } from "../store/native-functions.ts";
import { lamps, streamOf } from "./payload.testing.ts";
import { takePayload } from "./take-payload.ts";

installNativeFunctions();

const NOWHERE = { takeItems: async () => {}, takePage: () => undefined };

/** What a stream is, worked out item by item with the core alone: its root, or the first fault. */
function referenceOf(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const leaves: Uint8Array[] = [];
  let before: Code | undefined;
  for (let at = 0; at < bytes.length; ) {
    const index = leaves.length;
    const length = bytes.length - at < 4 ? 0 : view.getUint32(at);
    if (length > ITEM_BYTES_MAX) return `INTERVAL_MALFORMED at items[${index}]`;
    if (bytes.length - at < 4 + length) return `INTERVAL_MALFORMED at items[${index}]`;
    const item = bytes.subarray(at + 4, at + 4 + length);
    const decoded = decodeItem(item);
    if (!decoded.ok) {
      const { name, fault } = decoded.rejection;
      return `${name} at ${fault?.field.replace("item", `items[${index}]`)}`;
    }
    const placed = checkFollows(decoded.value.code, before, index);
    if (!placed.ok) return `INTERVAL_MALFORMED at items[${index}].code`;
    before = decoded.value.code;
    leaves.push(leafHash(item));
    at += 4 + length;
  }
  if (leaves.length === 0) return "INTERVAL_MALFORMED at items";
  return Buffer.from(rootOf(leaves)).toString("hex");
}

async function resultOf(bytes: Uint8Array, pieceBytes: number): Promise<string> {
  const taken = await takePayload(streamOf(bytes, pieceBytes), NOWHERE, Number.POSITIVE_INFINITY);
  if (taken.ok) return Buffer.from(taken.value.root).toString("hex");
  return `${taken.rejection.name} at ${taken.rejection.fault?.field}`;
}

describe("taking a stream", () => {
  const whole = encodeItemStream(lamps(70));

  test("finds what the core finds, whatever was changed in it", async () => {
    const editArb = fc.record({
      kind: fc.constantFrom("bit", "byte", "remove", "repeat", "cut", "swap"),
      at: fc.nat({ max: whole.length - 1 }),
      length: fc.integer({ min: 1, max: 220 }),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(editArb, { maxLength: 2 }),
        fc.integer({ min: 1, max: 9_000 }),
        async (edits, piece) => {
          let bytes = [...whole];
          for (const { kind, at, length, byte } of edits) {
            if (kind === "bit") bytes[at % bytes.length]! ^= 1 << (byte & 7);
            else if (kind === "byte") bytes[at % bytes.length] = byte;
            else if (kind === "remove") bytes.splice(at, length);
            else if (kind === "repeat") bytes.splice(at, 0, ...bytes.slice(at, at + length));
            else if (kind === "cut") bytes = bytes.slice(0, at + 1);
            else bytes.splice(at, 0, ...bytes.splice(at + length, length));
            if (bytes.length === 0) return;
          }
          const stream = Uint8Array.from(bytes);
          const expected = referenceOf(stream);
          if (!expected.includes(" at ")) accepted++;
          expect(await resultOf(stream, piece)).toBe(expected);
        },
      ),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test("takes items away and puts them twice as the core does", async () => {
    const ends = [0];
    const view = new DataView(whole.buffer);
    for (let at = 0; at < whole.length; at = ends.at(-1)!) ends.push(at + 4 + view.getUint32(at));
    for (let item = 0; item < 70; item++) {
      const [from, to] = [ends[item]!, ends[item + 1]!];
      const without = Buffer.concat([whole.subarray(0, from), whole.subarray(to)]);
      const twice = Buffer.concat([whole.subarray(0, to), whole.subarray(from)]);
      for (const stream of [without, twice]) {
        expect(await resultOf(stream, 1_000), `item ${item}`).toBe(referenceOf(stream));
      }
    }
  });

  test("needs the sink to let go of what it was given before it goes on, and before it ends", async () => {
    const bytes = encodeItemStream(lamps(20_000));
    let held = 0;
    let mostHeld = 0;
    const takeItems = async (): Promise<void> => {
      mostHeld = Math.max(mostHeld, ++held);
      for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      held--;
    };
    const taken = await takePayload(streamOf(bytes), { ...NOWHERE, takeItems }, Number.POSITIVE_INFINITY);
    expect(taken.ok).toBe(true);
    expect(held).toBe(0);
    expect(mostHeld).toBeLessThanOrEqual(4);
    const broken = bytes.slice();
    broken[bytes.length - 40] = 0xff;
    const refused = await takePayload(streamOf(broken), { ...NOWHERE, takeItems }, Number.POSITIVE_INFINITY);
    expect(refused.ok).toBe(false);
    expect(held).toBe(0);
  });

  test("gives a sink's error", async () => {
    const sink = {
      ...NOWHERE,
      takeItems: async () => {
        throw new Error("no space left");
      },
    };
    await expect(takePayload(streamOf(whole), sink, Number.POSITIVE_INFINITY)).rejects.toThrow(
      "no space left",
    );
  });
});
