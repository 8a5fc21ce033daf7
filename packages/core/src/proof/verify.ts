import { type Code, isCode } from "@cityroot/codes/ma/code";
import { ancestorsOf } from "@cityroot/codes/ma/prefix";
import { equalBytes } from "../hex.ts";
import type { Verify } from "../key/ed25519.ts";
import type { Checkpoint } from "../log/checkpoint.ts";
import { verifyInclusion } from "../log/inclusion.ts";
import { isSealed } from "../log/seal.ts";
import { frontierRoot, leafHash } from "../log/tree.ts";
import { type Cosigner, checkPolicy, type Policy } from "../log/witness-policy.ts";
import { descriptionOfItem } from "../operation/batch-item.ts";
import { checkItem, couldBeItem, referralFrom } from "../operation/standing.ts";
import { decodeVersioned, type Version } from "../state/entry.ts";
import { decodeHolder } from "../state/holder.ts";
import { decodeInterval, type Interval, isInRange, spans } from "../state/interval.ts";
import {
  codeKey,
  codeOfKey,
  holderKey,
  KEY_KINDS,
  NETWORK_KEY,
  prefixKey,
  type StateKey,
} from "../state/key.ts";
import { decodeNetwork } from "../state/network.ts";
import { decodePrefix } from "../state/prefix.ts";
import { decodeRecord, isRecord } from "../state/record.ts";
import type { AsOf, Delegation, ProvenStanding } from "./answer.ts";
import { type Bundle, decodeBundle, type SealedNote, type VersionProof } from "./bundle.ts";
import { type Facts, factsOf } from "./facts.ts";
import { type Proven, proven, unproven } from "./failure.ts";

/** What a client trusts and asks for. */
export type VerifyOptions = {
  /** Whose checkpoints count, and how many witnesses they need. */
  readonly policy: Policy;
  /** The moment asked for; the checkpoint's when absent. */
  readonly asOf?: AsOf;
  /** The lowest height and the earliest time that the checkpoint may have: what the caller has seen before. */
  readonly notBefore?: { readonly height?: number; readonly timeMs?: number };
  /** Genesis digest of the network that the bundle has to be of, 32 bytes; it then has to show the network's entry. */
  readonly genesis?: Uint8Array;
  /** Ed25519; the one in JavaScript when absent. */
  readonly verifySignature?: Verify;
  /** Checkpoints that were checked before under the same policy, so that a signature is checked once. */
  readonly seen?: CheckpointMemory;
};

/** Remembers signed checkpoints that met a policy and are sealed, by their bytes as text. */
export type CheckpointMemory = {
  readonly get: (note: string) => SeenCheckpoint | undefined;
  readonly set: (note: string, seen: SeenCheckpoint) => unknown;
};
export type SeenCheckpoint = { readonly checkpoint: Checkpoint; readonly cosigners: readonly Cosigner[] };

/** What a bundle proves of a code. */
export type VerifiedAnswer = SeenCheckpoint & {
  readonly code: Code;
  readonly standing: ProvenStanding;
  /** Prefixes at and above the code, from the root down; undefined when the bundle does not show them all. */
  readonly delegations: readonly Delegation[] | undefined;
};

/**
 * Checks what a bundle shows of a code. Spec §5.13. Nothing in it is believed for what it says: only what follows from
 * the policy's signatures.
 */
export function verifyAnswer(bytes: Uint8Array, code: Code, options: VerifyOptions): Proven<VerifiedAnswer> {
  const opened = openBundle(bytes, options);
  if (!opened.ok) return opened;
  const { bundle, facts, seen } = opened.value;
  if (options.asOf !== undefined && isAfter(options.asOf, seen.checkpoint)) {
    return unproven("as-of-later", "the moment asked for lies after the checkpoint");
  }
  const standing = standingFrom(bundle, facts, code, options.asOf);
  if (!standing.ok) return standing;
  return proven({ ...seen, code, standing: standing.value, delegations: delegationsFrom(facts, code) });
}

/** A bundle whose checkpoint and runs hold. */
export type OpenedBundle = { readonly bundle: Bundle; readonly facts: Facts; readonly seen: SeenCheckpoint };

/** Checks the checkpoint of a bundle, its age and its runs: what every kind of answer rests on. */
export function openBundle(bytes: Uint8Array, options: VerifyOptions): Proven<OpenedBundle> {
  const bundle = decodeBundle(bytes);
  if (bundle === undefined) return unproven("bundle-malformed", "the bytes are no proof bundle");
  const seen = checkNote(bundle, options);
  if (!seen.ok) return seen;
  const { checkpoint } = seen.value;
  const { height = 0, timeMs = 0 } = options.notBefore ?? {};
  // Written so that what is no number is refused, too.
  if (!(checkpoint.height >= height && checkpoint.timeMs >= timeMs)) {
    const wanted = `height ${height} and time ${timeMs}`;
    return unproven(
      "checkpoint-old",
      `it is of height ${checkpoint.height}, time ${checkpoint.timeMs}; wanted ${wanted}`,
    );
  }
  const facts = factsOf(bundle.runs, checkpoint.stateRoot);
  if (!facts.ok) return facts;
  const network = checkNetwork(facts.value, options.genesis);
  return network.ok ? proven({ bundle, facts: facts.value, seen: seen.value }) : network;
}

