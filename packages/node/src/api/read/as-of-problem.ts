import type { Code } from "@cityroot/codes/ma/code";
import { timeText } from "../answer.ts";
import { makeProblem, type Problem } from "../problem.ts";
import type { CodeStanding } from "./standing.ts";

type Unissued = Exclude<CodeStanding, { kind: "record" | "in-range" | "in-batch" }>;

/** Name of the parameter that asked for a moment. */
const PARAMETERS = { height: "as-of-height", timeMs: "as-of-time", version: "version" } as const;

/** The problem that a standing without a record is answered with. */
export function problemOfStanding(code: Code, standing: Unissued): Problem {
  switch (standing.kind) {
    case "never-issued":
      return makeProblem("CODE_NEVER_ISSUED", `${code} was never issued`, {
        field: "code",
        expected: "an issued code",
        got: code,
      });
    case "federated": {
      const { prefix, record } = standing;
      const { network, endpoints } = record.federation;
      return makeProblem(
        "SERVED_ELSEWHERE",
        `what lies below ${prefix} is served by the network ${network}`,
        {
          field: "code",
          expected: "a code that this network serves",
          got: code,
          fix: `ask ${endpoints.join(" or ")}, and check its proof by the policy of the referral`,
        },
      );
    }
    case "not-yet-issued": {
      const { height, timeMs } = standing.since;
      const detail = `${code} was issued later, in block ${height} of ${timeText(timeMs)}`;
      return makeProblem("NOT_YET_ISSUED", detail, {
        field: "code",
        expected: "a code that was issued by then",
        got: code,
      });
    }
    case "later": {
      const field = PARAMETERS[standing.field];
      const newest = standing.field === "timeMs" ? timeText(standing.newest) : String(standing.newest);
      return makeProblem("AS_OF_LATER", `${field}: the newest is ${newest}`, {
        field,
        expected: `at most ${newest}`,
        got: "a later one",
      });
    }
  }
}
