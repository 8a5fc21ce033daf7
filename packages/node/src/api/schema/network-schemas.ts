import { MISBEHAVIOUR_KINDS } from "@cityroot/core/state/misbehaviour";
import Type, { type TSchema } from "typebox";
import { PEERS_SHOWN_MAX } from "../../engine/engine-standing.ts";
import { CLOSED, code, count, hex, orNull, ref, time } from "./parts.ts";

const VALIDATOR = Type.Object(
  {
    name: Type.String(),
    publicKey: hex(32, "Ed25519 key of its votes."),
    address: hex(20, "What the consensus names it by."),
    power: Type.Integer({ minimum: 1, description: "How much its vote counts." }),
  },
  { $id: "Validator", ...CLOSED },
);

const NEXT_PROTOCOL = orNull(
  Type.Object(
    { version: count("The version."), fromHeight: count("The first height on which it decides.") },
    CLOSED,
  ),
  { description: "The version that was set to follow it." },
);

const NETWORK_PARAMETERS = Type.Object(
  {
    blockBytesMax: count("Most bytes of a block that a consensus orders."),
    blockTransactionsMax: count("Most transactions of a block that a consensus orders."),
    protocol: count("Version of the protocol that decides on the next block."),
    next: NEXT_PROTOCOL,
    since: orNull(ref("Moment"), { description: "When they were set; null where they never were." }),
  },
  { $id: "NetworkParameters", ...CLOSED, description: "Spec 5.16." },
);

const MISBEHAVIOUR = Type.Object(
  {
    kind: Type.Union(MISBEHAVIOUR_KINDS.map((kind) => Type.Literal(kind))),
    validator: orNull(Type.String(), {
      description: "Name that it had when this was recorded; null where it was no validator any more.",
    }),
    address: hex(20, "What the consensus names it by."),
    power: count("How much its vote counted then."),
    totalPower: count("How much all votes together counted then."),
    height: count("Height of the consensus at which it happened."),
    time: time("Its time."),
    recorded: ref("Moment"),
  },
  {
    $id: "Misbehaviour",
    ...CLOSED,
    description: "What the consensus showed a validator to have done, spec 5.17.",
  },
);

const VALIDATORS_ANSWER = Type.Object(
  {
    asOf: ref("AsOf"),
    governor: code("The prefix whose holder decides over the network, spec 7.0.11."),
    validators: Type.Array(ref("Validator"), { description: "None where one node decides alone." }),
    since: orNull(ref("Moment"), { description: "When they were set; null where there are none." }),
    parameters: ref("NetworkParameters"),
    misbehaviour: Type.Array(ref("Misbehaviour"), { description: "Newest first." }),
    next: orNull(Type.Integer({ minimum: 1 }), {
      description: "Where the next part begins: `before`. Null at the end.",
    }),
  },
  { $id: "ValidatorsAnswer", ...CLOSED },
);

const CONSENSUS_STANDING = Type.Union(
  [
    Type.Object({ answers: Type.Literal(false) }, CLOSED),
    Type.Object(
      {
        answers: Type.Literal(true),
        nodeId: hex(20, "What peers know the node by."),
        height: count("Newest block of the consensus, which is not one of the ledger."),
        isCatchingUp: Type.Boolean({ description: "Whether it still fetches blocks that others have." }),
        publicKey: hex(32, "Ed25519 key of its votes."),
        power: count("How much its vote counts; 0 where it is no validator."),
        peerCount: count("How many peers it is connected to."),
        peers: Type.Array(hex(20, "What the peer is known by."), { maxItems: PEERS_SHOWN_MAX }),
      },
      CLOSED,
    ),
  ],
  { $id: "ConsensusStanding", description: "How the consensus process of the node stands." },
);

const NETWORK_STATUS_ANSWER = Type.Object(
  {
    network: Type.String({ description: "Id of the network." }),
    asOf: ref("AsOf"),
    newest: count("The newest durable block, which readers may not be shown yet."),
    block: orNull(
      Type.Object(
        { height: count("Height of the block."), stateRoot: hex(32, "The state after it.") },
        CLOSED,
      ),
      { description: "The block that was asked for, or the one of `asOf`; null where the node lacks it." },
    ),
    writes: orNull(Type.String(), { description: "Why no transactions are taken; null while they are." }),
    validator: orNull(Type.String(), {
      description: "Name of the validator whose key the node has; null where it is none.",
    }),
    protocol: Type.Object(
      {
        decides: count("Version that decides on the next block."),
        knows: count("Newest version that the node's program knows."),
        next: NEXT_PROTOCOL,
      },
      {
        ...CLOSED,
        description: "A node whose program does not know the next version stops before it decides.",
      },
    ),
    totalPower: count("How much the votes of all validators count together; 0 where one node decides alone."),
    consensus: orNull(ref("ConsensusStanding"), { description: "Null where the node decides alone." }),
  },
  { $id: "NetworkStatusAnswer", ...CLOSED },
);

/** Schemas of who decides over a network, and of what its validators did. */
export const NETWORK_SCHEMAS: readonly TSchema[] = [
  VALIDATOR,
  NETWORK_PARAMETERS,
  MISBEHAVIOUR,
  VALIDATORS_ANSWER,
  CONSENSUS_STANDING,
  NETWORK_STATUS_ANSWER,
];
