import type { Code } from "@cityroot/codes/ma/code";
import { attributesToJson, checkAttributes } from "@cityroot/core/attribute/attribute";
import { commitmentsFromCbor, commitmentsToJson } from "@cityroot/core/attribute/commitment";
import { linksFromCbor, linksToJson } from "@cityroot/core/attribute/link";
import type { Text } from "@cityroot/core/attribute/text";
import { textToJson } from "@cityroot/core/attribute/text";
import { bytesToHex } from "@cityroot/core/hex";
import type { PolicyJson } from "@cityroot/core/log/witness-policy";
import { federationField } from "@cityroot/core/operation/federation-field";
import { impliedRecord, type Referral } from "@cityroot/core/operation/standing";
import type { Outcome } from "@cityroot/core/outcome";
import type { Delegation } from "@cityroot/core/proof/answer";
import type { SeenCheckpoint, VerifiedAnswer } from "@cityroot/core/proof/verify";
import type { Moment as CoreMoment } from "@cityroot/core/state/entry";
import type { Federation } from "@cityroot/core/state/federation";
import type { Holder } from "@cityroot/core/state/holder";
import type { Interval } from "@cityroot/core/state/interval";
import type { Description, Record, Status, Succession } from "@cityroot/core/state/record";
import type { AttributesJson, CommitmentJson, LinkJson, TextJson } from "./attributes-json.ts";
import { ProofError } from "./error.ts";

/** A block: its height, and its time as RFC 3339 UTC text. */
export type Moment = { readonly height: number; readonly time: string };

/** What the answer rests on: the checkpoint's block, and the witnesses that cosigned it, with their times. */
export type Verification = Moment & {
  readonly cosigners: readonly { readonly name: string; readonly time: string }[];
};

/** What an issuer says of a code. */
export type ResolvedDescription = {
  readonly class: string;
  readonly attributes: AttributesJson;
  readonly links: readonly LinkJson[];
  readonly commitments: readonly CommitmentJson[];
};

/** What the ledger says of a code, in JSON values. */
export type ResolvedRecord = ResolvedDescription & {
  /** 1 for the first. */
  readonly version: number;
  /** Whether this is the newest version. */
  readonly isCurrent: boolean;
  readonly status: Status;
  /** First code of the range or batch that the code was issued with, or null. */
  readonly within: Code | null;
  /** Id of the holder that the code alone was transferred to, or null while it goes with its prefix. */
  readonly holder: string | null;
  /** What took the code's place, or null. */
  readonly succession: { readonly kind: Succession; readonly codes: readonly Code[] } | null;
  /** Token that says why the status is not active, or null. */
  readonly reason: string | null;
  /** The network that serves what lies below the code, a prefix; null where this one does. */
  readonly federation: FederationJson | null;
  /** Since when this version holds. */
  readonly since: Moment;
};

/** The range or batch that a code was issued with. */
export type ResolvedInterval = {
  readonly type: Interval["type"];
  readonly first: Code;
  readonly last: Code;
  readonly count: number;
  readonly since: Moment;
};

/** A holder as others see it: id in hexadecimal and name by language. */
export type ResolvedHolder = { readonly id: string; readonly name: TextJson };

/** A delegated prefix and who holds it. */
export type HeldPrefix = { readonly prefix: Code; readonly holder: ResolvedHolder };

/** A delegated prefix as the ledger shows it. */
export type ResolvedPrefix = HeldPrefix & {
  readonly status: Status;
  /** Since when it is held like this. */
  readonly since: Moment;
};

/** How a code stands. `in-range` and `in-batch` codes have the record that issuing them implied. */
export type ResolvedStanding =
  | { readonly standing: "record"; readonly record: ResolvedRecord; readonly interval: null }
  | { readonly standing: "in-range"; readonly record: ResolvedRecord; readonly interval: ResolvedInterval }
  | { readonly standing: "in-batch"; readonly record: ResolvedRecord; readonly interval: ResolvedInterval }
  /** Issued after the moment asked for. */
  | {
      readonly standing: "not-yet-issued";
      readonly record: null;
      readonly interval: null;
      readonly since: Moment | null;
    }
  /** Another network serves it, and it was not asked: see {@link ResolvedReferral}. */
  | {
      readonly standing: "federated";
      readonly record: null;
      readonly interval: null;
      readonly referral: ResolvedReferral;
    }
  /** Never issued up to the block that the answer is as of. */
  | { readonly standing: "never-issued"; readonly record: null; readonly interval: null };

/** A network that serves what lies below a prefix. Spec §6.10. */
export type FederationJson = {
  /** Id of the network. */
  readonly network: string;
  /** SHA-256 of its genesis in hexadecimal. */
  readonly genesis: string;
  /** Addresses of its servers, chosen by the holder of the prefix. */
  readonly endpoints: readonly string[];
  /** Which of its checkpoints count. */
  readonly policy: PolicyJson;
};

/** Which network serves a code: the federated prefix above it, whether that is in use, and what its record says. */
export type ResolvedReferral = {
  readonly prefix: Code;
  readonly status: Status;
  readonly federation: FederationJson;
};

/** A referral that was followed: who referred, by which proof, and where the next network was asked. */
export type FollowedReferral = {
  /** The federated prefix. */
  readonly prefix: Code;
  /** Id of the network that it refers to. */
  readonly network: string;
  /** The endpoint of that network whose proof held. */
  readonly endpoint: string;
  /** What proves the referral: a checkpoint of the network that refers. */
  readonly verified: Verification;
};

