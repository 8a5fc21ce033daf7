import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@cityroot/core/hex";
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
