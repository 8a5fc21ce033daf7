// The form of the files in vectors/proofs, and what is written in them of an answer.
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { type PolicyJson, readPolicy } from "@cityroot/core/log/witness-policy";
import { federationField } from "@cityroot/core/operation/federation-field";
import { type VerifiedAliases, verifyAliased, verifyAliases } from "@cityroot/core/proof/aliases";
import type { AsOf, ProvenStanding } from "@cityroot/core/proof/answer";
import type { Proven } from "@cityroot/core/proof/failure";
import { type VerifiedAnswer, type VerifyOptions, verifyAnswer } from "@cityroot/core/proof/verify";
import { type VerifiedPart, verifyList } from "@cityroot/core/proof/verify-list";
import { aliasStandingOf, type LegacyCode } from "@cityroot/core/state/alias";
import type { Federation } from "@cityroot/core/state/federation";
import type { Interval } from "@cityroot/core/state/interval";
import type { StateKey } from "@cityroot/core/state/key";

/** What a client asks, beside the code or the prefix: nothing of it means now. */
export type ProofQuestion = {
  readonly asOf?: AsOf;
  readonly notBefore?: { readonly height?: number; readonly timeMs?: number };
};

/** A bundle with what a client is to make of it: an answer, or the name of the failure alone. */
export type ProofCase = ProofQuestion & {
  readonly name: string;
  readonly code: string;
  /** Bytes of the bundle in hexadecimal. */
  readonly bundle: string;
  readonly expect: AnswerForm | { readonly failure: string };
};

/** The same of a list: the prefix, and the code after which the part begins. */
export type ListCase = ProofQuestion & {
  readonly name: string;
  readonly prefix: string;
  readonly after?: string;
  readonly bundle: string;
  readonly expect: ListForm | { readonly failure: string };
};

/** A file of cases under one policy. */
export type ProofFile<Case> = {
  readonly about: string;
  readonly policy: PolicyJson;
  readonly cases: readonly Case[];
};

/** What is compared of an answer. */
export type AnswerForm = {
  readonly height: number;
  readonly timeMs: number;
  readonly cosigners: readonly string[];
  readonly standing: { readonly kind: ProvenStanding["kind"]; readonly [detail: string]: unknown };
  /** Prefixes from the root down with the ids of their holders; null when they are not shown. */
  readonly delegations: readonly { readonly prefix: string; readonly holder: string }[] | null;
};

/** What is compared of a part of a list; values are the entries' bytes in hexadecimal. */
export type ListForm = {
  readonly height: number;
  readonly isLast: boolean;
  /** The federated prefix above, whose network has the list; absent in a list of this network. */
  readonly referral?: string;
  readonly entries: readonly { readonly code: string; readonly value: string }[];
};

/** Checks a case's bundle as a client does and gives what the file should say of it. */
export function judgeCase(one: Omit<ProofCase, "expect">, policy: PolicyJson): ProofCase["expect"] {
  return formOf(verifyAnswer(bytesOf(one.bundle), one.code as Code, optionsOf(one, policy)), answerForm);
}

/** As {@link judgeCase}, of a list. */
export function judgeListCase(one: Omit<ListCase, "expect">, policy: PolicyJson): ListCase["expect"] {
  const after = one.after as Code | undefined;
  const part = verifyList(bytesOf(one.bundle), one.prefix as Code, after, optionsOf(one, policy));
  return formOf(part, listForm);
}

/** A question about a legacy code, or about what leads from a code to claims, with what is to be made of it. */
export type AliasCase = ProofQuestion & {
  readonly name: string;
  readonly about: LegacyCode | { readonly target: string };
  /** The key after which the part begins, in hexadecimal. */
  readonly after?: string;
  readonly bundle: string;
  readonly expect: AliasForm | { readonly failure: string };
};

/** What a list of claims shows. */
export type AliasForm = {
  readonly height: number;
  readonly isLast: boolean;
  /** The authority of the coding system, null for none; absent where the bundle does not show it. */
  readonly authority?: string | null;
  readonly entries: readonly { readonly [name: string]: unknown }[];
};

