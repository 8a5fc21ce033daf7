import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { networkOf } from "@cityroot/core/genesis";
import { type Home, isHome, readHome } from "@cityroot/node/home/home";
import { request } from "@cityroot/sdk/request";
import type { Context } from "../context.ts";
import { problemOf } from "../problem.ts";
import { addressOfHome, findUrl } from "../registry/address.ts";
import { findFreePort } from "../registry/find-free-port.ts";
import { findHome } from "../registry/folders.ts";
import { listHolderFiles } from "../registry/holder-file.ts";

/** What a check found. */
export type Finding = {
  readonly check: string;
  readonly level: "ok" | "warn" | "fail";
  readonly detail: string;
  readonly fix?: string;
};

type Checked = Omit<Finding, "check"> | readonly Omit<Finding, "check">[];

/** Looks at one thing; what it throws is a failure of the check. */
export type Check = { readonly name: string; readonly run: (context: Context) => Checked | Promise<Checked> };

const NODE_MIN = [22, 18] as const;
const SPACE_WARN_BYTES = 5e9;
const SPACE_FAIL_BYTES = 5e8;
const SKEW_WARN_MS = 30_000;

/** Every check, in the order in which they are shown. */
export const CHECKS: readonly Check[] = [
  { name: "node", run: checkNode },
  { name: "libraries", run: checkLibraries },
  { name: "home", run: checkHome },
  { name: "config", run: checkConfig },
  { name: "permissions", run: checkPermissions },
  { name: "holders", run: checkHolders },
  { name: "disk", run: checkDisk },
  { name: "store", run: checkStore },
  { name: "payloads", run: checkPayloads },
  { name: "cometbft", run: checkCometBft },
  { name: "port", run: checkPort },
  { name: "registry", run: checkRegistry },
];

function checkNode({ say }: Context): Checked {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isRecent = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  const detail = say("doctor.node", { version: process.versions.node });
  return isRecent ? { level: "ok", detail } : { level: "fail", detail, fix: say("doctor.node.fix") };
}

async function checkLibraries({ say }: Context): Promise<Checked> {
  const findings: Omit<Finding, "check">[] = [];
  const loads: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["lmdb", () => import("@cityroot/node/store/registry-store")],
    ["sodium-native", () => import("@cityroot/node/signature/native-ed25519")],
    ["@chainsafe/hashtree", () => import("@cityroot/node/store/native-functions")],
  ];
  for (const [name, load] of loads) {
    try {
      await load();
      findings.push({ level: "ok", detail: say("doctor.loads", { name }) });
    } catch (error) {
      const detail = say("doctor.loadFails", { name, reason: (error as Error).message });
      findings.push({ level: "fail", detail, fix: say("doctor.loadFails.fix") });
    }
  }
  return findings;
}

function checkHome(context: Context): Checked {
  const { say } = context;
  const home = findHome(context);
  if (home !== undefined && isHome(home)) return { level: "ok", detail: home };
  return { level: "warn", detail: say("doctor.noHome"), fix: say("doctor.noHome.fix") };
}

/** The home, where there is one; checks that need one pass over what another check reports. */
function homeOf(context: Context): string | undefined {
  const home = findHome(context);
  return home !== undefined && isHome(home) ? home : undefined;
}

function checkConfig(context: Context): Checked {
  const { say } = context;
  const path = homeOf(context);
  if (path === undefined) return [];
  const home: Home = readHome(path);
  return {
    level: "ok",
    detail: say("doctor.config", { network: networkOf(home.genesis).id, origin: home.config.origin }),
  };
}

/** Who a node is among its peers, and how it votes. */
const CONSENSUS_KEYS = ["consensus/config/priv_validator_key.json", "consensus/config/node_key.json"];

