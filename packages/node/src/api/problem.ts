import type { Fault } from "@cityroot/codes/fault";
import { REJECTIONS, type Rejection, type RejectionName } from "@cityroot/core/rejection";

/**
 * Why a request was refused, beside what the protocol refuses: the names of transport and of questions. They are as
 * stable as the protocol's, but have no numbers, since no ledger holds them.
 */
export const API_PROBLEMS = {
  /** The address, a parameter or the head of the request cannot be read. */
  REQUEST_MALFORMED: { http: 400, title: "The request cannot be read" },
  PARAMETER_MALFORMED: { http: 400, title: "A parameter cannot be read" },
  BODY_MALFORMED: { http: 400, title: "The body cannot be read" },
  BODY_TOO_LARGE: { http: 413, title: "The body is too large" },
  UNSUPPORTED_MEDIA_TYPE: { http: 415, title: "The body has a media type that is not taken here" },
  URL_TOO_LONG: { http: 414, title: "The address is too long" },
  HEAD_TOO_LARGE: { http: 431, title: "The head of the request is too large" },
  REQUEST_TIMEOUT: { http: 408, title: "The request took too long to arrive" },
  NOT_FOUND: { http: 404, title: "Nothing has this address" },
  METHOD_NOT_ALLOWED: { http: 405, title: "The address does not take this method" },
  /** The code was issued later than the moment asked for. */
  NOT_YET_ISSUED: { http: 404, title: "The code was not yet issued then" },
  /** The moment or version asked for lies after the newest block. */
  AS_OF_LATER: { http: 400, title: "The moment asked for has not come yet" },
  /** The code lies below a prefix that another network serves; `referral` says which. Nothing is said of the code. */
  SERVED_ELSEWHERE: { http: 421, title: "Another network serves this code" },
  /** The address is meant as a GS1 Digital Link URI and is none. */
  DIGITAL_LINK_MALFORMED: { http: 400, title: "The address is no GS1 Digital Link URI" },
  /** Nobody claims that what the address names is any code. */
  DIGITAL_LINK_UNKNOWN: { http: 404, title: "Nobody claims that this is any code" },
  /** What the address names was a code on other days, and is none today. */
  DIGITAL_LINK_ENDED: { http: 410, title: "This is no code any more" },
  LINK_NOT_FOUND: { http: 404, title: "There is no link of this type" },
  NOT_A_BATCH_ITEM: { http: 404, title: "The code is no item of a batch" },
  OVERLOADED: { http: 503, title: "Too much is waiting already" },
  READ_ONLY: { http: 503, title: "No transactions are taken at present" },
  /** The server cannot tell. Never to be read as an answer about a code. */
  UNAVAILABLE: { http: 503, title: "The answer cannot be given at present" },
} as const;

/** Name of a problem that is not the protocol's. */
export type ApiProblemName = keyof typeof API_PROBLEMS;

/** Stable name of a problem. */
export type ProblemName = ApiProblemName | RejectionName;

/** A problem as it is answered: RFC 9457 with our members. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemName;
  /** Number of the refusal on the ledger. */
  readonly number?: number;
  readonly field?: string;
  /** Where in the field's text the trouble begins, from 0. */
  readonly at?: number;
  readonly expected?: string;
  readonly got?: string;
  readonly fix?: string;
  /** Index of the operation that was refused. */
  readonly operation?: number;
};

/** Path below which every problem's name leads to its description. */
export const PROBLEM_PATH = "/problems/";

/** Whether a name is the protocol's. */
function isRejection(name: ProblemName): name is RejectionName {
  return Object.hasOwn(REJECTIONS, name);
}

/** Status, title and number of a problem's name. */
export function kindOfProblem(name: ProblemName): Pick<Problem, "status" | "title" | "number"> {
  if (!isRejection(name)) return { status: API_PROBLEMS[name].http, title: API_PROBLEMS[name].title };
  const words = name.toLowerCase().replaceAll("_", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return { status: REJECTIONS[name].http, title, number: REJECTIONS[name].number };
}

/** A problem with one sentence for people and, where something is at fault, what would have been right. */
export function makeProblem(name: ProblemName, detail: string, fault?: Fault): Problem {
  const { status, title, number } = kindOfProblem(name);
  return {
    type: PROBLEM_PATH + name,
    title,
    status,
    detail,
    code: name,
    ...(number !== undefined && { number }),
    ...(fault !== undefined && faultMembers(fault)),
  };
}

function faultMembers({ field, at, expected, got, fix }: Fault): Partial<Problem> {
  return { field, ...(at !== undefined && { at }), expected, got, ...(fix !== undefined && { fix }) };
}

/** The problem of a protocol's refusal. */
export function problemOfRejection(rejection: Rejection): Problem {
  const problem = makeProblem(rejection.name, rejection.detail, rejection.fault);
  return rejection.operation === undefined ? problem : { ...problem, operation: rejection.operation };
}

/** The problem of a text that is no code. */
export function problemOfCode(fault: Fault): Problem {
  return makeProblem("CODE_MALFORMED", `${fault.field}: expected ${fault.expected}, got ${fault.got}`, fault);
}

/** The problem of a parameter that cannot be used. */
export function problemOfParameter(field: string, expected: string, got: string): Problem {
  return makeProblem("PARAMETER_MALFORMED", `${field}: expected ${expected}`, { field, expected, got });
}
