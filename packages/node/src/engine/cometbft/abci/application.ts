import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type {
  Request,
  ResponseApplySnapshotChunkSchema,
  ResponseCheckTxSchema,
  ResponseCommitSchema,
  ResponseFinalizeBlockSchema,
  ResponseInfoSchema,
  ResponseInitChainSchema,
  ResponseListSnapshotsSchema,
  ResponseLoadSnapshotChunkSchema,
  ResponseOfferSnapshotSchema,
  ResponsePrepareProposalSchema,
  ResponseProcessProposalSchema,
  ResponseQuerySchema,
} from "../../../../generated/tendermint/abci/types_pb.js";

/** The fields of a request of ABCI 2.0. */
export type RequestOf<Case extends NonNullable<Request["value"]["case"]>> = Extract<
  Request["value"],
  { readonly case: Case }
>["value"];

type Answers<Case extends NonNullable<Request["value"]["case"]>, Schema extends DescMessage> = (
  request: RequestOf<Case>,
) => Promise<MessageInitShape<Schema>>;

/**
 * What CometBFT asks an application, spec/abci of v0.38: one method a request. Those of one connection come one after
 * the other, but for `checkTx`, of which many are under way at once. Connections are independent: what decides on blocks
 * comes over one, transactions to be checked over another. An application that throws ends its node.
 */
export type AbciApplication = {
  readonly info: Answers<"info", typeof ResponseInfoSchema>;
  readonly initChain: Answers<"initChain", typeof ResponseInitChainSchema>;
  readonly checkTx: Answers<"checkTx", typeof ResponseCheckTxSchema>;
  readonly prepareProposal: Answers<"prepareProposal", typeof ResponsePrepareProposalSchema>;
  readonly processProposal: Answers<"processProposal", typeof ResponseProcessProposalSchema>;
  readonly finalizeBlock: Answers<"finalizeBlock", typeof ResponseFinalizeBlockSchema>;
  readonly commit: Answers<"commit", typeof ResponseCommitSchema>;
  readonly query: Answers<"query", typeof ResponseQuerySchema>;
  readonly listSnapshots: Answers<"listSnapshots", typeof ResponseListSnapshotsSchema>;
  readonly offerSnapshot: Answers<"offerSnapshot", typeof ResponseOfferSnapshotSchema>;
  readonly loadSnapshotChunk: Answers<"loadSnapshotChunk", typeof ResponseLoadSnapshotChunkSchema>;
  readonly applySnapshotChunk: Answers<"applySnapshotChunk", typeof ResponseApplySnapshotChunkSchema>;
};
