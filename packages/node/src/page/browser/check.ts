import { type Code, isCode } from "@cityroot/codes/ma/code";
import type { CborValue } from "@cityroot/core/cbor";
import { parseNote, printVerifierKey, signaturesOf } from "@cityroot/core/log/note";
import { type Policy, readPolicy, writePolicy } from "@cityroot/core/log/witness-policy";
import type { AsOf } from "@cityroot/core/proof/answer";
import { decodeBundle } from "@cityroot/core/proof/bundle";
import { type VerifiedAnswer, verifyAnswer } from "@cityroot/core/proof/verify";
import type { Description } from "@cityroot/core/state/record";
import { recallSeen, rememberSeen } from "./memory.ts";

/** What the page says of itself. */
export type Claim = {
  readonly code: string;
  readonly kind: string;
  readonly version: string;
  readonly status: string;
  /** The question's moment as it stands in an address; empty for now. */
  readonly moment: string;
  /** Height of the block that the page is as of. */
  readonly height: number;
  /** The name that a reader sees; undefined where the page shows none. */
  readonly title: string | undefined;
  /** The holder that a reader sees, where it is that of a prefix above the code; else undefined. */
  readonly holder: string | undefined;
};

/** What checking showed. */
export type Checked =
  | {
      readonly state: "verified" | "changed";
      readonly answer: VerifiedAnswer;
      /** Keys of the log that signed. */
      readonly signers: readonly string[];
      readonly bytes: number;
      readonly hashes: number;
    }
  /** The proof is of a later block, in which the code stands differently: the page is out of date. */
  | { readonly state: "outdated" }
  | { readonly state: "failed"; readonly reason: string };

/** Checks a page's claim by the proof and by the policy that the server names. */
export function checkClaim(claim: Claim, proof: Uint8Array, network: unknown): Checked {
  const policy = readPolicy((network as { readonly policy?: unknown } | null)?.policy);
  if (!policy.ok) return failed(`policy: ${policy.fault.field}`);
  if (!isCode(claim.code)) return failed("code");
  const { logKeys } = writePolicy(policy.value);
  const seen = recallSeen();
  const areKnown = seen === undefined || logKeys.every((key) => seen.logKeys.includes(key));
  const asOf = asOfOf(claim.moment);
  const answer = verifyAnswer(proof, claim.code as Code, {
    policy: policy.value,
    ...(asOf !== undefined && { asOf }),
    // A registry that this browser knows does not go back in time.
    ...(seen !== undefined && areKnown && { notBefore: { height: seen.height } }),
  });
  if (!answer.ok) return failed(`${answer.failure.name}: ${answer.failure.detail}`);
  const difference = findDifference(claim, answer.value);
  if (difference !== undefined) {
    return answer.value.checkpoint.height > claim.height ? { state: "outdated" } : failed(difference);
  }
  // A key that is not named this time was none the less seen.
  if (areKnown) rememberSeen({ logKeys: seen?.logKeys ?? logKeys, height: answer.value.checkpoint.height });
  return {
    state: areKnown ? "verified" : "changed",
    answer: answer.value,
    signers: signersOf(proof, policy.value),
    bytes: proof.length,
    hashes: countHashes(proof),
  };
}

function failed(reason: string): Checked {
  return { state: "failed", reason };
}

/** Keys of the log that signed the checkpoint of a proof that was checked. */
function signersOf(proof: Uint8Array, { logKeys }: Policy): readonly string[] {
  const bundle = decodeBundle(proof);
  const note = bundle === undefined ? undefined : parseNote(bundle.note);
  if (!note?.ok) return [];
  return logKeys.filter((key) => signaturesOf(note.value, key).length > 0).map(printVerifierKey);
}

function asOfOf(moment: string): AsOf | undefined {
  const [name, value] = moment.split("=");
  if (name === "version") return { version: Number(value) };
  return name === "as-of-height" ? { height: Number(value) } : undefined;
}

/** Where the proof says something else than the page. */
function findDifference(claim: Claim, answer: VerifiedAnswer): string | undefined {
  const { standing, delegations } = answer;
  if (standing.kind !== claim.kind) return `${claim.kind} ≠ ${standing.kind}`;
  if (standing.kind === "never-issued" || standing.kind === "not-yet-issued") return undefined;
  // The status is where the page has the network's id: who reads it goes there.
  if (standing.kind === "federated") {
    const { network } = standing.record.federation;
    return network === claim.status ? undefined : `${claim.status} ≠ ${network}`;
  }
  if (standing.kind === "record") {
    const { version, status } = standing.record;
    if (String(version) !== claim.version) return `version ${claim.version} ≠ ${version}`;
    if (status !== claim.status) return `${claim.status} ≠ ${status}`;
  }
  const names = namesOf(descriptionOf(standing));
  if (names.length > 0 && !names.includes(claim.title ?? "")) return `${claim.title} ≠ ${names.join(", ")}`;
  if (claim.holder === undefined || delegations === undefined) return undefined;
  const held = textsOf(delegations[delegations.length - 1]?.holder.name);
  return held.includes(claim.holder) ? undefined : `${claim.holder} ≠ ${held.join(", ")}`;
}

type Described = Exclude<
  VerifiedAnswer["standing"],
  { kind: "never-issued" | "not-yet-issued" | "federated" }
>;

function descriptionOf(standing: Described): Description {
  if (standing.kind === "record") return standing.record;
  return standing.kind === "in-batch" ? standing.description : standing.interval;
}

/** The names that a description gives, in all languages. */
function namesOf(description: Description): readonly string[] {
  const attributes = description.attributes as readonly (readonly [string, CborValue])[];
  return textsOf(attributes.find(([name]) => name === "name")?.[1]);
}

/** The texts of a text by language. */
function textsOf(value: CborValue | undefined): readonly string[] {
  return ((value ?? []) as readonly (readonly [string, string])[]).map(([, text]) => text);
}

const STEP_BYTES = 34;

/** Hashes that the proof holds beside the entries. */
function countHashes(proof: Uint8Array): number {
  const bundle = decodeBundle(proof);
  if (bundle === undefined) return 0;
  const inRuns = bundle.runs.reduce((sum, run) => sum + run.path.length / STEP_BYTES, 0);
  const others = [...bundle.items, ...bundle.versions];
  return others.reduce((sum, { path }) => sum + path.length, bundle.sealPath.length + inRuns);
}