function checkPermissions(context: Context): Checked {
  const { say } = context;
  const path = homeOf(context);
  if (path === undefined) return [];
  accessSync(path, constants.R_OK | constants.W_OK);
  const secrets = ["keys", "holders", "witness/keys"]
    .map((name) => join(path, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .concat(CONSENSUS_KEYS.map((name) => join(path, name)).filter((file) => existsSync(file)));
  const open = secrets.filter((file) => (statSync(file).mode & 0o077) !== 0);
  if (open.length === 0) return { level: "ok", detail: say("doctor.private", { count: secrets.length }) };
  const detail = say("doctor.open", { files: open.join(", ") });
  return { level: "warn", detail, fix: `chmod 600 ${open.join(" ")}` };
}

function checkHolders(context: Context): Checked {
  const { say } = context;
  const files = listHolderFiles(context);
  if (files.length > 0) return { level: "ok", detail: say("doctor.holders", { count: files.length }) };
  return { level: "warn", detail: say("doctor.noHolders"), fix: say("doctor.noHolders.fix") };
}

function checkDisk(context: Context): Checked {
  const { say, language, io } = context;
  const { bavail, bsize } = statfsSync(homeOf(context) ?? io.workingFolder);
  const free = bavail * bsize;
  const detail = say("doctor.disk", {
    free: (free / 1e9).toLocaleString(language, { maximumFractionDigits: 1 }),
  });
  if (free >= SPACE_WARN_BYTES) return { level: "ok", detail };
  return { level: free < SPACE_FAIL_BYTES ? "fail" : "warn", detail, fix: say("doctor.disk.fix") };
}

async function checkStore(context: Context): Promise<Checked> {
  const { say } = context;
  const path = homeOf(context);
  if (path === undefined) return [];
  const home = readHome(path);
  if (!existsSync(home.dataFolder)) return { level: "ok", detail: say("doctor.storeNew") };
  const { openReader } = await import("@cityroot/node/resolver/open-reader");
  const reader = openReader(home, { itemsOf: () => [] });
  try {
    const { checkpoint } = reader.head();
    return { level: "ok", detail: say("doctor.store", { height: checkpoint.height, size: checkpoint.size }) };
  } finally {
    await reader.close();
  }
}

/** What the node found when it looked last; nothing where it never did. */
async function checkPayloads(context: Context): Promise<Checked> {
  const { say } = context;
  const path = homeOf(context);
  if (path === undefined) return [];
  const { readPayloadRegister } = await import("@cityroot/node/storage/payload-register");
  const { registerPathOf } = await import("@cityroot/node/storage/open-keeper");
  const register = readPayloadRegister(registerPathOf(readHome(path)));
  try {
    const counts = register.counts();
    if (counts === undefined) return [];
    const { referred, whole, missing, damaged, unfit } = counts;
    const detail = say("doctor.payloads", { referred, whole, missing, damaged, unfit });
    if (whole === referred) return { level: "ok", detail };
    return { level: "warn", detail, fix: say("doctor.payloads.fix") };
  } finally {
    await register.close();
  }
}

/** The consensus, which a node that decides alone does without. */
async function checkCometBft(context: Context): Promise<Checked> {
  const { say } = context;
  const path = homeOf(context);
  const consensus = path === undefined ? null : readHome(path).config.consensus;
  const { COMETBFT_VERSION: version, findCometBft } = await import(
    "@cityroot/node/engine/cometbft/find-cometbft"
  );
  try {
    await findCometBft(consensus?.binary ?? null);
    return { level: "ok", detail: say("doctor.cometbft", { version }) };
  } catch (error) {
    if (consensus === null) return { level: "ok", detail: say("doctor.cometbftAlone", { version }) };
    const { detail, fix = "" } = problemOf(error, say);
    return { level: "fail", detail, fix };
  }
}

async function checkPort(context: Context): Promise<Checked> {
  const { say } = context;
  const path = homeOf(context);
  if (path === undefined) return [];
  const { config, genesis } = readHome(path);
  const { host, port } = config.listen;
  const free = await findFreePort(host, port);
  if (free === port || port === 0) return { level: "ok", detail: say("doctor.portFree", { port }) };
  const answer = await ask(addressOfHome(path));
  const own = answer?.headers.get("cityroot-network") === networkOf(genesis).id;
  if (own) return { level: "ok", detail: say("doctor.portOwn", { address: addressOfHome(path) }) };
  return { level: "warn", detail: say("doctor.portTaken", { port }), fix: say("doctor.portTaken.fix") };
}

/** Whether a node answers and takes writes, and whether this machine's clock agrees with its. */
async function checkRegistry(context: Context): Promise<Checked> {
  const { say, io } = context;
  const url = findUrl(context);
  const answer = await ask(url);
  if (answer === undefined) {
    return { level: "warn", detail: say("doctor.noAnswer", { url }), fix: say("doctor.noAnswer.fix") };
  }
  const path = homeOf(context);
  const network = answer.headers.get("cityroot-network");
  if (context.url === undefined && path !== undefined && network !== networkOf(readHome(path).genesis).id) {
    const detail = say("doctor.otherNetwork", { url, network: network ?? say("error.somethingElse") });
    return { level: "warn", detail, fix: say("doctor.noAnswer.fix") };
  }
  const findings: Omit<Finding, "check">[] = [{ level: "ok", detail: say("doctor.answers", { url }) }];
  const date = Date.parse(answer.headers.get("date") ?? "");
  if (!Number.isNaN(date)) {
    const skewMs = Math.abs(date - io.now());
    const detail = say("doctor.clock", { seconds: Math.round(skewMs / 1000) });
    findings.push(
      skewMs < SKEW_WARN_MS
        ? { level: "ok", detail }
        : { level: "warn", detail, fix: say("doctor.clock.fix") },
    );
  }
  return findings;
}

async function ask(url: string): Promise<{ readonly headers: Headers } | undefined> {
  try {
    const base = new URL(url);
    const requester = { url: `${base.origin}/`, fetch: globalThis.fetch, timeoutMs: 3_000 };
    return await request(requester, { path: "healthz", accept: "application/json" });
  } catch {
    return undefined;
  }
}
