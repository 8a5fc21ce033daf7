import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Code } from "@cityroot/codes/ma/code";
import { attributesArb, linksArb } from "@cityroot/core/attribute/attribute.testing";
import { linksToCbor } from "@cityroot/core/attribute/link";
import { encodeCbor } from "@cityroot/core/cbor";
import { bytesToHex } from "@cityroot/core/hex";
import { type BatchItem, encodeItem } from "@cityroot/core/operation/batch-item";
import { frameItems, type ItemBatch } from "@cityroot/core/operation/item-stream";
import { checkItem } from "@cityroot/core/operation/standing";
import type { Outcome } from "@cityroot/core/outcome";
import { codeKey } from "@cityroot/core/state/key";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { installNativeFunctions } from "../store/native-functions.ts";
import { codeOf, intervalOf, lamps, makeBatch, PARENT, streamOf, streamOfItems } from "./payload.testing.ts";
import type { PayloadDamage, PayloadStore, StoredPayload } from "./payload-store.ts";

// What every payload store does, wherever it keeps what it is given.

/** What a test decides about a store. */
export type PlaceOptions = {
  readonly sizeBytesMax?: number;
  readonly onDamaged?: (damage: PayloadDamage) => void;
};

/** A place of its own for the payloads of one test. */
export type PayloadPlace = {
  /** Opens a store over what the place holds. */
  readonly open: (options: PlaceOptions) => PayloadStore;
  /** Names of all that is kept there, whatever it is. */
  readonly kept: () => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
};

/** The value of an outcome that is no refusal. */
export function demand<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.rejection.detail);
}

/** What a store says of a batch's payload. */
export function storedOf({ bytes, ...batch }: ItemBatch): StoredPayload {
  return { ...batch, sizeBytes: bytes.length };
}

/** What a store's answer shows of a code, as a verifier of bundles sees it; undefined when it shows nothing. */
export function shownBy(
  store: PayloadStore,
  batch: ItemBatch,
  code: Code,
): "issued" | "never issued" | undefined {
  const interval = intervalOf(batch);
  const proofs = store.itemsOf(interval, code);
  let last = -1;
  let next = batch.count;
  for (const proof of proofs) {
    const item = checkItem(interval, undefined, proof);
    if (!item.ok) throw new Error(`${code}: ${item.rejection.detail}`);
    if (item.value.code === code) return "issued";
    if (codeKey(item.value.code) < codeKey(code)) last = Math.max(last, proof.index);
    else next = Math.min(next, proof.index);
  }
  return next === last + 1 ? "never issued" : undefined;
}

