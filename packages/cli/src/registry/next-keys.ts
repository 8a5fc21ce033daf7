import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isJsonObject, type Json } from "@cityroot/core/json";
import type { KeySetJson } from "@cityroot/sdk/key-set";
import { type HolderFile, saveHolderFile } from "./holder-file.ts";
import { sameJson } from "./same-json.ts";

/** Where keys wait that are to take the place of a holder's. */
function waitingPath({ path }: HolderFile): string {
  return path.replace(/\.json$/, ".next.json");
}

/**
 * Writes the new keys of a holder beside its file, before the ledger knows them: a crash between loses nothing. Keys that
 * wait there already are put aside and never lost: the ledger may have them, though no answer said so. Gives the path.
 */
export function saveNextKeys(holder: HolderFile, next: Pick<HolderFile, "keys" | "keySet">): string {
  const path = waitingPath(holder);
  if (existsSync(path)) renameSync(path, path.replace(/\.json$/, `-${firstKeyOf(path)}.json`));
  saveHolderFile({ ...holder, ...next, path });
  return path;
}

/** The beginning of the first key of a file, which names it among others; of a damaged one, when it was put aside. */
function firstKeyOf(path: string): string {
  const key = readKeys(path)?.keySet.keys[0];
  return key?.slice(0, 16) ?? Date.now().toString(16);
}

type WaitingKeys = { readonly keys: readonly string[]; readonly keySet: KeySetJson };

function readKeys(path: string): WaitingKeys | undefined {
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as Json;
    const { keys, keySet } = isJsonObject(json) ? json : {};
    const isWhole = Array.isArray(keys) && isJsonObject(keySet) && Array.isArray(keySet["keys"]);
    return isWhole ? (json as unknown as WaitingKeys) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts waiting keys in the place of a holder's, once the ledger has them; keeps the old file under its first key. Those
 * are the keys that were committed, if they are known, and else those that wait.
 */
export function takeNextKeys(holder: HolderFile, committed?: Json): void {
  const path = waitingPath(holder);
  const folder = dirname(path);
  if (!existsSync(folder)) return;
  const aside = `${basename(path, ".json")}-`;
  const others = readdirSync(folder).filter((name) => name.startsWith(aside));
  for (const one of [path, ...others.map((name) => join(folder, name))]) {
    const waiting = existsSync(one) ? readKeys(one) : undefined;
    if (waiting === undefined) continue;
    if (committed === undefined ? one !== path : !sameJson(waiting.keySet as unknown as Json, committed))
      continue;
    keepOldFile(holder.path);
    saveHolderFile({ ...holder, keys: waiting.keys, keySet: waiting.keySet });
    rmSync(one);
    return;
  }
}

/**
 * Puts a copy of a holder's file aside under its first key, where there is one: no key is lost by what takes its place, nor
 * one that was put aside before.
 */
export function keepOldFile(path: string): void {
  if (!existsSync(path)) return;
  let aside = path.replace(/\.json$/, `.old-${firstKeyOf(path)}.json`);
  while (existsSync(aside)) aside = aside.replace(/\.json$/, "0.json");
  copyFileSync(path, aside);
}
