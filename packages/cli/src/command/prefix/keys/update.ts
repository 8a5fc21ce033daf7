import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hexToBytes } from "@cityroot/core/hex";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { rootSeedPath } from "@cityroot/node/network/make-card";
import { getPrefix } from "@cityroot/sdk/get-prefix";
import type { CommandDefinition } from "../../../command-definition.ts";
import type { Context } from "../../../context.ts";
import { CommandFailure } from "../../../failure.ts";
import { connect } from "../../../registry/connect.ts";
import { findHome, holdersFolder } from "../../../registry/folders.ts";
import { type HolderFile, holderPath, publicOfSeed, saveHolderFile } from "../../../registry/holder-file.ts";
import { keepOldFile } from "../../../registry/next-keys.ts";
import { sameJson } from "../../../registry/same-json.ts";
import { neverDelegated } from "../show.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<prefix>", text: "argument.prefix" }],
  examples: ["cityroot prefix keys update MA.156 --home registry"],
  run: async (context, input) => {
    const { say } = context;
    const name = input.argument("prefix");
    const prefix = await getPrefix(await connect(context), name, { signal: context.io.interrupt });
    if (prefix === null) throw neverDelegated(context, name);
    const { id, name: names, keys: keySet } = prefix.holder;
    const keys = seedsHere(context).filter((seed) => keySet.keys.includes(publicOfSeed(seed)));
    if (keys.length === 0)
      throw new CommandFailure({
        ...{ code: "KEY_MISSING", exit: "auth", field: "prefix", got: name },
        detail: say("error.noneOfItsKeys", { prefix: name, folder: holdersFolder(context) }),
        expected: say("error.noneOfItsKeys.expected"),
        fix: say("error.keyMissing.fix"),
      });
    const file: HolderFile = { path: holderPath(context, name), id, name: names, keys, keySet };
    const isChanged = !existsSync(file.path) || !isSame(file);
    if (isChanged) {
      keepOldFile(file.path);
      saveHolderFile(file);
    }
    const count = keys.length;
    context.done({ id, file: file.path, isChanged, held: keys.map(publicOfSeed), keySet }, () =>
      say("done.keysUpdated", { path: file.path, count, of: keySet.keys.length }),
    );
    return undefined;
  },
};

function isSame({ path, id, keys, keySet }: HolderFile): boolean {
  const there = readObject(path);
  return (
    there !== undefined &&
    sameJson({ id, keys, keySet } as unknown as Json, {
      ...{ id: there["id"] ?? null, keys: there["keys"] ?? null, keySet: there["keySet"] ?? null },
    })
  );
}

/** The secrets that lie here, whichever file they are in: also what waits or was put aside, and that of a card. */
function seedsHere(context: Context): readonly string[] {
  const folder = holdersFolder(context);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  const seeds = names.sort().flatMap((name) => readObject(join(folder, name))?.["keys"] ?? []);
  const home = findHome(context);
  const card = home === undefined ? undefined : readObject(rootSeedPath(home));
  return [...new Set([...seeds, card?.["seed"]])].filter(isSeed);
}

function isSeed(value: unknown): value is string {
  return typeof value === "string" && hexToBytes(value)?.length === 32;
}

/** What is in a file; undefined where that is no object: another file may have what is looked for. */
function readObject(path: string): { readonly [name: string]: Json } | undefined {
  try {
    const json = JSON.parse(readFileSync(path, "utf8")) as Json;
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
