import type { Code } from "@cityroot/codes/ma/code";
import type { AsOf } from "@cityroot/core/proof/answer";
import type { Moment, Version } from "@cityroot/core/state/entry";
import type { Record } from "@cityroot/core/state/record";
import { problemOfStanding } from "../api/read/as-of-problem.ts";
import { readHolder } from "../api/read/holder.ts";
import { type CodeStanding, type IssuedStanding, readStanding } from "../api/read/standing.ts";
import type { View } from "../api/read/view.ts";
import { documentOfCode } from "./code-document.ts";
import type { DidError } from "./did-error.ts";
import { DID_METHOD, type DidUrl, didOfCode, didOfHolder, networkPartOf, parseSpecific } from "./did-url.ts";
import { type DidObject, documentOfHolder } from "./holder-document.ts";

/** Which version is asked for; the newest when neither is given. */
export type DidVersionOptions = {
  readonly versionId?: string | undefined;
  readonly versionTime?: string | undefined;
};

/** A DID that was resolved. Of a deactivated one there is no document. */
export type ResolvedDid = {
  readonly document: DidObject | null;
  readonly metadata: DidObject;
  readonly isDeactivated: boolean;
};

/** What a DID comes to: DID Resolution 1.0 §4.3, with what went wrong as a value. */
export type DidResolution = ResolvedDid | DidError;

/** Resolves a DID from what the ledger says at the view's head, or said at the version asked for. */
export function resolveDid(view: View, url: DidUrl, options: DidVersionOptions): DidResolution {
  const { did, method, specific } = url;
  if (method !== DID_METHOD) {
    return refuse("METHOD_NOT_SUPPORTED", `this resolver knows did:${DID_METHOD} alone, not did:${method}`);
  }
  const parsed = parseSpecific(specific);
  if (parsed === undefined) {
    const form = "did:cityroot:<40 hexadecimal digits of the genesis>:<40 of a holder's id, or a code>";
    return refuse("INVALID_DID", `${did}: expected ${form}, in lower case but for codes`);
  }
  const { network } = view.reader;
  if (parsed.network !== networkPartOf(network)) {
    return refuse("NOT_FOUND", `${did} is of another network than ${network.id}, which says nothing of it`);
  }
  const asked = readAsked(view, options);
  if ("error" in asked) return asked;
  const { subject } = parsed;
  return subject.kind === "holder"
    ? resolveHolder(view, did, subject.id, asked.asOf)
    : resolveCode(view, did, subject.code, asked.asOf);
}

function refuse(error: DidError["error"], detail: string): DidError {
  return { error, detail };
}

const VERSION = /^[1-9][0-9]{0,15}$/;
/** An XML dateTime normalized to UTC, without fractions. DID Core 1.0 §3.2.1. */
const VERSION_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function readAsked(
  view: View,
  { versionId, versionTime }: DidVersionOptions,
): { readonly asOf: AsOf | undefined } | DidError {
  if (versionId !== undefined && versionTime !== undefined) {
    return refuse("INVALID_OPTIONS", "versionId and versionTime exclude each other");
  }
  if (versionId !== undefined) {
    const version = VERSION.test(versionId) ? Number(versionId) : Number.NaN;
    // A version has any text for a name, so that one which no version has is not found.
    if (!Number.isSafeInteger(version)) return refuse("NOT_FOUND", "no version has that versionId");
    return { asOf: { version } };
  }
  if (versionTime === undefined) return { asOf: undefined };
  const startMs = VERSION_TIME.test(versionTime) ? Date.parse(versionTime) : Number.NaN;
  if (!Number.isSafeInteger(startMs) || startMs < 0 || secondText(startMs) !== versionTime) {
    return refuse("INVALID_OPTIONS", "versionTime: expected a time such as 2026-03-01T00:00:00Z");
  }
  const newestMs = view.head.checkpoint.timeMs;
  if (startMs > newestMs) {
    return refuse("INVALID_OPTIONS", `versionTime: the newest block is of ${secondText(newestMs)}`);
  }
  // The whole second counts, so that the second of which a version is said to be shows it.
  return { asOf: { timeMs: Math.min(startMs + 999, newestMs) } };
}

function secondText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

function resolveHolder(view: View, did: string, id: Uint8Array, asOf: AsOf | undefined): DidResolution {
  const standing = readHolder(view, id, asOf);
  if (standing.kind !== "holder") {
    const why = standing.kind === "unknown" ? "no holder has that id" : "the holder had no such version then";
    return refuse("NOT_FOUND", `${did}: ${why}`);
  }
  const { holder } = standing;
  const sinceOf = (version: number): Moment | undefined => {
    const other = readHolder(view, id, { version });
    return other.kind === "holder" ? other.holder.since : undefined;
  };
  const recovery = holder.pending && {
    begun: secondText(holder.pending.begun.timeMs),
    readyAt: secondText(holder.pending.readyAtMs),
  };
  return {
    document: documentOfHolder(did, holder.keys),
    metadata: {
      ...versionMetadata(holder, standing.isCurrent, sinceOf),
      ...(recovery !== null && { recovery }),
    },
    isDeactivated: false,
  };
}

function resolveCode(view: View, did: string, code: Code, asOf: AsOf | undefined): DidResolution {
  const standing = readStanding(view, code, asOf);
  if (!isIssued(standing)) return refuse("NOT_FOUND", problemOfStanding(code, standing).detail);
  const { record } = standing;
  const sinceOf = (version: number): Moment | undefined => {
    const other = readStanding(view, code, { version });
    return isIssued(other) ? other.record.since : undefined;
  };
  const isCurrent = standing.kind !== "record" || standing.isCurrent;
  const versions = versionMetadata(record, isCurrent, sinceOf);
  const { network } = view.reader;
  if (record.status === "retired") {
    const successors = (record.succession?.codes ?? []).map((successor) => didOfCode(network, successor));
    const metadata = { ...versions, deactivated: true, ...(successors.length > 0 && { successors }) };
    return { document: null, metadata, isDeactivated: true };
  }
  return {
    document: documentOfCode(did, record, isCurrent ? controllerOf(view, code, record) : undefined),
    metadata: { ...versions, ...(record.status !== "active" && { status: record.status }) },
    isDeactivated: false,
  };
}

function isIssued(standing: CodeStanding): standing is IssuedStanding {
  return "record" in standing && standing.kind !== "federated";
}

/** Who has the say over a code today: whom it was transferred to, else who holds the prefix above it. */
function controllerOf(view: View, code: Code, record: Record): string | undefined {
  const id = record.holder ?? view.prefixAtOrAbove(code)?.holder.id;
  return id === undefined ? undefined : didOfHolder(view.reader.network, id);
}

/** What DID Core 1.0 §7.1.3 has of versions. */
function versionMetadata(
  { version, since }: Version,
  isCurrent: boolean,
  sinceOf: (version: number) => Moment | undefined,
): DidObject {
  const first = version === 1 ? since : sinceOf(1);
  const next = isCurrent ? undefined : sinceOf(version + 1);
  return {
    ...(first !== undefined && { created: secondText(first.timeMs) }),
    ...(version > 1 && { updated: secondText(since.timeMs) }),
    versionId: String(version),
    ...(next !== undefined && {
      nextUpdate: secondText(next.timeMs),
      nextVersionId: String(version + 1),
    }),
  };
}
