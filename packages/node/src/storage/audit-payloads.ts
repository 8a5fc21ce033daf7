import { bytesToHex } from "@cityroot/core/hex";
import type { Logger } from "pino";
import type { Home } from "../home/home.ts";
import { openPayloadsOf } from "../open-payloads.ts";
import { PAYLOAD_STANDINGS, type PayloadStanding } from "../payload/payload-holdings.ts";
import { checkExpected, type PayloadStore, type StoredPayload } from "../payload/payload-store.ts";
import { openReader } from "../resolver/open-reader.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { downloadPayload } from "./download-payload.ts";
import { listPayloads, NodeUnreachableError } from "./list-payloads.ts";
import { payloadsInState } from "./referred-payloads.ts";
import { openReplicas } from "./replicas.ts";

/** A payload that is not whole on a node. */
export type PayloadFault = {
  readonly digest: string;
  readonly first: string;
  readonly standing: Exclude<PayloadStanding, "whole">;
  readonly detail: string;
};

/** How the payloads of one prefix stand on a node. */
export type PrefixAudit = { readonly [standing in PayloadStanding]: number } & {
  readonly prefix: string;
  readonly referred: number;
  readonly sizeBytes: number;
};

/** What an audit found of one node. */
export type NodeAudit = {
  /** The home's path, or the node's address. */
  readonly node: string;
  /** Whether all was read and computed again for this audit, or the node says what it found when it looked last. */
  readonly checked: "recomputed" | "reported";
  /** Why it could not be asked; null where it was. */
  readonly unreachable: string | null;
  readonly prefixes: readonly PrefixAudit[];
  /** What is not whole: at most the first thousand. */
  readonly faults: readonly PayloadFault[];
  /** How many payloads were fetched into it. */
  readonly mended: number;
};

export type AuditProgress = {
  readonly phase: "ledger" | "check" | "mend" | "ask" | "download";
  readonly node: string;
  /** Payloads, where phase is `ledger` or `ask`; else bytes. */
  readonly done: number;
  readonly total: number | undefined;
};

export type PayloadAuditOptions = {
  /** The home whose payloads are read and computed again, and whose ledger says which there are. */
  readonly home?: Home;
  /** Addresses of nodes that are asked. */
  readonly servers: readonly string[];
  /** Fetches into the home what is not whole there, from the servers. */
  readonly mend: boolean;
  /** Gets every payload from every server and computes it again here, instead of believing what it says. */
  readonly download: boolean;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly onProgress?: (progress: AuditProgress) => void;
};

const FAULTS_MAX = 1_000;

/** Standing and detail of one payload. */
type Finding = {
  readonly payload: StoredPayload;
  readonly standing: PayloadStanding;
  readonly detail: string;
};

/**
 * Finds out how the payloads that the ledger refers to stand on each node. Payloads come from the home's ledger; without a
 * home, from what the servers say of theirs. Other processes may go on using the home.
 */
export async function auditPayloads(options: PayloadAuditOptions): Promise<readonly NodeAudit[]> {
  const { home, servers } = options;
  installNativeFunctions();
  const lists = new Map<string, ReadonlyMap<string, Finding> | NodeUnreachableError>();
  for (const server of servers) lists.set(server, await askNode(server, options));
  const referred = new Map<string, StoredPayload>();
  const audits: NodeAudit[] = [];
  if (home === undefined) {
    for (const list of lists.values()) {
      if (list instanceof NodeUnreachableError) continue;
      for (const [name, { payload }] of list) if (!referred.has(name)) referred.set(name, payload);
    }
  } else {
    await readLedger(home, referred, options);
    audits.push(await auditHome(home, [...referred.values()], options));
  }
  for (const [server, list] of lists) audits.push(await auditServer(server, list, referred, options));
  return audits;
}

async function askNode(
  server: string,
  { signal, onProgress = () => {} }: PayloadAuditOptions,
): Promise<ReadonlyMap<string, Finding> | NodeUnreachableError> {
  const found = new Map<string, Finding>();
  try {
    for await (const part of listPayloads(server, signal)) {
      for (const { payload, standing, checkedMs } of part) {
        const since = checkedMs === 0 ? "not looked at yet" : `found ${new Date(checkedMs).toISOString()}`;
        found.set(bytesToHex(payload.digest), { payload, standing, detail: since });
      }
      onProgress({ phase: "ask", node: server, done: found.size, total: undefined });
    }
    return found;
  } catch (cause) {
    if (cause instanceof NodeUnreachableError) return cause;
    throw cause;
  }
}

async function readLedger(
  home: Home,
  into: Map<string, StoredPayload>,
  { signal, onProgress = () => {} }: PayloadAuditOptions,
): Promise<void> {
  const reader = openReader(home, { itemsOf: () => [] });
  try {
    for await (const payloads of payloadsInState(reader)) {
      signal.throwIfAborted();
      for (const payload of payloads) into.set(bytesToHex(payload.digest), payload);
      onProgress({ phase: "ledger", node: home.path, done: into.size, total: undefined });
    }
  } finally {
    await reader.close();
  }
}