/** Tries everything that a payload store promises on stores of one kind. */
export function describePayloadStore(kind: string, openPlace: () => Promise<PayloadPlace>): void {
  installNativeFunctions();
  let place: PayloadPlace;
  let store: PayloadStore;
  let damages: PayloadDamage[] = [];
  const shownOf = (batch: ItemBatch, code: Code) => shownBy(store, batch, code);

  beforeEach(async () => {
    place = await openPlace();
    damages = [];
    store = place.open({ onDamaged: (damage) => damages.push(damage) });
  });

  afterEach(async () => {
    store.close();
    await place.remove();
  });

  describe(`a payload stored in ${kind}`, () => {
    test("is what its batch says, for every number of items from 1 to 300", async () => {
      const items = lamps(300);
      for (let count = 1; count <= 300; count++) {
        const batch = makeBatch(items.slice(0, count));
        const stored = await store.put(streamOf(batch.bytes, 1_000 + count));
        expect(stored, `${count} items`).toEqual({ ok: true, value: storedOf(batch) });
      }
    }, 120_000);

    test("proves every item and every gap", async () => {
      const items = lamps(300);
      const counts = [
        1, 2, 3, 5, 31, 32, 33, 63, 64, 65, 66, 127, 128, 129, 191, 192, 193, 255, 256, 257, 299, 300,
      ];
      for (const count of counts) {
        const batch = makeBatch(items.slice(0, count));
        demand(await store.put(streamOf(batch.bytes)));
        for (let number = 1; number <= 2 * count + 1; number++) {
          const shown = number % 2 === 0 ? "issued" : "never issued";
          expect(shownOf(batch, codeOf(number)), `${number} of ${count} items`).toBe(shown);
        }
      }
      expect(damages).toEqual([]);
    });

    test("proves items and gaps at the edges of pages of pages", async () => {
      const items = lamps(12_300);
      for (const count of [4_095, 4_096, 4_097, 4_160, 4_161, 8_192, 12_300]) {
        const batch = makeBatch(items.slice(0, count));
        demand(await store.put(streamOf(batch.bytes)));
        const numbers = [
          1,
          2,
          127,
          128,
          129,
          130,
          8_191,
          8_192,
          8_193,
          8_194,
          16_383,
          16_384,
          16_385,
          2 * count,
        ];
        for (const number of [...numbers, 2 * count + 1, 2 * count - 1, count, count + 1]) {
          const shown = number % 2 === 0 && number <= 2 * count ? "issued" : "never issued";
          expect(shownOf(batch, codeOf(number)), `${number} of ${count} items`).toBe(shown);
        }
      }
      expect(damages).toEqual([]);
    });

    test("shows nothing for codes that are not beside its items, and for payloads that are not here", async () => {
      const batch = makeBatch(lamps(10));
      expect(store.itemsOf(intervalOf(batch), codeOf(2))).toEqual([]);
      demand(await store.put(streamOf(batch.bytes)));
      for (const code of ["MA.156", PARENT, `${codeOf(2)}.1`, "MA.156.1301.03/60.10000000.1/0000002"]) {
        expect(store.itemsOf(intervalOf(batch), code as Code), code).toEqual([]);
      }
      expect(damages).toEqual([]);
    });

    test("gives nothing for a batch of another root, and says so", async () => {
      const batch = makeBatch(lamps(10));
      demand(await store.put(streamOf(batch.bytes)));
      const other = { ...intervalOf(batch), root: batch.digest };
      expect(store.itemsOf(other, codeOf(2))).toEqual([]);
      expect(damages.map(({ digest }) => digest)).toEqual([batch.digest]);
    });

    test("comes in whatever items and pieces of the stream", async () => {
      const itemArb = fc.record({
        serial: fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/),
        attributes: attributesArb,
        links: fc.oneof(fc.constant([]), linksArb.map(linksToCbor)),
      });
      const itemsArb = fc.uniqueArray(itemArb, {
        selector: ({ serial }) => serial,
        minLength: 1,
        maxLength: 90,
      });
      await fc.assert(
        fc.asyncProperty(itemsArb, fc.integer({ min: 1, max: 2_000 }), async (drawn, pieceBytes) => {
          const items = drawn.map(({ serial, ...rest }) => ({
            code: `${PARENT}/${serial}` as Code,
            ...rest,
          }));
          const batch = makeBatch(items);
          expect(await store.put(streamOf(batch.bytes, pieceBytes))).toEqual({
            ok: true,
            value: storedOf(batch),
          });
          for (const { code } of items) expect(shownOf(batch, code)).toBe("issued");
        }),
        { numRuns: 60 },
      );
    });

    test("comes in byte by byte, and in one piece with many blocks", async () => {
      const small = makeBatch(lamps(200));
      expect(await store.put(streamOf(small.bytes, 1))).toEqual({ ok: true, value: storedOf(small) });
      const large = makeBatch(lamps(30_000));
      expect(await store.put(Readable.from([large.bytes]))).toEqual({ ok: true, value: storedOf(large) });
      expect(await store.verifyPayload(large.digest)).toEqual({ kind: "whole", payload: storedOf(large) });
    });

    test("comes in with items of the greatest length over the ends of blocks", async () => {
      const links = Array.from({ length: 3 }, (_, at) => {
        const href = `https://example.org/${"a".repeat(990)}${at}`;
        return ["describedby", href, null, null, [["en", "b".repeat(240)]]];
      });
      const items = Array.from({ length: 300 }, (_, index) => ({
        code: codeOf(index),
        attributes: [],
        links,
      }));
      expect(encodeItem(items[0]!).length).toBeGreaterThan(3_800);
      const batch = makeBatch(items);
      for (const pieceBytes of [4_099, 262_144]) {
        expect(await store.put(streamOf(batch.bytes, pieceBytes))).toEqual({
          ok: true,
          value: storedOf(batch),
        });
      }
      expect(shownOf(batch, codeOf(299))).toBe("issued");
    });

    test("has separators in the tree's order", async () => {
      const codes = ["MA.156.1301/60", "MA.156.1301/61", "MA.156.1301.02", "MA.156.1301.03"] as Code[];
      const batch = makeBatch(codes.map((code) => ({ code, attributes: [], links: [] })));
      demand(await store.put(streamOf(batch.bytes)));
      for (const code of codes) expect(shownOf(batch, code), code).toBe("issued");
      for (const code of ["MA.156.1301/62", "MA.156.1301.01", "MA.156.1301.025", "MA.156.1301.04"]) {
        expect(shownOf(batch, code as Code), code).toBe("never issued");
      }
    });

    test("is read as it came", async () => {
      const batch = makeBatch(lamps(1_000));
      expect(await store.read(batch.digest)).toBeUndefined();
      expect(store.find(batch.digest)).toBeUndefined();
      demand(await store.put(streamOf(batch.bytes)));
      expect(store.find(batch.digest)).toEqual(storedOf(batch));
      const read = await store.read(batch.digest);
      expect(read?.sizeBytes).toBe(batch.bytes.length);
      expect(await buffer(read!.bytes)).toEqual(Buffer.from(batch.bytes));
    });

    test("is among those that are held, in order of digest", async () => {
      const batches = [1, 2, 3].map((count) => makeBatch(lamps(count)));
      expect([...store.digests()]).toEqual([]);
      for (const { bytes } of batches) demand(await store.put(streamOf(bytes)));
      const names = batches.map(({ digest }) => bytesToHex(digest)).sort();
      expect([...store.digests()].map(bytesToHex)).toEqual(names);
    });

    test("is checked where it is kept, and nothing has to be brought that is here", async () => {
      const batch = makeBatch(lamps(200));
      expect(await store.verifyPayload(batch.digest)).toEqual({ kind: "missing" });
      expect(await store.bring(batch.digest)).toBe(false);
      demand(await store.put(streamOf(batch.bytes)));
      expect(await store.verifyPayload(batch.digest)).toEqual({ kind: "whole", payload: storedOf(batch) });
      expect(await store.bring(batch.digest)).toBe(false);
    });

    test("is there after the store was opened again", async () => {
      const batch = makeBatch(lamps(5));
      demand(await store.put(streamOf(batch.bytes)));
      const again = place.open({});
      expect(again.find(batch.digest)).toEqual(storedOf(batch));
      expect(again.itemsOf(intervalOf(batch), codeOf(2))).toEqual(
        store.itemsOf(intervalOf(batch), codeOf(2)),
      );
      again.close();
    });

    test("may come again, also at the same time", async () => {
      const batch = makeBatch(lamps(2_000));
      const puts = Array.from({ length: 4 }, () => store.put(streamOf(batch.bytes)));
      for (const stored of await Promise.all(puts))
        expect(stored).toEqual({ ok: true, value: storedOf(batch) });
      expect(await store.put(streamOf(batch.bytes))).toEqual({ ok: true, value: storedOf(batch) });
      expect([...store.digests()]).toEqual([batch.digest]);
      expect(shownOf(batch, codeOf(3))).toBe("never issued");
    });
  });

  describe(`a stream that is refused by ${kind}`, () => {
    async function refusalOf(
      stream: Readable,
      options: PlaceOptions = {},
      expected?: StoredPayload,
    ): Promise<unknown[]> {
      const opened = place.open(options);
      const stored = await opened.put(stream, expected);
      opened.close();
      expect(await place.kept()).toEqual([]);
      if (stored.ok) throw new Error("expected a refusal");
      const { name, fault } = stored.rejection;
      return [name, fault?.field, fault?.expected, fault?.got];
    }

    function streamOfNumbers(...numbers: number[]): Readable {
      return streamOfItems(numbers.map((number) => ({ code: codeOf(number), attributes: [], links: [] })));
    }

    test("holds nothing", async () => {
      expect(await refusalOf(Readable.from([]))).toEqual([
        "INTERVAL_MALFORMED",
        "items",
        "1 to 16777216 items",
        "0 items",
      ]);
    });

    test("has items out of order or twice", async () => {
      const after = `a code after ${codeOf(3)}`;
      expect(await refusalOf(streamOfNumbers(1, 3, 2))).toEqual([
        "INTERVAL_MALFORMED",
        "items[2].code",
        after,
        codeOf(2),
      ]);
      expect(await refusalOf(streamOfNumbers(1, 2, 3, 3))).toEqual([
        "INTERVAL_MALFORMED",
        "items[3].code",
        after,
        codeOf(3),
      ]);
    });

    test("has items of another parent", async () => {
      const stranger = "MA.156.1301.03/60.10000000.1/0000002" as Code;
      const items: BatchItem[] = [...lamps(70), { code: stranger, attributes: [], links: [] }];
      expect(await refusalOf(streamOfItems(items))).toEqual([
        "INTERVAL_MALFORMED",
        "items[70].code",
        `a code beside ${codeOf(140)}, below the same parent`,
        stranger,
      ]);
    });

    test("has an item that is none", async () => {
      const sound = lamps(100).map(encodeItem);
      const wrong = {
        "items[100]": encodeCbor(["MA.156", []]),
        "items[100].code": encodeCbor(["MA.156.1301.02/60.10000000.1.1", [], []]),
        "items[100].attributes.name": encodeCbor([codeOf(999), [["name", []]], []]),
        "items[100].links": encodeCbor([codeOf(999), [], null]),
      };
      for (const [field, item] of Object.entries(wrong)) {
        const [, at] = await refusalOf(streamOf(frameItems([...sound, item])));
        expect(at, field).toBe(field);
      }
      const person = encodeCbor([codeOf(999), [["name", [["en", "call 13812345678"]]]], []]);
      const [name, field] = await refusalOf(streamOf(frameItems([...sound, person])));
      expect([name, field]).toEqual(["PERSONAL_NUMBER", "items[100].attributes.name.en"]);
      const code = encodeCbor([`${PARENT}/11010519491231002X`, [], []]);
      for (const before of [sound, []]) {
        const [named, place] = await refusalOf(streamOf(frameItems([...before, code])));
        expect([named, place]).toEqual(["PERSONAL_NUMBER", `items[${before.length}].code`]);
      }
    });

    test("has an item that is too long", async () => {
      const item = encodeCbor([codeOf(1), [], new Uint8Array(5_000)]);
      expect(await refusalOf(streamOf(frameItems([item])))).toEqual([
        "INTERVAL_MALFORMED",
        "items[0]",
        "at most 4096 bytes",
        `${item.length} bytes`,
      ]);
    });

    test("is longer than the store takes", async () => {
      const { bytes } = makeBatch(lamps(100));
      const refusal = await refusalOf(streamOf(bytes, 100), { sizeBytesMax: bytes.length - 1 });
      expect(refusal).toEqual(["INTERVAL_MALFORMED", "items", `at most ${bytes.length - 1} bytes`, "more"]);
      expect((await store.put(streamOf(bytes))).ok).toBe(true);
    });

    test("ends within an item", async () => {
      const { bytes } = makeBatch(lamps(3));
      const ends = new Set([0]);
      for (let at = 0; at < bytes.length; at += 4 + Buffer.from(bytes).readUInt32BE(at)) ends.add(at);
      for (let end = 0; end < bytes.length; end++) {
        if (ends.has(end)) continue;
        const [name, field] = await refusalOf(streamOf(bytes.subarray(0, end)));
        const index = [...ends].filter((at) => at <= end).length - 1;
        expect([name, field], `the first ${end} bytes`).toEqual(["INTERVAL_MALFORMED", `items[${index}]`]);
      }
    });

    test("breaks off, or is none of bytes", async () => {
      const { bytes } = makeBatch(lamps(3_000));
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield bytes.subarray(0, 300_000);
        throw new Error("the line is dead");
      }
      await expect(store.put(Readable.from(broken()))).rejects.toThrow(
        "the payload could not be stored: the line is dead",
      );
      const destroyed = Readable.from(broken());
      destroyed.destroy();
      await expect(store.put(destroyed)).rejects.toThrow("the payload could not be stored");
      await expect(store.put(Readable.from(["text"]))).rejects.toThrow("the payload could not be stored");
      expect(await place.kept()).toEqual([]);
    });

    test("is not the one that is expected", async () => {
      const batch = makeBatch(lamps(10));
      const wanted = storedOf(batch);
      const other = makeBatch(lamps(9));
      const [name, field, expected, got] = await refusalOf(streamOf(other.bytes), {}, wanted);
      expect([name, field]).toEqual(["PAYLOAD_MISMATCH", "digest"]);
      expect([expected, got]).toEqual([bytesToHex(batch.digest), bytesToHex(other.digest)]);
      const untrue = { ...wanted, root: batch.digest };
      expect((await refusalOf(streamOf(batch.bytes), {}, untrue)).slice(0, 2)).toEqual([
        "PAYLOAD_MISMATCH",
        "root",
      ]);
      const longer = makeBatch(lamps(11));
      const [, , limit] = await refusalOf(streamOf(longer.bytes), {}, wanted);
      expect(limit).toBe(`at most ${batch.bytes.length} bytes`);
      expect(demand(await store.put(streamOf(batch.bytes), wanted))).toEqual(wanted);
    });
  });
}
