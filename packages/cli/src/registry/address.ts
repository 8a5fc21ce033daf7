import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "@cityroot/node/home/config";
import { isHome } from "@cityroot/node/home/home";
import { printHostPort } from "@cityroot/node/home/host-port";
import type { Context } from "../context.ts";
import { findHome } from "./folders.ts";
import { homeMissing } from "./home-to-read.ts";
import { writeFileWhole } from "./write-file.ts";

const FILE = "address";
const DEFAULT_URL = "http://127.0.0.1:8787";

/** Writes down where the node of a home listens, so that the other commands find it. */
export function saveAddress(home: string, address: string): void {
  writeFileWhole(join(home, FILE), `${address}\n`);
}

/** Where a home's node was started last, or is set to listen. */
export function addressOfHome(home: string): string {
  const path = join(home, FILE);
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  return `http://${printHostPort(readConfig(join(home, "config.json")).listen)}`;
}

/** The registry to speak to: as asked, else the home's node, else one on this machine. */
export function findUrl(context: Pick<Context, "url" | "home" | "io" | "say">): string {
  if (context.url !== undefined) return context.url;
  const home = findHome(context);
  if (home === undefined) return DEFAULT_URL;
  if (!isHome(home)) throw homeMissing(context, home);
  return addressOfHome(home);
}
