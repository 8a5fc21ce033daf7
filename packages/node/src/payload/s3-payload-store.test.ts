import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { buffer } from "node:stream/consumers";
import { bytesToHex } from "@cityroot/core/hex";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openFolderPayloadStore } from "./folder-payload-store.ts";
import { codeOf, filesIn, intervalOf, lamps, makeBatch, streamOf } from "./payload.testing.ts";
import { pathsOf } from "./payload-folder.ts";
import { demand, describePayloadStore, shownBy, storedOf } from "./payload-store.testing.ts";
import type { PayloadDamage, PayloadStore } from "./payload-store.ts";
import { openS3Bucket } from "./s3-bucket.ts";
import { openS3PayloadStore } from "./s3-payload-store.ts";
import { S3_SERVER_MISSING, type S3Server, startS3Server, WHY_NO_S3 } from "./s3-server.testing.ts";

let server: S3Server;
let prefixes = 0;

beforeAll(async () => {
  if (!S3_SERVER_MISSING) server = await startS3Server();
}, 30_000);
afterAll(() => server?.close());

const CACHE_BYTES = 64 * 1_048_576;

describe.skipIf(S3_SERVER_MISSING)(`payloads in a bucket${WHY_NO_S3}`, () => {
  describePayloadStore("a bucket", async () => {
    const folder = mkdtempSync(`${tmpdir()}/cityroot-payload-`);
    const prefix = `contract-${prefixes++}/`;
    const bucket = openS3Bucket(server.place(prefix));
    return {
      open: (options) => openS3PayloadStore({ bucket, folder, cacheBytes: CACHE_BYTES, ...options }),
      kept: async () => [...server.objects(prefix), ...filesIn(folder)],
      remove: async () => rmSync(folder, { recursive: true }),
    };
  });
});