/** What is known of a code. */
export type ResolutionOf<V> = ResolvedStanding & {
  readonly code: Code;
  /** The prefix that has the say over the code: the nearest delegated one above it; null for none or not asked for. */
  readonly prefix: HeldPrefix | null;
  /** Every delegated prefix above the code, from the root prefix down; null when not asked for. */
  readonly chain: readonly ResolvedPrefix[] | null;
  /** The block that the answer is as of. */
  readonly asOf: Moment;
  /** What proves the answer, or null for one that was taken at the server's word. */
  readonly verified: V;
  /**
   * The referrals that led to the network that answers, from the one that was asked first; empty where that one answers.
   * `asOf`, `verified`, `prefix` and `chain` are those of the network that answers.
   */
  readonly referrals: readonly FollowedReferral[];
};

/** What is proven of a code. */
export type Resolution = ResolutionOf<Verification>;

/** What a server says of a code, without proof. */
export type UnverifiedResolution = ResolutionOf<null>;

/** What a checked bundle shows, in JSON values. Throws {@link ProofError} `entry-unknown`. */
export function resolutionOf(answer: VerifiedAnswer, delegations: boolean): Resolution {
  const verified = verificationOf(answer);
  const chain = delegations ? chainOf(answer) : null;
  return {
    code: answer.code,
    ...standingOf(answer),
    prefix: chain?.at(-1) ?? null,
    chain,
    asOf: { height: verified.height, time: verified.time },
    verified,
    referrals: [],
  };
}

function chainOf(answer: VerifiedAnswer): readonly ResolvedPrefix[] {
  if (answer.delegations !== undefined) return answer.delegations.map(prefixOf);
  throw new ProofError("not-shown", `the bundle does not show the prefixes above ${answer.code}`);
}

/** What a checked checkpoint says. */
export function verificationOf({ checkpoint, cosigners }: SeenCheckpoint): Verification {
  return {
    height: checkpoint.height,
    time: formatTime(checkpoint.timeMs),
    cosigners: cosigners.map(({ name, timeS }) => ({ name, time: formatTime(1000 * timeS) })),
  };
}

function standingOf({ standing }: VerifiedAnswer): ResolvedStanding {
  switch (standing.kind) {
    case "record": {
      const record = recordOf(standing.record, standing.isCurrent);
      return { standing: "record", record, interval: null };
    }
    case "in-range": {
      const { interval } = standing;
      const record = recordOf(impliedRecord(interval, interval), true);
      return { standing: "in-range", record, interval: intervalOf(interval) };
    }
    case "in-batch": {
      const { interval, description } = standing;
      const record = recordOf(impliedRecord(interval, description), true);
      return { standing: "in-batch", record, interval: intervalOf(interval) };
    }
    case "not-yet-issued":
      return { standing: "not-yet-issued", record: null, interval: null, since: momentOf(standing.since) };
    case "federated":
      return { standing: "federated", record: null, interval: null, referral: referralOf(standing) };
    case "never-issued":
      return { standing: "never-issued", record: null, interval: null };
  }
}

/** A record in JSON values. */
export function recordOf(record: Record, isCurrent: boolean): ResolvedRecord {
  return {
    version: record.version,
    isCurrent,
    status: record.status,
    ...descriptionOf(record),
    within: record.within,
    holder: record.holder === null ? null : bytesToHex(record.holder),
    succession: record.succession,
    reason: record.reason,
    federation: record.federation === undefined ? null : federationOf(record.federation),
    since: momentOf(record.since),
  };
}

/** A referral in JSON values. */
export function referralOf({ prefix, record }: Referral): ResolvedReferral {
  return { prefix, status: record.status, federation: federationOf(record.federation) };
}

/** A federation in JSON values. */
export function federationOf(federation: Federation): FederationJson {
  return federationField.toJson(federation) as unknown as FederationJson;
}

/** A description in JSON values; read strictly, as whoever signed the state may know more than this version. */
export function descriptionOf(description: Description): ResolvedDescription {
  const attributes = known(checkAttributes(description.attributes));
  const links = known(linksFromCbor(description.links));
  const commitments = known(commitmentsFromCbor(description.commitments));
  return {
    class: description.class,
    attributes: attributesToJson(attributes) as AttributesJson,
    links: linksToJson(links) as unknown as readonly LinkJson[],
    commitments: commitmentsToJson(commitments) as unknown as readonly CommitmentJson[],
  };
}

function known<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ProofError("entry-unknown", `${outcome.rejection.name}: ${outcome.rejection.detail}`);
}

/** An interval in JSON values, without what it says of its codes. */
export function intervalOf({ type, first, last, count, since }: Interval): ResolvedInterval {
  return { type, first, last, count, since: momentOf(since) };
}

/** A delegation in JSON values. */
export function prefixOf({ prefix, entry, holder, holderId }: Delegation): ResolvedPrefix {
  return {
    prefix,
    status: entry.status,
    holder: { id: bytesToHex(holderId), name: nameOf(holder) },
    since: momentOf(entry.since),
  };
}

/** Name of a holder by language. */
export function nameOf(holder: Holder): TextJson {
  const pairs = holder.name as readonly unknown[];
  const isText = pairs.every((pair) => Array.isArray(pair) && pair.every((part) => typeof part === "string"));
  if (!isText) throw new ProofError("entry-unknown", "the holder's name is of an unknown form");
  return textToJson(holder.name as unknown as Text) as TextJson;
}

/** A moment with its time as text. */
export function momentOf({ height, timeMs }: CoreMoment): Moment {
  return { height, time: formatTime(timeMs) };
}

/** Latest time that `Date` knows, in milliseconds. ECMA-262 §21.4.1.1. */
const DATE_MS_MAX = 8_640_000_000_000_000;

/** A time as RFC 3339 UTC text. */
export function formatTime(timeMs: number): string {
  return new Date(Math.min(timeMs, DATE_MS_MAX)).toISOString();
}
