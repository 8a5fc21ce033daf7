import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { publicKeyOf } from "@cityroot/core/key/ed25519";
import { holderField, holderIdOf } from "@cityroot/core/operation/delegate";
import type { TextJson } from "@cityroot/sdk/attributes-json";
import type { KeySetJson } from "@cityroot/sdk/key-set";
import { type Signer, seedSigner } from "@cityroot/sdk/signer";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import { holdersFolder } from "./folders.ts";
import { malformedFile, readJsonFile } from "./read-json.ts";
import { jsonText, writeFileWhole } from "./write-file.ts";

/** The keys of a holder, or some of them, as one of its people keeps them. */
export type HolderFile = {
  readonly path: string;
  /** Name of the organisation by language. */
  readonly name: TextJson;
  /** Id in hexadecimal. */
  readonly id: string;
  /** Seeds of the keys that this file holds, in hexadecimal; none in a file that declares the public part. */
  readonly keys: readonly string[];
  /** All public keys of the holder and what they may do, as of when the file was written. */
  readonly keySet: KeySetJson;
};

/** Makes the file of a new holder: the id follows from its name and keys. Throws what the rules of form refuse. */
export function holderFileOf(
  path: string,
  name: TextJson,
  keys: readonly string[],
  keySet: KeySetJson,
): HolderFile {
  const declared = holderField.fromJson({ name, keys: keySet as unknown as Json }, "holder");
  if (!declared.ok || declared.value instanceof Uint8Array) {
    const { detail = "", fault } = declared.ok ? {} : declared.rejection;
    throw new CommandFailure({ code: "HOLDER_MALFORMED", exit: "usage", detail, ...fault });
  }
  return { path, name, id: bytesToHex(holderIdOf(declared.value)), keys, keySet };
}

/** Writes a holder's file so that nobody else can read it. */
export function saveHolderFile({ path, name, id, keys, keySet }: HolderFile): void {
  writeFileWhole(path, jsonText({ name, id, keys, keySet }), 0o600);
}

/** Where the file of a holder is: a path as given, a name in the folder of holders. */
export function holderPath(context: Pick<Context, "home" | "io">, name: string): string {
  const isPath = name.includes("/") || name.endsWith(".json");
  return isPath ? pathFrom(context.io.workingFolder, name) : join(holdersFolder(context), `${name}.json`);
}

/** Reads the file of a holder by its name or path. */
export function readHolderFile(context: Context, name: string, field = "--holder"): HolderFile {
  const path = holderPath(context, name);
  const { say } = context;
  if (!existsSync(path)) {
    throw new CommandFailure({
      code: "HOLDER_FILE_MISSING",
      exit: "auth",
      detail: say("error.holderFile", { path }),
      field,
      expected: say("error.holderFile.expected"),
      got: name,
      fix: say("error.holderFile.fix", { name: basename(path, ".json") }),
    });
  }
  return parseHolderFile(context, path, field);
}

function parseHolderFile({ say }: Pick<Context, "say">, path: string, field: string): HolderFile {
  const json = readJsonFile(path, field, say);
  const wrong = (member: string, expected: string): CommandFailure =>
    malformedFile(say, { field: member, path, expected, got: say("error.somethingElse") });
  if (!isJsonObject(json)) throw wrong("holder", say("error.object"));
  const { name, id, keys = [], keySet } = json;
  if (!isJsonObject(name)) throw wrong("name", say("error.object"));
  if (typeof id !== "string" || hexToBytes(id)?.length !== 20)
    throw wrong("id", say("error.hex", { bytes: 20 }));
  if (!Array.isArray(keys) || !keys.every(isSeed)) throw wrong("keys", say("error.hex", { bytes: 32 }));
  if (!isJsonObject(keySet)) throw wrong("keySet", say("error.object"));
  return {
    path,
    name: name as TextJson,
    id,
    keys: keys as string[],
    keySet: keySet as unknown as KeySetJson,
  };
}

function isSeed(value: unknown): boolean {
  return typeof value === "string" && hexToBytes(value)?.length === 32;
}

/** Files of keys that wait to take over, or were replaced: they sign nothing. */
const NOT_IN_USE = /\.(next(-[0-9a-f]+)?|old-[0-9a-f]+)\.json$/;

/** Every holder's file that can be read in the folder of holders. */
export function listHolderFiles(context: Context): readonly HolderFile[] {
  const folder = holdersFolder(context);
  if (!existsSync(folder)) return [];
  const files: HolderFile[] = [];
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (!name.endsWith(".json") || NOT_IN_USE.test(name) || !statSync(path).isFile()) continue;
    try {
      files.push(parseHolderFile(context, path, "--holder"));
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      context.warn("HOLDER_FILE_MALFORMED", error.message);
    }
  }
  return files;
}

/**
 * The holder of an id with all its keys that lie in the folder of holders, which may be in several files; undefined where
 * there is no file.
 */
export function findHolderById(context: Context, id: string): HolderFile | undefined {
  const files = listHolderFiles(context).filter((file) => file.id === id);
  const first = files.find(({ keys }) => keys.length > 0) ?? files[0];
  return first && { ...first, keys: [...new Set(files.flatMap(({ keys }) => keys))] };
}

/** The public key of a seed, both in hexadecimal. */
export function publicOfSeed(seed: string): string {
  return bytesToHex(publicKeyOf(hexToBytes(seed)!));
}

/** A key of a file: its public part in hexadecimal, and what signs with it. */
export type HeldKey = { readonly publicKey: string; readonly signer: Signer };

/** The keys that a holder's file holds. */
export function heldKeysOf(file: HolderFile): readonly HeldKey[] {
  return file.keys.map((seed) => {
    const bytes = hexToBytes(seed)!;
    return { publicKey: bytesToHex(publicKeyOf(bytes)), signer: seedSigner(bytes) };
  });
}