/** Whether the state is one of the network that was asked for, if any was. */
function checkNetwork(facts: Facts, genesis: Uint8Array | undefined): Proven<void> {
  if (genesis === undefined) return proven(undefined);
  const bytes = facts.valueOf(NETWORK_KEY);
  if (bytes === undefined || bytes === null)
    return unproven("network-other", "the bundle does not show which network it is of");
  const network = decodeNetwork(bytes);
  if (network !== undefined && equalBytes(network.genesis, genesis)) return proven(undefined);
  return unproven("network-other", `it is of ${network?.id ?? "a network of an unknown form"}`);
}

/** Whether the policy's signers vouch for a checkpoint, and its tree for its state root: what is remembered passed both. */
function checkNote({ note, sealPath }: SealedNote, options: VerifyOptions): Proven<SeenCheckpoint> {
  let text = "";
  if (options.seen !== undefined) {
    for (const byte of note) text += String.fromCharCode(byte);
    const known = options.seen.get(text);
    if (known !== undefined) return proven(known);
  }
  const verdict = checkPolicy(note, options.policy, options.verifySignature);
  if (!verdict.ok) {
    const { ok: _, reason, ...rest } = verdict;
    const details = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    return unproven("checkpoint-refused", [reason, ...details].join(", "));
  }
  const { checkpoint, cosigners } = verdict;
  if (!isSealed(checkpoint, sealPath)) {
    return unproven(
      "checkpoint-unsealed",
      `the log of ${checkpoint.size} entries is not shown to end with the seal of height ${checkpoint.height}`,
    );
  }
  const seen = { checkpoint, cosigners };
  options.seen?.set(text, seen);
  return proven(seen);
}

function isAfter(asOf: AsOf, checkpoint: Checkpoint): boolean {
  if ("height" in asOf) return !(asOf.height <= checkpoint.height);
  return "timeMs" in asOf && !(asOf.timeMs <= checkpoint.timeMs);
}

/** How the code stands. Everything that could hold it is asked for: its own entry, then the interval around it. */
function standingFrom(
  bundle: Bundle,
  facts: Facts,
  code: Code,
  asOf: AsOf | undefined,
): Proven<ProvenStanding> {
  const key = codeKey(code);
  const own = facts.valueOf(key);
  if (own === undefined)
    return unproven("not-shown", `the bundle shows neither an entry of ${code} nor that there is none`);
  if (own !== null && isRecord(own)) return recordFrom(bundle, key, own, asOf);
  const left = own === null ? facts.before(key) : null;
  const referral = left === null || left === undefined ? undefined : referralFrom(left, key);
  if (referral !== undefined) return proven({ kind: "federated", ...referral });
  const interval = intervalFrom(facts, code, key, own);
  if (!interval.ok) return interval;
  if (interval.value === null) return proven({ kind: "never-issued" });
  const standing = memberOf(bundle, interval.value, code);
  if (!standing.ok || standing.value.kind === "never-issued") return standing;
  const { since } = interval.value;
  if (asOf === undefined || holdsAt({ version: 1, since }, asOf)) return standing;
  if (!("version" in asOf)) return proven({ kind: "not-yet-issued", since });
  return asOf.version > 1
    ? unproven("as-of-later", `nothing was said of ${code} alone since it was issued: it has one version`)
    : unproven("not-shown", "versions count from 1");
}

/** The interval around a code, as its left neighbour leads to it; null when the neighbour leads to none. Spec §5.10. */
function intervalFrom(
  facts: Facts,
  code: Code,
  key: StateKey,
  own: Uint8Array | null,
): Proven<Interval | null> {
  const left = own === null ? facts.before(key) : { key, value: own };
  if (left === undefined) return unproven("not-shown", `the bundle does not show what stands before ${code}`);
  if (left === null || left.key.charCodeAt(0) !== KEY_KINDS.code) return proven(null);
  const leftCode = codeOfKey(left.key);
  if (leftCode === undefined)
    return unproven("entry-unknown", "the entry before the code has a malformed key");
  let first = leftCode;
  let value = left.value;
  if (isRecord(value)) {
    const record = decodeRecord(value);
    if (record === undefined)
      return unproven("entry-unknown", `the record of ${leftCode} is of an unknown form`);
    if (record.within === null) return proven(null);
    if (!isCode(record.within))
      return unproven("entry-unknown", `the record of ${leftCode} names no code as its interval's first`);
    first = record.within;
    const shown = facts.valueOf(codeKey(first));
    if (shown === undefined || shown === null) {
      return unproven(
        "not-shown",
        `the bundle does not show the interval from ${first}, which ${leftCode} lies within`,
      );
    }
    value = shown;
  }
  const interval = decodeInterval(first, value);
  // What leads to an interval lies within it: else the state is not one that the rules make.
  if (interval === undefined || !spans(interval, left.key))
    return unproven("entry-unknown", `the entry of ${first} is of an unknown form`);
  return proven(spans(interval, key) ? interval : null);
}

