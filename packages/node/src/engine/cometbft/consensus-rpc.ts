import { Agent, type IncomingMessage, request } from "node:http";
import { numberOfRejection } from "@cityroot/core/rejection";
import Type, { type Static } from "typebox";
import { Value } from "typebox/value";
import type { ConsensusAnswer, ConsensusQuestion } from "../consensus-question.ts";
import { type ConsensusStanding, PEERS_SHOWN_MAX } from "../engine-standing.ts";

/** What the consensus said to a parcel that was handed to it. */
export type Handed =
  /** It is in the mempool, or was there already. */
  | { readonly kind: "taken" }
  /** The check of this node's own application refused it; who waits for it is told why by the application. */
  | { readonly kind: "refused"; readonly detail: string }
  /** The mempool is full, or the consensus does not work: it was not taken. */
  | { readonly kind: "unavailable"; readonly detail: string };

/** Speaks to a CometBFT process of this machine. */
export type ConsensusRpc = {
  /** Hands a parcel over and tells whether it was taken. Never throws. */
  readonly broadcast: (parcel: Uint8Array) => Promise<Handed>;
  /** How the process stands, as it said within the last second. Never throws. */
  readonly standing: () => Promise<ConsensusStanding>;
  /** Throws while the process does not answer. */
  readonly ask: (question: ConsensusQuestion) => Promise<ConsensusAnswer>;
  readonly close: () => void;
};

const SOCKETS_MAX = 32;
const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

const Answer = Type.Object({
  id: Type.Number(),
  result: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.Object({ message: Type.String(), data: Type.Optional(Type.String()) })),
});
const Answered = Type.Object({ result: Type.Optional(Type.Unknown()), error: Type.Optional(Type.Unknown()) });
const CheckAnswer = Type.Object({ code: Type.Number(), log: Type.String() });
const Count = Type.String({ pattern: "^[0-9]{1,16}$" });
const NodeId = Type.String({ pattern: "^[0-9a-f]{40}$" });
const StatusAnswer = Type.Object({
  node_info: Type.Object({ id: NodeId }),
  sync_info: Type.Object({ latest_block_height: Count, catching_up: Type.Boolean() }),
  validator_info: Type.Object({
    pub_key: Type.Object({ value: Type.String({ maxLength: 64 }) }),
    voting_power: Count,
  }),
});
const PeersAnswer = Type.Object({
  n_peers: Count,
  peers: Type.Array(Type.Object({ node_info: Type.Object({ id: NodeId }) })),
});
/** For how long a process is taken to stand as it said, in milliseconds: whoever asks often costs no more. */
const STANDING_HOLDS_MS = 1_000;

/** Speaks JSON-RPC over the unix socket that the process listens on. */
export function consensusRpc(socketPath: string): ConsensusRpc {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  const call = (body: unknown): Promise<unknown> => post(agent, socketPath, JSON.stringify(body));
  const resultOf = async (method: string): Promise<unknown> => {
    const answer = await call({ jsonrpc: "2.0", id: 0, method, params: {} });
    return Value.Check(Answer, answer) ? answer.result : undefined;
  };
  const standing = holdFor(STANDING_HOLDS_MS, () => askStanding(resultOf));
  return {
    broadcast: async (parcel) => {
      const tx = Buffer.from(parcel.buffer, parcel.byteOffset, parcel.length).toString("base64");
      try {
        const answer = await call({ jsonrpc: "2.0", id: 0, method: "broadcast_tx_sync", params: { tx } });
        if (!Value.Check(Answer, answer)) throw new Error("it answered something else than a result");
        return handedOf(answer);
      } catch (cause) {
        return {
          kind: "unavailable",
          detail: `the consensus process does not answer: ${(cause as Error).message}`,
        };
      }
    },
    standing,
    ask: async ({ method, params }) => {
      const answer = await call({ jsonrpc: "2.0", id: 0, method, params });
      if (!Value.Check(Answered, answer)) throw new Error("it answered something else than a result");
      return answer.error === undefined ? { result: answer.result } : { error: answer.error };
    },
    close: () => agent.destroy(),
  };
}

/** Asks once for all who want to know while it asks, and within so many milliseconds after the answer. */
function holdFor<T>(holdMs: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let untilMs = Number.POSITIVE_INFINITY;
  return () => {
    if (answer !== undefined && performance.now() < untilMs) return answer;
    untilMs = Number.POSITIVE_INFINITY;
    answer = ask().finally(() => {
      untilMs = performance.now() + holdMs;
    });
    return answer;
  };
}

async function askStanding(resultOf: (method: string) => Promise<unknown>): Promise<ConsensusStanding> {
  try {
    const [status, net] = await Promise.all([resultOf("status"), resultOf("net_info")]);
    if (!Value.Check(StatusAnswer, status) || !Value.Check(PeersAnswer, net)) return { answers: false };
    const { sync_info: sync, validator_info: validator } = status;
    return {
      answers: true,
      nodeId: status.node_info.id,
      height: Number(sync.latest_block_height),
      isCatchingUp: sync.catching_up,
      publicKey: Buffer.from(validator.pub_key.value, "base64").toString("hex"),
      power: Number(validator.voting_power),
      peerCount: Number(net.n_peers),
      peers: net.peers.slice(0, PEERS_SHOWN_MAX).map((peer) => peer.node_info.id),
    };
  } catch {
    return { answers: false };
  }
}

/** The mempool remembers what it has seen: that it has a transaction already is as good as taking it. */
const KNOWN_ALREADY = "tx already exists in cache";

function handedOf(answer: Static<typeof Answer>): Handed {
  if (answer.error !== undefined) {
    const detail = answer.error.data ?? answer.error.message;
    return detail.includes(KNOWN_ALREADY) ? { kind: "taken" } : { kind: "unavailable", detail };
  }
  const result = answer.result;
  if (!Value.Check(CheckAnswer, result)) return { kind: "unavailable", detail: "no result was given" };
  if (result.code === 0) return { kind: "taken" };
  // What there is no room for now may be taken later.
  const kind = result.code === numberOfRejection("NODE_UNAVAILABLE") ? "unavailable" : "refused";
  return { kind, detail: result.log };
}

function post(agent: Agent, socketPath: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        socketPath,
        path: "/",
        method: "POST",
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
        timeout: TIMEOUT_MS,
      },
      (response) => readJson(response).then(resolve, reject),
    );
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

async function readJson(response: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += (chunk as Uint8Array).length;
    if (length > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
