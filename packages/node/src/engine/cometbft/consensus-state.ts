import type { MessageInitShape } from "@bufbuild/protobuf";
import { assert } from "@cityroot/core/assert";
import { bytesToHex } from "@cityroot/core/hex";
import { MISBEHAVIOUR_KINDS, type Misbehaviour } from "@cityroot/core/state/misbehaviour";
import { type Parameters, protocolAt, readParameters } from "@cityroot/core/state/parameters";
import { readValidators, type Validator } from "@cityroot/core/state/validators";
import type { StateView } from "@cityroot/core/state/view";
import type {
  Misbehavior,
  ResponseFinalizeBlockSchema,
  ValidatorUpdate,
} from "../../../generated/tendermint/abci/types_pb.js";
import type { ConsensusParamsSchema } from "../../../generated/tendermint/types/params_pb.js";

/** What the ledger's state says of its consensus. Spec §5.15, §5.16. */
export type ConsensusState = Pick<Parameters, "blockBytesMax" | "blockTransactionsMax" | "next"> & {
  readonly validators: readonly Validator[];
  /** Version of the protocol that decides on the next block. */
  readonly protocol: number;
};

/** Reads it of a state whose next block is of a height. */
export function readConsensusState(view: Pick<StateView, "get">, nextHeight: number): ConsensusState {
  const parameters = readParameters(view);
  const { blockBytesMax, blockTransactionsMax, next } = parameters;
  const protocol = protocolAt(parameters, nextHeight);
  return { blockBytesMax, blockTransactionsMax, protocol, next, validators: readValidators(view) };
}

/** As CometBFT is told: what is left out stays as it is there. */
export function parametersOf({
  blockBytesMax,
  protocol,
}: ConsensusState): MessageInitShape<typeof ConsensusParamsSchema> {
  return { block: { maxBytes: BigInt(blockBytesMax), maxGas: -1n }, version: { app: BigInt(protocol) } };
}

/** What a block changed, as CometBFT is told with its results: a validator that is gone has no vote any more. */
export function updatesBetween(
  before: ConsensusState,
  after: ConsensusState,
): Pick<MessageInitShape<typeof ResponseFinalizeBlockSchema>, "validatorUpdates" | "consensusParamUpdates"> {
  const had = votesOf(before.validators);
  const has = votesOf(after.validators);
  const gone = before.validators.filter(({ publicKey }) => !has.has(bytesToHex(publicKey)));
  const changed = after.validators.filter(({ publicKey, power }) => had.get(bytesToHex(publicKey)) !== power);
  const isOther = before.blockBytesMax !== after.blockBytesMax || before.protocol !== after.protocol;
  return {
    validatorUpdates: [
      ...gone.map(({ publicKey }) => updateOf(publicKey, 0)),
      ...changed.map(({ publicKey, power }) => updateOf(publicKey, power)),
    ],
    ...(isOther && { consensusParamUpdates: parametersOf(after) }),
  };
}

/** How much each validator's vote counts, by its key in hexadecimal. */
function votesOf(validators: readonly Validator[]): ReadonlyMap<string, number> {
  return new Map(validators.map(({ publicKey, power }) => [bytesToHex(publicKey), power]));
}

function updateOf(publicKey: Uint8Array, power: number) {
  return { pubKey: { sum: { case: "ed25519" as const, value: publicKey } }, power: BigInt(power) };
}

/** Sees that a consensus begins with the validators that the state has. Throws an error that says what differs. */
export function checkValidators(
  begun: readonly Pick<ValidatorUpdate, "pubKey" | "power">[],
  validators: readonly Validator[],
): void {
  if (validators.length === 0) {
    throw new Error(
      'the state of this registry names no validators: a network begins with those of its genesis, or with those that were set with "cityroot network set-validators" before it moved up',
    );
  }
  const wanted = validators.map(({ publicKey, power }) => `${bytesToHex(publicKey)} with power ${power}`);
  const got = begun.map(({ pubKey, power }) => `${keyOf(pubKey)} with power ${power}`);
  const missing = wanted.filter((one) => !got.includes(one));
  const foreign = got.filter((one) => !wanted.includes(one));
  if (missing.length === 0 && foreign.length === 0) return;
  throw new Error(
    `the consensus begins with other validators than this registry has: expected ${wanted.join(", ")}; got ${got.join(", ")}; write the genesis of the consensus anew from that of the registry`,
  );
}

function keyOf(pubKey: ValidatorUpdate["pubKey"]): string {
  return pubKey?.sum.case === "ed25519" ? bytesToHex(pubKey.sum.value) : "a key that is not of Ed25519";
}

/** What CometBFT reports of a validator, as the ledger records it. */
export function misbehaviourOf({
  type,
  validator,
  height,
  time,
  totalVotingPower,
}: Pick<Misbehavior, "type" | "validator" | "height" | "time" | "totalVotingPower">): Misbehaviour {
  assert(validator !== undefined && time !== undefined, "a misbehaviour names its validator and its time");
  return {
    kind: MISBEHAVIOUR_KINDS[type] ?? "other",
    // Of its own: what was read for the request would else stay in memory with it.
    address: new Uint8Array(validator.address),
    power: Number(validator.power),
    height: Number(height),
    timeMs: Number(time.seconds) * 1_000 + Math.floor(time.nanos / 1_000_000),
    totalPower: Number(totalVotingPower),
  };
}