/** As {@link judgeCase}, of the claims about a legacy code, or what leads from a code to claims. */
export function judgeAliasCase(one: Omit<AliasCase, "expect">, policy: PolicyJson): AliasCase["expect"] {
  const { about } = one;
  const after =
    one.after === undefined ? undefined : (Buffer.from(bytesOf(one.after)).toString("latin1") as StateKey);
  const options = optionsOf(one, policy);
  if ("target" in about) {
    const led = verifyAliased(bytesOf(one.bundle), about.target as Code, after, options);
    return formOf(led, ({ checkpoint, isLast, names }) => {
      return { height: checkpoint.height, isLast, entries: names.map((name) => ({ ...name })) };
    });
  }
  return formOf(verifyAliases(bytesOf(one.bundle), about, after, options), aliasForm);
}

function aliasForm({ checkpoint, isLast, authority, aliases }: VerifiedAliases): AliasForm {
  const entries = aliases.map(({ system, value, claimant, relation, target, from, until, ...rest }) => ({
    ...{ system, value, claimant, relation, target, from, until },
    evidence: rest.evidence === null ? null : bytesToHex(rest.evidence),
    standing: aliasStandingOf({ system, value, claimant, relation, target, from, until, ...rest }),
    version: rest.version,
  }));
  const shown = authority === undefined ? {} : { authority };
  return { height: checkpoint.height, isLast, ...shown, entries };
}

function bytesOf(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes === undefined) throw new Error("a bundle of a vector is no hexadecimal");
  return bytes;
}

function optionsOf({ asOf, notBefore }: ProofQuestion, json: PolicyJson): VerifyOptions {
  const policy = readPolicy(json);
  if (!policy.ok) throw new Error(`the policy of a vector: ${policy.fault.field}`);
  return {
    policy: policy.value,
    ...(asOf !== undefined && { asOf }),
    ...(notBefore !== undefined && { notBefore }),
  };
}

function formOf<T, Form>(proven: Proven<T>, form: (value: T) => Form): Form | { readonly failure: string } {
  return proven.ok ? form(proven.value) : { failure: proven.failure.name };
}

function answerForm({ checkpoint, cosigners, standing, delegations }: VerifiedAnswer): AnswerForm {
  return {
    height: checkpoint.height,
    timeMs: checkpoint.timeMs,
    cosigners: cosigners.map(({ name }) => name),
    standing: standingForm(standing),
    delegations:
      delegations?.map(({ prefix, holderId }) => ({ prefix, holder: bytesToHex(holderId) })) ?? null,
  };
}

function listForm({ checkpoint, entries, isLast, referral }: VerifiedPart): ListForm {
  const shown = entries.map(({ code, value }) => ({ code, value: bytesToHex(value) }));
  const elsewhere = referral === null ? {} : { referral: referral.prefix };
  return { height: checkpoint.height, isLast, ...elsewhere, entries: shown };
}

function standingForm(standing: ProvenStanding): AnswerForm["standing"] {
  switch (standing.kind) {
    case "record": {
      const { version, since, status, within, reason, ...record } = standing.record;
      const said = { class: record.class, attributes: plain(record.attributes) };
      return {
        kind: "record",
        isCurrent: standing.isCurrent,
        version,
        since,
        status,
        reason,
        within,
        ...said,
      };
    }
    case "in-range":
      return { kind: "in-range", ...intervalForm(standing.interval) };
    case "in-batch": {
      const { class: class_, attributes } = standing.description;
      return {
        kind: "in-batch",
        ...intervalForm(standing.interval),
        class: class_,
        attributes: plain(attributes),
      };
    }
    case "not-yet-issued":
      return { kind: "not-yet-issued", since: standing.since };
    case "federated": {
      const { prefix, record } = standing;
      return {
        kind: "federated",
        prefix,
        version: record.version,
        federation: federationForm(record.federation),
      };
    }
    case "never-issued":
      return { kind: "never-issued" };
  }
}

function intervalForm({ first, last, count, since }: Interval): { readonly [detail: string]: unknown } {
  return { first, last, count, since };
}

function federationForm(federation: Federation): unknown {
  return federationField.toJson(federation);
}

/** A CBOR value as JSON: these vectors have no bytes in what they compare. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