describe.skipIf(S3_SERVER_MISSING)(`a bucket and the folder before it${WHY_NO_S3}`, () => {
  let folder = "";
  let prefix = "";
  let store: PayloadStore;
  let damages: PayloadDamage[] = [];
  const openStore = (cacheBytes: number, into = folder): PayloadStore =>
    openS3PayloadStore({
      bucket: openS3Bucket(server.place(prefix)),
      folder: into,
      cacheBytes,
      onDamaged: (damage) => damages.push(damage),
    });

  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/cityroot-payload-`);
    prefix = `own-${prefixes++}/`;
    damages = [];
    store = openStore(CACHE_BYTES);
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });

  const objectOf = (name: string): string => server.fileOf(`${prefix}${name.slice(0, 2)}/${name}.items`);

  test("have each payload once, under its digest", async () => {
    const batch = makeBatch(lamps(100));
    demand(await store.put(streamOf(batch.bytes)));
    const name = bytesToHex(batch.digest);
    expect(server.objects(prefix)).toEqual([`${name}.items`]);
    expect(readFileSync(objectOf(name)).equals(batch.bytes)).toBe(true);
    expect(filesIn(folder)).toEqual([`${name}.head`, `${name}.index`, `${name}.items`]);
  });

  test("let go of what was used longest ago, and bring it back when it is asked for", async () => {
    const batches = [301, 302, 303].map((count) => makeBatch(lamps(count)));
    const [one, two, three] = batches as [(typeof batches)[0], (typeof batches)[0], (typeof batches)[0]];
    for (const [at, { bytes, digest }] of batches.entries()) {
      demand(await store.put(streamOf(bytes)));
      const usedS = Date.now() / 1_000 - 1_000 + at;
      utimesSync(pathsOf(folder, bytesToHex(digest)).items, usedS, usedS);
    }
    const small = openStore(10);
    demand(await small.put(streamOf(three.bytes)));
    // The one that came last stays although it alone is too long.
    expect(filesIn(folder).filter((file) => file.endsWith(".items"))).toEqual([
      `${bytesToHex(three.digest)}.items`,
    ]);
    for (const { digest } of [one, two]) expect(small.find(digest)).toBeDefined();
    expect(small.itemsOf(intervalOf(one), codeOf(2))).toEqual([]);
    const read = await small.read(one.digest);
    expect((await buffer(read!.bytes)).equals(one.bytes)).toBe(true);
    expect(await Promise.all([small.bring(one.digest), small.bring(one.digest)])).toEqual([true, true]);
    expect(shownBy(small, one, codeOf(2))).toBe("issued");
    expect(await small.bring(one.digest)).toBe(false);
    // Nothing is told of as damaged that was only let go of.
    expect(damages).toEqual([]);
    small.close();
  });

  test("bring few payloads at a time, however many are asked for", async () => {
    const batches = Array.from({ length: 12 }, (_, at) => makeBatch(lamps(20 + at)));
    for (const { bytes } of batches) demand(await store.put(streamOf(bytes)));
    for (const { digest } of batches) {
      const { items, index } = pathsOf(folder, bytesToHex(digest));
      for (const file of [items, index]) rmSync(file);
    }
    let under = 0;
    let most = 0;
    const bucket = openS3Bucket(server.place(prefix));
    const counted = openS3PayloadStore({
      bucket: {
        ...bucket,
        get: async (name) => {
          most = Math.max(most, ++under);
          const read = await bucket.get(name);
          read?.bytes.once("close", () => --under);
          return read;
        },
      },
      ...{ folder, cacheBytes: CACHE_BYTES },
    });
    const brought = await Promise.all(batches.map(({ digest }) => counted.bring(digest)));
    expect(new Set(brought)).toEqual(new Set([true]));
    expect(most).toBeLessThanOrEqual(4);
    for (const batch of batches) expect(shownBy(counted, batch, codeOf(2))).toBe("issued");
    counted.close();
  });

  test("are found again by a machine that knows nothing of them", async () => {
    const batch = makeBatch(lamps(50));
    demand(await store.put(streamOf(batch.bytes)));
    const other = mkdtempSync(`${tmpdir()}/cityroot-payload-`);
    const again = openStore(CACHE_BYTES, other);
    expect(again.find(batch.digest)).toBeUndefined();
    expect(await again.verifyPayload(batch.digest)).toEqual({ kind: "whole", payload: storedOf(batch) });
    expect(again.find(batch.digest)).toEqual(storedOf(batch));
    expect(await again.bring(batch.digest)).toBe(true);
    expect(shownBy(again, batch, codeOf(3))).toBe("never issued");
    again.close();
    rmSync(other, { recursive: true });
  });

  test("show damage, and are whole when the payload comes again", async () => {
    const batch = makeBatch(lamps(500));
    const name = bytesToHex(batch.digest);
    demand(await store.put(streamOf(batch.bytes)));
    const changed = Buffer.from(batch.bytes);
    changed[1_000]! ^= 1;
    writeFileSync(objectOf(name), changed);
    rmSync(pathsOf(folder, name).items);
    expect((await store.verifyPayload(batch.digest)).kind).toBe("damaged");
    expect(store.find(batch.digest)).toBeUndefined();
    demand(await store.put(streamOf(batch.bytes)));
    expect((await store.verifyPayload(batch.digest)).kind).toBe("whole");
    rmSync(objectOf(name));
    rmSync(pathsOf(folder, name).items);
    expect((await store.verifyPayload(batch.digest)).kind).toBe("missing");
    demand(await store.put(streamOf(batch.bytes)));
    expect((await store.verifyPayload(batch.digest)).kind).toBe("whole");
  });

  test("give the bucket what the folder alone has, and never let go of it before", async () => {
    const batches = [401, 402, 403].map((count) => makeBatch(lamps(count)));
    const before = openFolderPayloadStore(folder);
    for (const { bytes } of batches) demand(await before.put(streamOf(bytes)));
    before.close();
    const small = openStore(10);
    const more = makeBatch(lamps(404));
    demand(await small.put(streamOf(more.bytes)));
    expect(filesIn(folder).filter((file) => file.endsWith(".items"))).toHaveLength(4);
    for (const batch of batches) {
      expect(small.find(batch.digest)).toBeUndefined();
      expect((await small.verifyPayload(batch.digest)).kind).toBe("whole");
      expect(small.find(batch.digest)).toEqual(storedOf(batch));
    }
    expect(server.objects(prefix)).toHaveLength(4);
    small.close();
  });

  test("answer from the bucket's copy when the one on this machine is damaged", async () => {
    const batch = makeBatch(lamps(500));
    demand(await store.put(streamOf(batch.bytes)));
    const { items } = pathsOf(folder, bytesToHex(batch.digest));
    writeFileSync(items, Buffer.alloc(batch.bytes.length));
    expect(store.itemsOf(intervalOf(batch), codeOf(2))).toEqual([]);
    expect(damages[0]?.detail).toMatch(/^the copy on this machine: /);
    await expect.poll(() => store.bring(batch.digest)).toBe(true);
    expect(shownBy(store, batch, codeOf(2))).toBe("issued");
  });

  test("take nothing while the bucket does not answer, and say why", async () => {
    const batch = makeBatch(lamps(20));
    await server.stop();
    await expect(store.put(streamOf(batch.bytes))).rejects.toThrow(
      /^the payload could not be stored: http:.* does not answer: /,
    );
    expect(store.find(batch.digest)).toBeUndefined();
    expect(await store.read(batch.digest)).toBeUndefined();
    await server.start();
    demand(await store.put(streamOf(batch.bytes)));
    expect(store.find(batch.digest)).toEqual(storedOf(batch));
  });
});
