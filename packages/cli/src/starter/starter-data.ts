import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isJsonObject, type Json } from "@cityroot/core/json";

/** Whether a code is known from public sources or was made up for this project. */
export type StarterStatus = "published" | "sample";

/** A prefix that the starter registry delegates. Parents come before their children. */
export type StarterPrefix = {
  readonly code: string;
  readonly holder: { readonly en: string; readonly zh: string };
  readonly status: StarterStatus;
  readonly reason: string;
};

/** A table of `data/` and what becomes of each of its rows: a mapping, and which prefix issues. */
export type StarterSource = { readonly [name: string]: Json } & {
  readonly file: string;
  readonly prefix: string;
  readonly class: string;
  readonly status: StarterStatus;
  readonly reason: string;
};

/** The content of data/starter.json. */
export type Starter = {
  readonly prefixes: readonly StarterPrefix[];
  readonly sources: readonly StarterSource[];
};

/** Places of the data: an installed package's own, and a clone's. */
const FOLDERS = ["../../data/", "../../../../data/"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** The folder of the starter data; undefined where it did not come along. */
export function starterFolder(): string | undefined {
  return FOLDERS.find((folder) => existsSync(`${folder}starter.json`));
}

/** Reads what the starter registry is made of. */
export function readStarter(folder: string): Starter {
  const json = JSON.parse(readFileSync(`${folder}starter.json`, "utf8")) as Json;
  if (!isJsonObject(json)) throw new Error(`${folder}starter.json is no object`);
  return json as unknown as Starter;
}
