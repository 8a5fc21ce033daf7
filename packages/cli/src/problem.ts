import { REJECTIONS } from "@cityroot/core/rejection";
import { isProofError, isRegistryError, isTransportError, type TransportError } from "@cityroot/sdk/error";
import { type ExitName, exitOfRejection } from "./exit-code.ts";
import { CommandFailure, Interrupted } from "./failure.ts";
import { CATALOGUES, type Say, type TextKey } from "./text/say.ts";

/** An error as RFC 9457 problem details, and what the process ends with. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status?: number;
  readonly detail: string;
  readonly code: string;
  readonly field?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly fix?: string;
  readonly operation?: number;
  readonly exit: ExitName;
};

/** What an error says, whoever threw it. */
export function problemOf(error: unknown, say: Say): Problem {
  if (error instanceof Interrupted || isAbort(error)) {
    return make("INTERRUPTED", say("problem.INTERRUPTED"), {
      exit: "interrupted",
      detail: say("error.interrupted"),
    });
  }
  if (error instanceof CommandFailure) {
    const { code, exit, detail, field, expected, got, fix } = error.details;
    return make(code, say("problem.command"), { exit, detail, ...present({ field, expected, got, fix }) });
  }
  if (isRegistryError(error)) {
    const { rejection, field, expected, got, fix, operation } = error;
    const detail = error.message
      .replace(`${rejection}: `, "")
      .replace(fix === undefined ? "" : `; ${fix}`, "");
    const status = Object.hasOwn(REJECTIONS, rejection)
      ? REJECTIONS[rejection as keyof typeof REJECTIONS].http
      : undefined;
    return make(rejection, titleOf(rejection, say), {
      exit: exitOfRejection(rejection),
      detail,
      ...present({ status, field, expected, got, fix: fix ?? fixOf(rejection, say), operation }),
    });
  }
  if (isProofError(error)) {
    const detail = error.message;
    return make("PROOF_REFUSED", say("problem.PROOF_REFUSED"), {
      exit: "verification",
      detail,
      fix: say(error.failure === "checkpoint-conflict" ? "error.proofConflict.fix" : "error.proof.fix"),
    });
  }
  if (isTransportError(error)) return transportProblem(error, say);
  return worldProblem(error, say);
}

/** What to do here about a refusal, where the registry does not say. */
function fixOf(rejection: string, say: Say): string | undefined {
  if (rejection === "BELOW_THRESHOLD") return say("error.threshold.fix");
  if (rejection === "HOLDER_UNKNOWN") return say("error.holderUnknown.fix");
  if (rejection === "KEY_UNKNOWN") return say("error.keyUnknown.fix");
  return undefined;
}

function transportProblem(error: TransportError, say: Say): Problem {
  const later = /(version|as-of-[a-z]+): the newest is (.+?) \(/.exec(error.message);
  if (error.code === "AS_OF_LATER" && later !== null) return laterProblem(later[1]!, later[2]!, say);
  const code = error.code ?? `TRANSPORT_${error.failure.toUpperCase().replace("-", "_")}`;
  const isMissing = error.status === 404;
  if (error.failure === "not-allowed") {
    return make(code, say("problem.command"), {
      ...{ exit: "denied", detail: error.message, field: "endpoint", got: error.url },
      expected: say("error.notAllowed.expected"),
      fix: say("error.notAllowed.fix"),
    });
  }
  if (code === "READ_ONLY") {
    const status = present({ status: error.status });
    const fix = say("error.readOnly.fix");
    return make(code, say("problem.READ_ONLY"), {
      exit: "unavailable",
      ...status,
      detail: error.message,
      fix,
    });
  }
  return make(code, say(isMissing ? "problem.NOT_FOUND" : "problem.UNAVAILABLE"), {
    exit: isMissing ? "notFound" : "unavailable",
    ...present({ status: error.status }),
    detail: error.message,
    field: "url",
    expected: say("error.transport.expected"),
    got: error.url,
    // Who answers so runs, and says what it lacks.
    fix: say(error.status === 503 ? "error.lacking.fix" : "error.transport.fix"),
  });
}

/** A moment or a version was asked for that has not come. */
function laterProblem(parameter: string, newest: string, say: Say): Problem {
  const field = parameter === "version" ? "--record-version" : "--as-of";
  return make("AS_OF_LATER", say("problem.command"), {
    exit: "usage",
    detail: say("error.later", { detail: `${field} ${say("error.later.expected", { newest })}` }),
    field,
    expected: say("error.later.expected", { newest }),
  });
}

/** The world failed, or we did. */
function worldProblem(error: unknown, say: Say): Problem {
  const { message, code, name, path } = (error ?? {}) as { [name: string]: string | undefined };
  const detail = message ?? String(error);
  if (name === "HomeInUseError")
    return make("HOME_IN_USE", say("problem.command"), {
      exit: "conflict",
      detail,
      field: "--home",
      expected: say("error.homeInUse.expected"),
      fix: say("error.homeInUse.fix"),
    });
  if (name === "ProtocolVersionError")
    return make("PROTOCOL_UNKNOWN", say("problem.command"), { exit: "failure", detail });
  if (name === "CometBftMissingError") return cometBftProblem(error as CometBftMissing, say);
  if (name === "ConfigError") {
    const [, field, expected, got] = /^([\w.]+): expected (.+), got (.+)$/s.exec(detail) ?? [];
    return make("CONFIG_MALFORMED", say("problem.command"), {
      exit: "usage",
      detail,
      ...present({ field, expected, got }),
      fix: say("error.config.fix"),
    });
  }
  if (code === "ENOENT" || code === "EACCES") {
    return make(code === "ENOENT" ? "FILE_NOT_FOUND" : code, say("problem.command"), {
      exit: "failure",
      detail,
      ...present({ expected: path && say("error.file.expected"), got: path }),
      fix: say("error.file.fix"),
    });
  }
  const isKnown = typeof code === "string" && /^[A-Z0-9_]+$/.test(code);
  return make(isKnown ? code : "FAILURE", say("problem.FAILURE"), { exit: "failure", detail });
}

type CometBftMissing = {
  readonly path: string;
  readonly version: string;
  readonly kind: "absent" | "unrunnable" | "other";
  readonly got: string;
};

const COMETBFT_TEXTS: { readonly [kind in CometBftMissing["kind"]]: TextKey } = {
  absent: "error.cometbft.absent",
  unrunnable: "error.cometbft.unrunnable",
  other: "error.cometbft.other",
};

function cometBftProblem({ path, version, kind, got }: CometBftMissing, say: Say): Problem {
  const values = { reason: got, version: got };
  return make("COMETBFT_MISSING", say("problem.command"), {
    exit: "failure",
    detail: say("error.cometbft", { version, path }),
    expected: `CometBFT ${version}`,
    got: say(COMETBFT_TEXTS[kind], values),
    fix: say("error.cometbft.fix"),
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function titleOf(rejection: string, say: Say): string {
  const key = `rejection.${rejection}`;
  return Object.hasOwn(CATALOGUES.en, key) ? say(key as TextKey) : say("problem.refused");
}

function make(
  code: string,
  title: string,
  rest: { readonly exit: ExitName; readonly detail: string } & Partial<Problem>,
): Problem {
  return { type: `urn:cityroot:problem:${code.toLowerCase().replaceAll("_", "-")}`, title, code, ...rest };
}

/** The members that are there. */
function present<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
