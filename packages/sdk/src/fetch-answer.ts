import type { Code } from "@cityroot/codes/ma/code";
import type { AsOf } from "@cityroot/core/proof/answer";
import { type VerifiedAnswer, verifyAnswer } from "@cityroot/core/proof/verify";
import { PROOF_MEDIA_TYPE, requestBytes } from "./answer.ts";
import type { Client } from "./client.ts";
import { provenOf } from "./error.ts";

/** See {@link fetchAnswer}. */
export type FetchAnswerParameters = {
  readonly asOf?: AsOf | undefined;
  readonly delegations?: boolean | undefined;
  /** Genesis digest of the network that the proof has to be of; none is asked for when absent. */
  readonly genesis?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** A checked answer with the bytes of its bundle. */
export type FetchedAnswer = { readonly answer: VerifiedAnswer; readonly bytes: Uint8Array };

/** Asks for the proof bundle of a code and checks it against the client's policy and memory. */
export async function fetchAnswer(
  client: Client,
  code: Code,
  parameters: FetchAnswerParameters,
): Promise<FetchedAnswer> {
  const { asOf, delegations, genesis, signal } = parameters;
  const notBefore = await client.checkpoints.floor();
  const bytes = await requestBytes(client, {
    path: `v1/proofs/${code}`,
    query: {
      ...queryOf(asOf),
      delegations: delegations === true ? true : undefined,
      network: genesis === undefined ? undefined : true,
    },
    accept: PROOF_MEDIA_TYPE,
    signal,
  });
  const options = {
    ...{ policy: client.policy, notBefore, seen: client.checkpoints.signatures },
    ...(asOf !== undefined && { asOf }),
    ...(genesis !== undefined && { genesis }),
  };
  const answer = provenOf(verifyAnswer(bytes, code, options));
  await client.checkpoints.advance(answer.checkpoint);
  return { answer, bytes };
}

/** The question's moment as it stands in an address. */
export function queryOf(asOf: AsOf | undefined): { readonly [name: string]: number } {
  if (asOf === undefined) return {};
  if ("height" in asOf) return { "as-of-height": asOf.height };
  return "timeMs" in asOf ? { "as-of-time": asOf.timeMs } : { version: asOf.version };
}
