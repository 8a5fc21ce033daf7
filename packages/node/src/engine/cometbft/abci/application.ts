import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type {
  Request,
  ResponseApplySnapshotChunkSchema,
  ResponseCheckTxSchema,
  ResponseCommitSchema,
  ResponseExtendVoteSchema,
  ResponseFinalizeBlockSchema,
  ResponseInfoSchema,
  ResponseInitChainSchema,
  ResponseListSnapshotsSchema,
  ResponseLoadSnapshotChunkSchema,
  ResponseOfferSnapshotSchema,
  ResponsePrepareProposalSchema,
  ResponseProcessProposalSchema,
  ResponseQuerySchema,
  ResponseVerifyVoteExtensionSchema,
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
 * What CometBFT asks an application, spec/abci of v0.38: one method a request.
 *
 * - *Order.* CometBFT has four connections: for consensus, for its mempool, for questions, and for snapshots. Requests of one
 *   connection come one after the other, each when the one before is answered; but `checkTx`, of which many are under
 *   way at once: they begin in their order, may end in any, and are answered in their order. What concerns the deciding of
 *   blocks, from `info` to `commit`, and the taking of a snapshot comes one after the other over all connections, so that
 *   a CometBFT that was started again does not ask for the height while the commit of the one before is under way.
 *   Transactions are checked, questions answered and snapshots given while a block is worked out: what those touch is
 *   the application's to keep apart.
 * - *Ownership.* The bytes of a request are views of what was read. They are not written over, but keep what they were
 *   read with in memory: whoever keeps a few of them for long copies them.
 * - *Errors.* What is refused is an answer. A method that throws says that the application is broken: CometBFT gets the
 *   message as an exception, on which it stops, and the node is told.
 */
export type AbciApplication = {
  /** Which height is durable, and its hash: CometBFT asks when it connects, and brings blocks again from there. */
  readonly info: Answers<"info", typeof ResponseInfoSchema>;
  /** Before the first block, and again as long as none is committed. */
  readonly initChain: Answers<"initChain", typeof ResponseInitChainSchema>;
  /** Whether a transaction may wait in the mempool: when it comes, and again after each block. */
  readonly checkTx: Answers<"checkTx", typeof ResponseCheckTxSchema>;
  /** Which of the transactions that wait are proposed as a block. */
  readonly prepareProposal: Answers<"prepareProposal", typeof ResponsePrepareProposalSchema>;
  /** Whether a block that was proposed is fit to be voted for: the same on every node. */
  readonly processProposal: Answers<"processProposal", typeof ResponseProcessProposalSchema>;
  /** Executes a block that is decided on; nothing of it is durable yet. */
  readonly finalizeBlock: Answers<"finalizeBlock", typeof ResponseFinalizeBlockSchema>;
  /** Makes the block that was executed durable, before it answers. */
  readonly commit: Answers<"commit", typeof ResponseCommitSchema>;
  readonly query: Answers<"query", typeof ResponseQuerySchema>;
  readonly listSnapshots: Answers<"listSnapshots", typeof ResponseListSnapshotsSchema>;
  readonly offerSnapshot: Answers<"offerSnapshot", typeof ResponseOfferSnapshotSchema>;
  readonly loadSnapshotChunk: Answers<"loadSnapshotChunk", typeof ResponseLoadSnapshotChunkSchema>;
  readonly applySnapshotChunk: Answers<"applySnapshotChunk", typeof ResponseApplySnapshotChunkSchema>;
  /** Asked only where the network's parameters say that votes carry something; not served where it is not given. */
  readonly extendVote?: Answers<"extendVote", typeof ResponseExtendVoteSchema>;
  /** As {@link AbciApplication.extendVote}. */
  readonly verifyVoteExtension?: Answers<"verifyVoteExtension", typeof ResponseVerifyVoteExtensionSchema>;
};
