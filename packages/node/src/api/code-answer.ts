import type { Code } from "@cityroot/codes/ma/code";
import type { Json } from "@cityroot/core/json";
import type { AsOf } from "@cityroot/core/proof/answer";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { proveAnswer } from "@cityroot/core/proof/prove";
import { type Answer, answerJson, answerProblem, MEDIA } from "./answer.ts";
import { problemOfStanding } from "./read/as-of-problem.ts";
import { asOfToJson, intervalToJson, prefixToJson, recordToJson, referralToJson } from "./read/json.ts";
import { type CodeStanding, type IssuedStanding, readStanding } from "./read/standing.ts";
import type { View } from "./read/view.ts";

/** What is asked of a code. */
export type CodeQuestion = {
  readonly asOf?: AsOf;
  /** Whether the answer is to carry its proof. */
  readonly proof?: boolean;
  /** Whether the proof is to show the prefixes above the code and their holders. */
  readonly delegations?: boolean;
  /** Whether the proof is to show the network's entry. */
  readonly network?: boolean;
};

/** Whether a standing is one of an issued code. */
export function isIssued(standing: CodeStanding): standing is IssuedStanding {
  return standing.kind === "record" || standing.kind === "in-range" || standing.kind === "in-batch";
}

/** Answers for a code without a record: with the problem, and of one that another network serves with the referral. */
export function answerUnissued(
  view: View,
  code: Code,
  standing: Exclude<CodeStanding, IssuedStanding>,
  more: { readonly [name: string]: Json } = {},
): Answer {
  const referral = standing.kind === "federated" && { referral: referralToJson(standing) };
  return answerProblem(problemOfStanding(code, standing), view.head, { ...more, ...referral });
}

/** Answers what the ledger says of a code. */
export function answerCode(view: View, nowMs: number, code: Code, question: CodeQuestion): Answer {
  const standing = readStanding(view, code, question.asOf);
  const proof = question.proof === true &&
    standing.kind !== "later" && { proof: proofText(view, code, question) };
  if (!isIssued(standing)) {
    return answerUnissued(view, code, standing, { asOf: asOfToJson(view, nowMs), ...proof });
  }
  const prefix = view.prefixAtOrAbove(code);
  return answerJson(
    {
      code,
      standing: standing.kind,
      asOf: asOfToJson(view, nowMs),
      record: recordToJson(view, standing.record, standing.kind !== "record" || standing.isCurrent),
      interval: standing.kind === "record" ? null : intervalToJson(standing.interval),
      prefix: prefix === undefined ? null : prefixToJson(prefix),
      isPrefix: prefix?.prefix === code,
      ...proof,
    },
    view.head,
  );
}

/** Answers the proof of how a code stands, also of one that was never issued or that another network serves. */
export function answerProof(view: View, code: Code, question: CodeQuestion): Answer {
  if (question.asOf !== undefined) {
    const standing = readStanding(view, code, question.asOf);
    if (standing.kind === "later") return answerProblem(problemOfStanding(code, standing), view.head);
  }
  return {
    status: 200,
    type: MEDIA.proof,
    body: encodeBundle(prove(view, code, question)),
    caching: "revalidate",
    etag: `"${view.head.checkpoint.height}"`,
    head: view.head,
  };
}

function proofText(view: View, code: Code, question: CodeQuestion): string {
  return Buffer.from(encodeBundle(prove(view, code, question))).toString("base64");
}

function prove(
  view: View,
  code: Code,
  { asOf, delegations, network }: CodeQuestion,
): ReturnType<typeof proveAnswer> {
  return proveAnswer(view.source, code, view.head, {
    ...(asOf !== undefined && { asOf }),
    ...(delegations !== undefined && { delegations }),
    ...(network !== undefined && { network }),
  });
}