/** Whether a code is one of an interval's. */
function memberOf(bundle: Bundle, interval: Interval, code: Code): Proven<ProvenStanding> {
  if (interval.type === "range") {
    return proven(isInRange(interval, code) ? { kind: "in-range", interval } : { kind: "never-issued" });
  }
  if (!couldBeItem(interval, code)) return proven({ kind: "never-issued" });
  const key = codeKey(code);
  let before = -1;
  let after = interval.count;
  for (const proof of bundle.items) {
    const item = checkItem(interval, undefined, proof);
    if (!item.ok) return unproven("item-invalid", item.rejection.detail);
    if (item.value.code === code) {
      return proven({ kind: "in-batch", interval, description: descriptionOfItem(interval, item.value) });
    }
    if (codeKey(item.value.code) < key) before = Math.max(before, proof.index);
    else after = Math.min(after, proof.index);
  }
  // Items stand in order of code, so that two neighbours leave no room for a third between them.
  if (after === before + 1) return proven({ kind: "never-issued" });
  return unproven(
    "item-invalid",
    `the items shown leave room for ${code} in the batch from ${interval.first}`,
  );
}

/** The version of a record that held at the moment asked for. */
function recordFrom(
  bundle: Bundle,
  key: StateKey,
  bytes: Uint8Array,
  asOf: AsOf | undefined,
): Proven<ProvenStanding> {
  const current = decodeRecord(bytes);
  if (current === undefined)
    return unproven("entry-unknown", "the record is of a form that this version does not know");
  if (asOf === undefined || holdsAt(current, asOf))
    return proven({ kind: "record", record: current, isCurrent: true });
  if ("version" in asOf && asOf.version > current.version) {
    return unproven("as-of-later", `the record has ${current.version} versions`);
  }
  const shown = new Map<number, Version>();
  for (const version of bundle.versions) {
    if (version.key !== key) continue;
    const entry = checkVersion(current, version);
    if (entry === undefined)
      return unproven("version-invalid", "an earlier version does not lead to the record's history");
    shown.set(entry.version, entry);
    const next = entry.version + 1 === current.version ? current : shown.get(entry.version + 1);
    const record = decodeRecord(version.bytes);
    if (record === undefined) return unproven("entry-unknown", "an earlier version is of an unknown form");
    if (holdsFrom(entry, next, asOf)) return proven({ kind: "record", record, isCurrent: false });
    if (entry.version === 1 && !("version" in asOf) && startsAfter(entry.since, asOf)) {
      return proven({ kind: "not-yet-issued", since: entry.since });
    }
  }
  if (current.version === 1 && !("version" in asOf) && startsAfter(current.since, asOf)) {
    return proven({ kind: "not-yet-issued", since: current.since });
  }
  return unproven("not-shown", "the bundle does not show the version that held at the moment asked for");
}

function checkVersion(current: Version, proof: VersionProof): Version | undefined {
  const entry = decodeVersioned(proof.bytes);
  if (entry === undefined) return undefined;
  const size = current.version - 1;
  const peaks: Uint8Array[] = [];
  for (let at = 0; at < current.peaks.length; at += 32) peaks.push(current.peaks.subarray(at, at + 32));
  const index = entry.version.version - 1;
  const inclusion = { index, size, path: proof.path };
  return verifyInclusion(leafHash(proof.bytes), inclusion, frontierRoot({ size, peaks }))
    ? entry.version
    : undefined;
}

function holdsAt(version: Pick<Version, "version" | "since">, asOf: AsOf): boolean {
  return "version" in asOf ? version.version === asOf.version : !startsAfter(version.since, asOf);
}

/** Whether a version held at a moment: it had begun, and the next one had not. */
function holdsFrom(version: Version, next: Version | undefined, asOf: AsOf): boolean {
  if ("version" in asOf) return version.version === asOf.version;
  return next !== undefined && !startsAfter(version.since, asOf) && startsAfter(next.since, asOf);
}

function startsAfter(since: Version["since"], asOf: AsOf): boolean {
  if ("height" in asOf) return since.height > asOf.height;
  return "timeMs" in asOf && since.timeMs > asOf.timeMs;
}

/** The prefixes at and above a code; undefined unless it and each node above it are shown to be a prefix, with its holder, or none. */
function delegationsFrom(facts: Facts, code: Code): readonly Delegation[] | undefined {
  const delegations: Delegation[] = [];
  for (const prefix of [...ancestorsOf(code)].reverse().concat(code)) {
    const value = facts.valueOf(prefixKey(prefix));
    if (value === undefined) return undefined;
    if (value === null) continue;
    const entry = decodePrefix(value);
    const holderBytes = entry === undefined ? undefined : facts.valueOf(holderKey(entry.holder));
    const holder = holderBytes === undefined || holderBytes === null ? undefined : decodeHolder(holderBytes);
    if (entry === undefined || holder === undefined) return undefined;
    delegations.push({ prefix, entry, holder, holderId: entry.holder });
  }
  return delegations;
}