async function auditHome(
  home: Home,
  referred: readonly StoredPayload[],
  options: PayloadAuditOptions,
): Promise<NodeAudit> {
  const { signal, mend, onProgress = () => {} } = options;
  const payloads = await openPayloadsOf(home);
  try {
    const findings: Finding[] = [];
    const total = sumOf(referred);
    let done = 0;
    for (const payload of referred) {
      signal.throwIfAborted();
      onProgress({ phase: "check", node: home.path, done, total });
      findings.push(await judge(payloads, payload));
      done += payload.sizeBytes;
    }
    const mended = mend ? await mendHome(home, payloads, findings, options) : 0;
    return reportOf(home.path, "recomputed", findings, mended);
  } finally {
    payloads.close();
  }
}

async function judge(payloads: PayloadStore, payload: StoredPayload): Promise<Finding> {
  const verdict = await payloads.verifyPayload(payload.digest);
  if (verdict.kind === "missing") return { payload, standing: "missing", detail: "" };
  if (verdict.kind === "damaged") return { payload, standing: "damaged", detail: verdict.detail };
  const fits = checkExpected(verdict.payload, payload);
  if (fits.ok) return { payload, standing: "whole", detail: "" };
  return { payload, standing: "unfit", detail: fits.rejection.detail };
}

/** Fetches what is not whole, and puts what it found in the findings' places. Gives how many came. */
async function mendHome(
  home: Home,
  payloads: PayloadStore,
  findings: Finding[],
  { servers, signal, logger, onProgress = () => {} }: PayloadAuditOptions,
): Promise<number> {
  const replicas = openReplicas({ addresses: servers, payloads, logger, now: () => performance.now() });
  const isWanted = ({ standing }: Finding): boolean => standing === "missing" || standing === "damaged";
  const total = sumOf(findings.filter(isWanted).map(({ payload }) => payload));
  let done = 0;
  let mended = 0;
  for (const [at, finding] of findings.entries()) {
    if (!isWanted(finding)) continue;
    signal.throwIfAborted();
    const { payload } = finding;
    onProgress({ phase: "mend", node: home.path, done, total });
    const got = await replicas.fetch(payload, signal);
    if (got === "stored") {
      mended += 1;
      findings[at] = { payload, standing: "whole", detail: "" };
    } else if (got === "unfit")
      findings[at] = { payload, standing: "unfit", detail: "no copy makes its root" };
    done += payload.sizeBytes;
  }
  return mended;
}

async function auditServer(
  server: string,
  list: ReadonlyMap<string, Finding> | NodeUnreachableError,
  referred: ReadonlyMap<string, StoredPayload>,
  { download, signal, onProgress = () => {} }: PayloadAuditOptions,
): Promise<NodeAudit> {
  if (list instanceof NodeUnreachableError) {
    return { ...reportOf(server, "reported", [], 0), unreachable: list.message };
  }
  const unknown = "it does not know that the ledger refers to it";
  const findings: Finding[] = [];
  const total = sumOf([...referred.values()]);
  let done = 0;
  for (const [name, payload] of referred) {
    signal.throwIfAborted();
    if (download) {
      onProgress({ phase: "download", node: server, done, total });
      findings.push({ payload, ...(await downloadPayload(server, payload, signal)) });
    } else {
      const { standing, detail } = list.get(name) ?? { standing: "missing", detail: unknown };
      findings.push({ payload, standing, detail });
    }
    done += payload.sizeBytes;
  }
  return reportOf(server, download ? "recomputed" : "reported", findings, 0);
}

function sumOf(payloads: readonly StoredPayload[]): number {
  return payloads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function reportOf(
  node: string,
  checked: NodeAudit["checked"],
  findings: readonly Finding[],
  mended: number,
): NodeAudit {
  const byPrefix = new Map<string, { -readonly [name in keyof PrefixAudit]: PrefixAudit[name] }>();
  const faults: PayloadFault[] = [];
  for (const { payload, standing, detail } of findings) {
    const prefix = rootPartOf(payload.first);
    const none = Object.fromEntries(PAYLOAD_STANDINGS.map((one) => [one, 0])) as Record<
      PayloadStanding,
      number
    >;
    const row = byPrefix.get(prefix) ?? { prefix, referred: 0, sizeBytes: 0, ...none };
    byPrefix.set(prefix, row);
    row.referred += 1;
    row.sizeBytes += payload.sizeBytes;
    row[standing] += 1;
    if (standing !== "whole" && faults.length < FAULTS_MAX)
      faults.push({ digest: bytesToHex(payload.digest), first: payload.first, standing, detail });
  }
  const prefixes = [...byPrefix.values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
  return { node, checked, unreachable: null, prefixes, faults, mended };
}

/** The part of a code that names who issues it: all before the first slash. */
function rootPartOf(code: string): string {
  const at = code.indexOf("/");
  return at < 0 ? code.slice(0, Math.max(0, code.lastIndexOf("."))) || code : code.slice(0, at);
}
