import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isHome } from "@cityroot/node/home/home";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import { addressOfHome } from "../registry/address.ts";

/** Name of the folder of a network for trying out, where nobody says another. */
const FOLDER = "network";

/** Where the parts of a network for trying out are: all its nodes are on this machine. */
export type NetworkFolder = {
  readonly path: string;
  /** What the nodes began with; written last, so that a folder without it was not finished. */
  readonly file: string;
  /** What clients are to trust. */
  readonly policy: string;
  readonly logs: string;
};

/** A node of a network for trying out. */
export type FolderNode = { readonly name: string; readonly home: string; readonly address: string };

/** The parts of a folder. */
export function networkFolderOf(path: string): NetworkFolder {
  return {
    path,
    file: join(path, "network.json"),
    policy: join(path, "policy.json"),
    logs: join(path, "logs"),
  };
}

/** The folder that a call names, or the one in the working folder. */
export function askedFolder({ io }: Pick<Context, "io">, input: Input): NetworkFolder {
  return networkFolderOf(pathFrom(io.workingFolder, input.text("folder") ?? FOLDER));
}

/** Whether a folder holds a network that was finished. */
export function isNetworkFolder({ file }: NetworkFolder): boolean {
  return existsSync(file);
}

/** The folder as people type it: relative where it is in the working folder. */
export function shownPath({ io }: Pick<Context, "io">, path: string): string {
  const inside = `${io.workingFolder}/`;
  return path.startsWith(inside) ? path.slice(inside.length) : path;
}

/** The home of a node by its number, from 1. */
export function nodeHome({ path }: NetworkFolder, number: number): string {
  return join(path, nodeName(number));
}

/** The name of a node by its number, from 1. */
export function nodeName(number: number): string {
  return `node-${number}`;
}

/** The nodes of a folder, in the order of their numbers. */
export function nodesOf(folder: NetworkFolder): readonly FolderNode[] {
  const numbers = readdirSync(folder.path)
    .map((name) => Number(/^node-([1-9][0-9]*)$/.exec(name)?.[1]))
    .filter((number) => number > 0 && isHome(nodeHome(folder, number)));
  return numbers
    .sort((a, b) => a - b)
    .map((number) => {
      const home = nodeHome(folder, number);
      return { name: nodeName(number), home, address: addressOfHome(home) };
    });
}

/** The folder of a call, which has to hold a network. */
export function folderToUse(context: Context, input: Input): NetworkFolder {
  const folder = askedFolder(context, input);
  if (isNetworkFolder(folder)) return folder;
  const { say } = context;
  throw new CommandFailure({
    ...{ code: "NETWORK_MISSING", exit: "notFound", field: "--folder", got: folder.path },
    detail: say("error.networkMissing", { path: folder.path }),
    expected: say("error.networkMissing.expected"),
    fix: say("error.networkMissing.fix"),
  });
}
