import { EXPIRY_BLOCKS_MAX } from "@cityroot/core/limits";
import type { OperationType } from "@cityroot/core/operation/operation";
import type { Client } from "@cityroot/sdk/client";
import { isTransportError } from "@cityroot/sdk/error";
import { proveNetwork } from "@cityroot/sdk/prove-network";
import { reviewTransaction, type TransactionReview } from "@cityroot/sdk/review-transaction";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { sameJson } from "./same-json.ts";
import type { CarriedTransaction } from "./transaction-file.ts";

/** What a transaction that others prepared is held against. */
export type TakeUpRequest = {
  /** The operation that the command makes. */
  readonly type: OperationType;
  /** What the arguments say; undefined where the file alone does. */
  readonly operations: readonly TransactionReview["operations"][number][] | undefined;
  /** Id of the holder whose keys are to sign, in hexadecimal; undefined where there is none here. */
  readonly holder: string | undefined;
  /** Whether it is only signed here, and submitted elsewhere. */
  readonly signOnly: boolean;
};

/**
 * What the transaction of a file says, when it is of this command's kind, says what the arguments say, and is one that can
 * enter this registry now: a signature under another would be of use to whoever wrote it.
 */
export async function takeUp(
  context: Context,
  client: Client,
  { bodyBytes }: CarriedTransaction,
  { type, operations, holder, signOnly }: TakeUpRequest,
): Promise<TransactionReview> {
  const review = reviewTransaction(bodyBytes);
  const other = review.operations.find((operation) => operation["type"] !== type);
  if (other !== undefined) throw differs(context, "operations", type, String(other["type"]));
  if (operations !== undefined && !sameJson(review.operations, operations))
    throw differs(context, "operations", JSON.stringify(operations), JSON.stringify(review.operations));
  if (holder !== undefined && holder !== review.holder)
    throw differs(context, "holder", holder, review.holder);
  await refuseElsewhere(context, client, review, signOnly);
  return review;
}

/** Refuses what is for another network, and what could enter only later, when whoever has it may choose. */
async function refuseElsewhere(
  { say, yes, warn }: Context,
  client: Client,
  { network, lastHeight }: TransactionReview,
  signOnly: boolean,
): Promise<void> {
  const known = await proveNetwork(client).catch((error: unknown) => {
    // A machine that keeps keys may reach nobody: then people compare what they are shown.
    const mayGoOn = signOnly && !yes && isTransportError(error) && error.failure === "network";
    if (!mayGoOn) throw error;
  });
  if (known === undefined) {
    warn("NETWORK_UNASKED", say("carried.unasked", { network, height: lastHeight }));
    return;
  }
  if (known.id !== network) {
    throw new CommandFailure({
      ...{ code: "WRONG_NETWORK", exit: "usage", detail: say("carried.otherNetwork", { network }) },
      ...{ field: "--with", expected: known.id, got: network, fix: say("carried.fix") },
    });
  }
  const most = known.height + EXPIRY_BLOCKS_MAX;
  if (lastHeight <= most) return;
  throw new CommandFailure({
    ...{ code: "EXPIRY_TOO_FAR", exit: "usage", detail: say("carried.later", { height: lastHeight }) },
    ...{ field: "--with", expected: say("carried.later.expected", { height: most }), got: `${lastHeight}` },
    fix: say("carried.fix"),
  });
}

function differs({ say }: Context, field: string, expected: string, got: string): CommandFailure {
  return new CommandFailure({
    ...{ code: "TRANSACTIONS_DIFFER", exit: "usage", detail: say("error.fileDiffers") },
    ...{ field: `--with: ${field}`, expected, got, fix: say("error.fileDiffers.fix") },
  });
}
