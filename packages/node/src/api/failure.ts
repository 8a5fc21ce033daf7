import { fault as makeFault } from "@cityroot/codes/fault";
import type { Logger } from "pino";
import { makeProblem, type Problem } from "./problem.ts";
import { ItemsMissingError } from "./read/view.ts";

/** What a failing world is answered with. The reason goes to the log; a client learns that it got no answer. */
export function problemOfFailure(error: unknown, logger: Logger): Problem {
  logger.error({ err: error }, "a request could not be answered");
  const detail =
    error instanceof ItemsMissingError
      ? error.message
      : "this server cannot read or write its store; that says nothing about the code";
  return makeProblem("UNAVAILABLE", detail);
}

/** What the schemas found. */
type SchemaFault = {
  readonly instancePath: string;
  readonly keyword?: string;
  readonly message?: string;
  readonly params?: { readonly [name: string]: unknown };
  /** What came. */
  readonly data?: unknown;
};

type RequestError = {
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
  readonly validation?: readonly SchemaFault[];
  readonly validationContext?: string;
};

/** The problem that the router found with a request; undefined for an error that is not the client's. */
export function problemOfRequestError(error: unknown): Problem | undefined {
  const { code = "", statusCode, message = "", validation, validationContext } = error as RequestError;
  if (validation !== undefined) return problemOfValidation(validation, validationContext);
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return makeProblem("BODY_TOO_LARGE", "the body is longer than is taken here");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return makeProblem("UNSUPPORTED_MEDIA_TYPE", "the body has a media type that is not taken here");
    case "FST_ERR_BAD_URL":
      return makeProblem("REQUEST_MALFORMED", "the address holds an escape that cannot be read", {
        field: "url",
        expected: "percent escapes of UTF-8",
        got: "another escape",
      });
    default:
      break;
  }
  if (code.startsWith("FST_ERR_CTP_")) return makeProblem("BODY_MALFORMED", message);
  // The JSON reader's errors have a status and no code of the router's.
  return statusCode === 400 ? makeProblem("BODY_MALFORMED", "the body is no JSON") : undefined;
}

function problemOfValidation(
  faults: RequestError["validation"] & object,
  context: string | undefined,
): Problem {
  const [first] = faults;
  const extra = first?.params?.["additionalProperty"];
  const path = (first?.instancePath ?? "").slice(1).replaceAll("/", ".");
  const missing = first?.params?.["missingProperty"];
  const field = [path, extra ?? missing].filter((part) => part !== undefined && part !== "").join(".");
  const expected = expectedOf(first);
  const name = context === "body" ? "BODY_MALFORMED" : "PARAMETER_MALFORMED";
  const fault = makeFault({
    field: field === "" ? (context ?? "request") : field,
    expected,
    got: missing !== undefined ? "nothing" : extra !== undefined ? "one" : textOf(first?.data),
  });
  return makeProblem(name, `${fault.field}: expected ${expected}`, fault);
}

/** What a schema asks for, in words that go on from "expected". */
function expectedOf(fault: SchemaFault | undefined): string {
  const { keyword, params = {}, message = "another value" } = fault ?? {};
  const { limit } = params;
  switch (keyword) {
    case "required":
      return "a value";
    case "additionalProperties":
      return "no such member";
    case "minimum":
      return `at least ${limit}`;
    case "maximum":
      return `at most ${limit}`;
    case "type":
      return TYPES[String(params["type"])] ?? String(params["type"]);
    case "pattern":
      return `text of the form ${params["pattern"]}`;
    case "minItems":
    case "maxItems":
      return `${keyword === "minItems" ? "at least" : "at most"} ${limit} of them`;
    default:
      return message.replace(/^must be |^must /, "");
  }
}

const TYPES: { readonly [name: string]: string } = {
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  object: "an object",
  string: "text",
};

function textOf(data: unknown): string {
  if (Array.isArray(data)) return `a list of ${data.length}`;
  return typeof data === "object" && data !== null ? "an object" : String(data);
}
