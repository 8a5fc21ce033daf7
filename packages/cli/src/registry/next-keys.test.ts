import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { keySet } from "@cityroot/sdk/key-set";
import { generateSeed, seedSigner } from "@cityroot/sdk/signer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HolderFile, holderFileOf, saveHolderFile } from "./holder-file.ts";
import { saveNextKeys, takeNextKeys } from "./next-keys.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cityroot-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function newHolder(name: string): HolderFile {
  const seed = generateSeed();
  const keys = keySet({ keys: [seedSigner(seed).publicKey] });
  return holderFileOf(join(folder, `${name}.json`), { en: name }, [bytesToHex(seed)], keys);
}

test("new keys take the place of the old ones, whose file is kept, under the same id", () => {
  const [holder, next] = [newHolder("city"), newHolder("next")];
  saveHolderFile(holder);
  const waiting = saveNextKeys(holder, next);
  expect(JSON.parse(readFileSync(holder.path, "utf8")).keys, "until the ledger has them").toEqual(
    holder.keys,
  );
  takeNextKeys(holder);
  expect(existsSync(waiting)).toBe(false);
  expect(JSON.parse(readFileSync(holder.path, "utf8"))).toMatchObject({
    id: holder.id,
    keys: next.keys,
    keySet: next.keySet,
  });
  const old = readdirSync(folder).find((name) => name.startsWith("city.old-"))!;
  expect(JSON.parse(readFileSync(join(folder, old), "utf8")).keys).toEqual(holder.keys);
});

test("without waiting keys nothing changes", () => {
  const holder = newHolder("city");
  saveHolderFile(holder);
  takeNextKeys(holder);
  expect(readdirSync(folder)).toEqual(["city.json"]);
});

test("keys that wait are never lost to others, and those are taken that were committed", () => {
  const [holder, first, second] = [newHolder("city"), newHolder("first"), newHolder("second")];
  saveHolderFile(holder);
  // The answer to the first rotation never came, so it is done again.
  saveNextKeys(holder, first);
  saveNextKeys(holder, second);
  const seeds = readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(join(folder, name), "utf8")).keys as string[],
  );
  for (const [seed] of [holder.keys, first.keys, second.keys]) expect(seeds).toContain(seed);
  const stranger = newHolder("stranger").keySet as unknown as Json;
  takeNextKeys(holder, stranger);
  expect(JSON.parse(readFileSync(holder.path, "utf8")).keys, "not those that wait").toEqual(holder.keys);
  takeNextKeys(holder, first.keySet as unknown as Json);
  expect(JSON.parse(readFileSync(holder.path, "utf8")).keys).toEqual(first.keys);
  expect(readdirSync(folder).filter((name) => name.includes(".next"))).toEqual(["city.next.json"]);
});

test("a secret goes into a file of its own, whatever stands where it is written first", () => {
  const holder = newHolder("city");
  const target = join(folder, "target");
  writeFileSync(target, "mine", { mode: 0o666 });
  symlinkSync(target, `${holder.path}.new`);
  saveHolderFile(holder);
  expect(readFileSync(target, "utf8")).toBe("mine");
  expect(statSync(holder.path).mode & 0o077).toBe(0);
  writeFileSync(`${holder.path}.new`, "", { mode: 0o666 });
  saveHolderFile(holder);
  expect(statSync(holder.path).mode & 0o077).toBe(0);
});
