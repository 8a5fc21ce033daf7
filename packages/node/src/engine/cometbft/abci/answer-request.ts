import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Request, ResponseSchema } from "../../../../generated/tendermint/abci/types_pb.js";
import type { AbciApplication } from "./application.ts";

/** A request by its name, with its fields. */
export type RequestValue = Extract<Request["value"], { readonly case: string }>;
/** What an answer holds. */
export type AnswerValue = NonNullable<MessageInitShape<typeof ResponseSchema>["value"]>;

/** The application's answer to a request. Throws what the application throws, and for what it does not serve. */
export async function answerRequest(
  application: AbciApplication,
  request: RequestValue,
): Promise<AnswerValue> {
  const name = request.case;
  switch (name) {
    case "echo":
      return { case: name, value: { message: request.value.message } };
    case "flush":
      return { case: name, value: {} };
    case "info":
      return { case: name, value: await application.info(request.value) };
    case "initChain":
      return { case: name, value: await application.initChain(request.value) };
    case "checkTx":
      return { case: name, value: await application.checkTx(request.value) };
    case "prepareProposal":
      return { case: name, value: await application.prepareProposal(request.value) };
    case "processProposal":
      return { case: name, value: await application.processProposal(request.value) };
    case "finalizeBlock":
      return { case: name, value: await application.finalizeBlock(request.value) };
    case "commit":
      return { case: name, value: await application.commit(request.value) };
    case "query":
      return { case: name, value: await application.query(request.value) };
    case "listSnapshots":
      return { case: name, value: await application.listSnapshots(request.value) };
    case "offerSnapshot":
      return { case: name, value: await application.offerSnapshot(request.value) };
    case "loadSnapshotChunk":
      return { case: name, value: await application.loadSnapshotChunk(request.value) };
    case "applySnapshotChunk":
      return { case: name, value: await application.applySnapshotChunk(request.value) };
    case "extendVote":
      if (application.extendVote === undefined) break;
      return { case: name, value: await application.extendVote(request.value) };
    case "verifyVoteExtension":
      if (application.verifyVoteExtension === undefined) break;
      return { case: name, value: await application.verifyVoteExtension(request.value) };
    case "insertTx":
    case "reapTxs":
      break;
  }
  throw new Error(
    `CometBFT asked for ${name}, which this application does not serve: check mempool.type of its configuration and the vote extensions of the network`,
  );
}
