import { createHash } from "node:crypto";
import {
  constants,
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { makeFolder } from "@cityroot/node/make-folder";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { jsonText, writeFileWhole } from "../registry/write-file.ts";
import { SIDES, type Side } from "./list-mapping.ts";
import { type ListReading, type ReadList, readList } from "./read-list.ts";

/** One list of a workbench: its copy, and how it is read. */
export type ListSource = ListReading & {
  /** The file's name where it came from, without its folder. */
  readonly file: string;
  /** Of the bytes, in hex. */
  readonly sha256: string;
};

/** What a workbench is made of; never changed after it was made. */
export type Workbench = {
  readonly folder: string;
  readonly left: ListSource;
  readonly right: ListSource;
};

const FORMAT = "cityroot-workbench/1";

/** Where a workbench keeps its copy of a list. */
export function listPath(folder: string, side: Side): string {
  return join(folder, `${side}.csv`);
}

/** Makes a workbench: whole or not at all. `write` puts further files into the folder before it stands. */
export async function makeWorkbench(
  folder: string,
  sources: { readonly [side in Side]: { readonly path: string; readonly reading: ListReading } },
  write: (temporary: string, digests: { readonly [side in Side]: string }) => void,
): Promise<Workbench> {
  const temporary = `${folder}.new`;
  rmSync(temporary, { recursive: true, force: true });
  makeFolder(dirname(temporary), 0o755);
  mkdirSync(temporary, { mode: 0o700 });
  const made: { [side in Side]?: ListSource } = {};
  for (const side of SIDES) {
    const { path, reading } = sources[side];
    const copy = listPath(temporary, side);
    copyFileSync(path, copy, constants.COPYFILE_FICLONE);
    made[side] = { file: basename(path), sha256: await digestOf(copy), ...reading };
  }
  const { left, right } = made as { readonly [side in Side]: ListSource };
  writeFileWhole(join(temporary, "workbench.json"), jsonText({ format: FORMAT, left, right }), 0o600);
  write(temporary, { left: left.sha256, right: right.sha256 });
  renameSync(temporary, folder);
  return { folder, left, right };
}

/** Opens a workbench that stands. */
export function openWorkbench({ say }: Pick<Context, "say">, folder: string): Workbench {
  const path = join(folder, "workbench.json");
  if (!existsSync(path)) {
    throw new CommandFailure({
      code: "WORKBENCH_NOT_FOUND",
      exit: "notFound",
      detail: say("reconcile.notFound", { folder }),
      field: "folder",
      expected: say("reconcile.notFound.expected"),
      got: folder,
      fix: say("reconcile.notFound.fix"),
    });
  }
  let json: Json;
  try {
    json = JSON.parse(readFileSync(path, "utf8")) as Json;
  } catch {
    throw damaged(say, path);
  }
  if (!isJsonObject(json) || json["format"] !== FORMAT) throw damaged(say, path);
  const { left, right } = json as unknown as Workbench;
  return { folder, left, right };
}

/** Reads a list of a workbench, after seeing that its copy is the file that was opened. */
export async function readWorkbenchList(
  { say }: Pick<Context, "say">,
  workbench: Workbench,
  side: Side,
): Promise<ReadList> {
  const path = listPath(workbench.folder, side);
  if (!existsSync(path) || (await digestOf(path)) !== workbench[side].sha256) throw damaged(say, path);
  return readList(path, workbench[side]);
}

/** A file of the workbench is not what it was when the workbench wrote it. */
export function damaged(say: Context["say"], path: string): CommandFailure {
  return new CommandFailure({
    code: "WORKBENCH_DAMAGED",
    exit: "verification",
    detail: say("reconcile.damaged", { path }),
    field: "folder",
    expected: say("reconcile.damaged.expected"),
    got: path,
    fix: say("reconcile.damaged.fix"),
  });
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}
