import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { bytesToHex } from "@cityroot/core/hex";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { installNativeFunctions } from "../store/native-functions.ts";
import { NoRoomError } from "./disk-room.ts";
import { openFolderPayloadStore } from "./folder-payload-store.ts";
import { codeOf, filesIn, lamps, makeBatch, streamOf } from "./payload.testing.ts";
import { pathsOf } from "./payload-folder.ts";
import { demand, describePayloadStore, shownBy } from "./payload-store.testing.ts";
import type { PayloadDamage, PayloadStore } from "./payload-store.ts";

installNativeFunctions();

describePayloadStore("a folder", async () => {
  const place = mkdtempSync(`${tmpdir()}/cityroot-payload-`);
  return {
    open: (options) => openFolderPayloadStore(place, options),
    kept: async () => filesIn(place),
    remove: async () => rmSync(place, { recursive: true }),
  };
});

let folder = "";
let store: PayloadStore;
let damages: PayloadDamage[] = [];

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/cityroot-payload-`);
  damages = [];
  store = openFolderPayloadStore(folder, { onDamaged: (damage) => damages.push(damage) });
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

test("a payload has its two files under its name", async () => {
  const batch = makeBatch(lamps(5));
  demand(await store.put(streamOf(batch.bytes)));
  const name = bytesToHex(batch.digest);
  expect(filesIn(folder)).toEqual([`${name}.index`, `${name}.items`]);
  expect(pathsOf(folder, name).items).toBe(`${folder}/${name.slice(0, 2)}/${name}.items`);
});

describe("a damaged payload", () => {
  const batch = makeBatch(lamps(5_000));
  const name = bytesToHex(batch.digest);
  const numbers = [1, 2, 5, 128, 129, 130, 131, 2_000, 2_001, 8_192, 8_193, 8_194, 9_999, 10_000, 10_001];

  /** Checks that no answer is wrong, and gives how many there are. */
  function countAnswers(why: string): number {
    let answers = 0;
    for (const number of numbers) {
      const shown = shownBy(store, batch, codeOf(number));
      if (shown === undefined) continue;
      expect(shown, `${number}, ${why}`).toBe(number % 2 === 0 ? "issued" : "never issued");
      answers++;
    }
    return answers;
  }

  test.each(["items", "index"] as const)(
    "answers nothing wrong whatever byte of its %s has changed",
    async (kind) => {
      demand(await store.put(streamOf(batch.bytes)));
      const path = pathsOf(folder, name)[kind];
      const whole = readFileSync(path);
      const places = [0, 3, 4, 5, 10, 40, 511, 512, 519, 520, 521, 648, 660, whole.length - 1];
      for (let draw = 0; draw < 60; draw++) places.push((draw * 7_919_113 + 31) % whole.length);
      for (const at of places) {
        const changed = Buffer.from(whole);
        changed[at]! ^= 1 << (at % 8);
        store.close();
        writeFileSync(path, changed);
        damages = [];
        const answers = countAnswers(`byte ${at} of ${kind}`);
        expect(damages.length, `byte ${at} of ${kind}`).toBe(numbers.length - answers);
        const verdict = await store.verifyPayload(batch.digest);
        expect(verdict.kind, `byte ${at} of ${kind}`).toBe("damaged");
      }
    },
  );

  test.each(["items", "index"] as const)(
    "answers nothing when its %s is cut, swapped or gone",
    async (kind) => {
      demand(await store.put(streamOf(batch.bytes)));
      const other = makeBatch(lamps(4_999));
      demand(await store.put(streamOf(other.bytes)));
      const path = pathsOf(folder, name)[kind];
      const ruins = {
        cut: () => truncateSync(path, 10_000),
        empty: () => truncateSync(path, 0),
        swapped: () => copyFileSync(pathsOf(folder, bytesToHex(other.digest))[kind], path),
      };
      for (const [how, ruin] of Object.entries(ruins)) {
        store.close();
        ruin();
        damages = [];
        expect(countAnswers(how), how).toBe(0);
        expect(damages.length, how).toBe(numbers.length);
        expect((await store.verifyPayload(batch.digest)).kind, how).toBe("damaged");
      }
      store.close();
      rmSync(path);
      expect(countAnswers("gone")).toBe(0);
      expect(store.find(batch.digest)).toBeUndefined();
      expect(await store.read(batch.digest)).toBeUndefined();
      expect((await store.verifyPayload(batch.digest)).kind).toBe(kind === "items" ? "missing" : "damaged");
    },
  );

  test("is whole again when it comes again, also where it is open", async () => {
    demand(await store.put(streamOf(batch.bytes)));
    const path = pathsOf(folder, name).items;
    writeFileSync(path, Buffer.alloc(batch.bytes.length));
    expect(countAnswers("damaged")).toBe(0);
    demand(await store.put(streamOf(batch.bytes)));
    expect(countAnswers("whole again")).toBe(numbers.length);
    expect((await store.verifyPayload(batch.digest)).kind).toBe("whole");
  });
});

test("many payloads can be asked in turn", async () => {
  const batches = Array.from({ length: 80 }, (_, index) => makeBatch(lamps(1 + index)));
  for (const batch of batches) demand(await store.put(streamOf(batch.bytes)));
  for (let round = 0; round < 2; round++) {
    for (const batch of batches)
      expect(shownBy(store, batch, codeOf(2)), `${batch.count} items`).toBe("issued");
  }
});

test("what would take the disk's last bytes is refused, and nothing is left of it", async () => {
  const batch = makeBatch(lamps(5));
  const greedy = openFolderPayloadStore(folder, { reserveBytes: Number.MAX_SAFE_INTEGER });
  await expect(greedy.put(streamOf(batch.bytes))).rejects.toThrow(NoRoomError);
  await expect(greedy.put(streamOf(batch.bytes))).rejects.toThrow(
    /bytes left, of which 9007199254740991 are kept/,
  );
  expect(filesIn(folder)).toEqual([]);
  demand(await openFolderPayloadStore(folder, { reserveBytes: 1 }).put(streamOf(batch.bytes)));
});

test("a payload is forgotten that came before a moment", async () => {
  const batch = makeBatch(lamps(5));
  demand(await store.put(streamOf(batch.bytes)));
  expect(await store.forget(batch.digest, Date.now() - 60_000)).toBe(false);
  expect(store.find(batch.digest)).toBeDefined();
  expect(await store.forget(batch.digest, Date.now() + 60_000)).toBe(true);
  expect(store.find(batch.digest)).toBeUndefined();
  expect(filesIn(folder)).toEqual([]);
  expect(await store.forget(batch.digest, Date.now() + 60_000)).toBe(false);
});
