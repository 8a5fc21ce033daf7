import type { Outcome } from "@cityroot/core/outcome";
import type { ProofFailureName, Proven } from "@cityroot/core/proof/failure";
import { REJECTIONS, type Rejection, type RejectionName } from "@cityroot/core/rejection";

/** A name of {@link REJECTIONS}, or one that a registry of a newer version uses. */
export type RefusalName = RejectionName | (string & {});

/** What a {@link RegistryError} is made of. */
export type RegistryErrorDetails = {
  readonly rejection: RefusalName;
  /** One sentence for people; never parsed. */
  readonly detail: string;
  readonly field?: string | undefined;
  readonly expected?: string | undefined;
  readonly got?: string | undefined;
  readonly fix?: string | undefined;
  readonly operation?: number | undefined;
};

/**
 * The rules refused: the registry did, or this package before anything was sent, with the same names. Recognise it
 * with {@link isRegistryError}.
 */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  /** Stable name of the refusal, such as `NOT_AUTHORISED`. */
  readonly rejection: RefusalName;
  /** Its number in blocks; undefined for a name that this version does not know. */
  readonly number: number | undefined;
  /** The field at fault, such as `attributes.name`. */
  readonly field: string | undefined;
  /** What would have been right there. */
  readonly expected: string | undefined;
  /** What came, in printable ASCII. */
  readonly got: string | undefined;
  /** What to do about it, where that is known. */
  readonly fix: string | undefined;
  /** Index of the operation that was refused, from 0; undefined when the whole transaction was. */
  readonly operation: number | undefined;

  constructor(details: RegistryErrorDetails, options?: ErrorOptions) {
    const { rejection, detail, fix } = details;
    super(`${rejection}: ${detail}${fix === undefined ? "" : `; ${fix}`}`, options);
    this.rejection = rejection;
    this.number = numberOf(rejection);
    this.field = details.field;
    this.expected = details.expected;
    this.got = details.got;
    this.fix = fix;
    this.operation = details.operation;
  }
}

function numberOf(rejection: string): number | undefined {
  return Object.hasOwn(REJECTIONS, rejection) ? REJECTIONS[rejection as RejectionName].number : undefined;
}

/**
 * Why an answer was not believed: a failure of its proof, or one of two that only a client can see.
 * `checkpoint-conflict`: two signed checkpoints that cannot both be true, which convicts whoever signed them;
 * `referral-loop`: networks refer to one another, or further than a client follows.
 */
export type ProofErrorFailure = ProofFailureName | "checkpoint-conflict" | "referral-loop";

/**
 * An answer was not proven, so nothing of it was believed. It says nothing of the code. Recognise it with
 * {@link isProofError}.
 */
export class ProofError extends Error {
  override readonly name = "ProofError";
  readonly failure: ProofErrorFailure;
  /** The signed checkpoints that contradict each other, as text, for `checkpoint-conflict`; else empty. */
  readonly evidence: readonly string[];

  constructor(failure: ProofErrorFailure, detail: string, evidence: readonly string[] = []) {
    super(`${failure}: ${detail}`);
    this.failure = failure;
    this.evidence = evidence;
  }
}

/** How a request can fail without an answer of the registry. */
export const TRANSPORT_FAILURES = [
  /** No answer came: no connection, or it broke. */
  "network",
  /** The answer was not complete in time. */
  "timeout",
  /** The server sent elsewhere; the client does not follow. */
  "redirect",
  /** An HTTP status that is no refusal by the rules: see `status` and `code`. */
  "status",
  /** The answer was longer than any that is right. */
  "too-large",
  /** The answer is not what the interface promises. */
  "malformed",
  /** The address is one that a referral names and that the caller did not allow: it was not asked. */
  "not-allowed",
] as const;
export type TransportFailure = (typeof TRANSPORT_FAILURES)[number];

/** What a {@link TransportError} is made of. */
export type TransportErrorDetails = {
  readonly failure: TransportFailure;
  readonly detail: string;
  readonly url: string;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
};

/** The way to the registry failed. Recognise it with {@link isTransportError}. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly failure: TransportFailure;
  /** Address that was asked. */
  readonly url: string;
  /** HTTP status, where an answer came. */
  readonly status: number | undefined;
  /** Stable name that the server gave, such as `OVERLOADED`. */
  readonly code: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(details: TransportErrorDetails, options?: ErrorOptions) {
    super(`${details.failure}: ${details.detail} (${details.url})`, options);
    this.failure = details.failure;
    this.url = details.url;
    this.status = details.status;
    this.code = details.code;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Whether the rules refused. Safe across copies of this package, unlike `instanceof`. */
export function isRegistryError(error: unknown): error is RegistryError {
  return isNamed(error, "RegistryError") && "rejection" in error;
}

/** Whether an answer was not proven. Safe across copies of this package, unlike `instanceof`. */
export function isProofError(error: unknown): error is ProofError {
  return isNamed(error, "ProofError") && "failure" in error;
}

/** Whether the way to the registry failed. Safe across copies of this package, unlike `instanceof`. */
export function isTransportError(error: unknown): error is TransportError {
  return isNamed(error, "TransportError") && "failure" in error;
}

function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}

/** The refusal of the core as an error. */
export function registryErrorOf(rejection: Rejection): RegistryError {
  const { name, detail, fault, operation } = rejection;
  return new RegistryError({ ...fault, rejection: name, detail, operation });
}

/** The value of an outcome; throws a {@link RegistryError} for a refusal. */
export function acceptedOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw registryErrorOf(outcome.rejection);
}

/** The value of what was proven; throws a {@link ProofError} for what was not. */
export function provenOf<T>(checked: Proven<T>): T {
  if (checked.ok) return checked.value;
  throw new ProofError(checked.failure.name, checked.failure.detail);
}
