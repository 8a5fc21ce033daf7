import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { open } from "lmdb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storedOf } from "../payload/payload-store.testing.ts";
import { openPayloadRegister, RegisterDamagedError, readPayloadRegister } from "./payload-register.ts";
import { batchFrom } from "./replication.testing.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/cityroot-register-`);
  path = `${folder}/payloads/register.mdb`;
});
afterEach(() => rmSync(folder, { recursive: true }));

const PAYLOADS = [1, 100, 200].map((start) => storedOf(batchFrom(start, 3)));
const IN_ORDER = PAYLOADS.toSorted((a, b) => Buffer.compare(a.digest, b.digest));
const POSITION = { height: 7, stateRoot: new Uint8Array(32).fill(1) };

test("a register counts what the ledger refers to, and finds it again when it is opened anew", async () => {
  const register = openPayloadRegister(path);
  expect(register.counts()).toBeUndefined();
  register.add(PAYLOADS);
  // Up to where the ledger was looked through is not known yet.
  expect(register.counts()).toBeUndefined();
  register.add(PAYLOADS, POSITION);
  const [one, two, three] = IN_ORDER;
  register.settle([
    { digest: one!.digest, standing: "whole", checkedMs: 5 },
    { digest: two!.digest, standing: "unfit", checkedMs: 6 },
    { digest: three!.digest, standing: "damaged", checkedMs: 7 },
    { digest: new Uint8Array(32), standing: "whole", checkedMs: 7 },
  ]);
  const counts = { referred: 3, whole: 1, missing: 0, damaged: 1, unfit: 1, height: 7 };
  expect(register.counts()).toEqual(counts);
  expect(register.wanted(undefined, 10)).toEqual([
    { payload: three, standing: "damaged", checkedMs: 7, tries: 0, nextMs: 0 },
  ]);
  register.postpone(three!.digest, 2, 99);
  await register.close();
  const again = openPayloadRegister(path);
  expect(again.counts()).toEqual(counts);
  expect(again.position()).toEqual(POSITION);
  expect(again.wanted(undefined, 10)).toMatchObject([{ tries: 2, nextMs: 99 }]);
  expect(again.list(undefined, 2).map(({ payload }) => payload)).toEqual([one, two]);
  expect(again.list(two!.digest, 2)).toEqual([{ payload: three, standing: "damaged", checkedMs: 7 }]);
  again.clear();
  expect(again.counts()).toBeUndefined();
  expect(again.list(undefined, 10)).toEqual([]);
  expect(again.wanted(undefined, 10)).toEqual([]);
  await again.close();
});

test("blocks that refer to nothing are passed without a write, and written down at the end", async () => {
  const register = openPayloadRegister(path);
  register.add([], POSITION);
  const reader = readPayloadRegister(path);
  register.add([], { ...POSITION, height: 8 });
  expect([register.position()?.height, register.counts()?.height]).toEqual([8, 8]);
  expect(reader.counts()?.height).toBe(7);
  // What is written for another reason takes the position along.
  register.postpone(PAYLOADS[0]!.digest, 1, 1);
  expect(reader.counts()?.height).toBe(8);
  register.add([], { ...POSITION, height: 8 + 255 });
  expect(reader.counts()?.height).toBe(8);
  register.add([], { ...POSITION, height: 8 + 256 });
  expect(reader.counts()?.height).toBe(264);
  register.add([], { ...POSITION, height: 265 });
  // A ledger that begins anew is not behind what was passed.
  register.clear();
  expect(register.position()).toBeUndefined();
  register.add([], POSITION);
  register.add([], { ...POSITION, height: 9 });
  await register.close();
  expect(reader.counts()?.height).toBe(9);
  await reader.close();
});

test("a reader sees what is written while it is open, also when it was there first", async () => {
  const reader = readPayloadRegister(path);
  expect(reader.counts()).toBeUndefined();
  expect(reader.list(undefined, 10)).toEqual([]);
  expect(existsSync(path)).toBe(false);
  const register = openPayloadRegister(path);
  register.add(PAYLOADS, POSITION);
  expect(reader.counts()).toMatchObject({ referred: 3, missing: 3 });
  register.settle([{ digest: PAYLOADS[0]!.digest, standing: "whole", checkedMs: 1 }]);
  expect(reader.counts()).toMatchObject({ referred: 3, whole: 1, missing: 2 });
  await reader.close();
  expect(register.counts()).toMatchObject({ referred: 3, whole: 1 });
  await register.close();
});

test("a register with a row that is none is told apart from one that knows nothing", async () => {
  const register = openPayloadRegister(path);
  register.add(PAYLOADS, POSITION);
  await register.close();
  const raw = open({ path, noSubdir: true, maxDbs: 4, encoding: "binary" });
  raw.openDB({ name: "meta", encoding: "binary" }).putSync("summary", Buffer.from([0x80]));
  await raw.close();
  const again = openPayloadRegister(path);
  expect(() => again.counts()).toThrow(RegisterDamagedError);
  const reader = readPayloadRegister(path);
  expect(reader.counts()).toBeUndefined();
  again.clear();
  again.add(PAYLOADS, POSITION);
  expect(reader.counts()).toMatchObject({ referred: 3 });
  await reader.close();
  await again.close();
});

test("a register that is none is made anew: it follows from the ledger", async () => {
  await openPayloadRegister(path).close();
  writeFileSync(path, "no register");
  const register = openPayloadRegister(path);
  expect(register.counts()).toBeUndefined();
  register.add(PAYLOADS, POSITION);
  expect(register.counts()).toMatchObject({ referred: 3 });
  await register.close();
});
