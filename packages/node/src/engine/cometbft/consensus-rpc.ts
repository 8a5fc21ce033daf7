import { Agent, type IncomingMessage, request } from "node:http";
import Type, { type Static } from "typebox";
import { Value } from "typebox/value";
import type { ConsensusAnswer, ConsensusQuestion } from "../consensus-question.ts";

/** What the consensus said to a parcel that was handed to it. */
export type Handed =
  /** It is in the mempool, or was there already. */
  | { readonly kind: "taken" }
  /** The check of this node's own application refused it; who waits for it is told why by the application. */
  | { readonly kind: "refused"; readonly detail: string }
  /** The mempool is full, or the consensus does not work: it was not taken. */
  | { readonly kind: "unavailable"; readonly detail: string };

/** How far a consensus process has come. */
export type ConsensusStatus = {
  readonly height: number;
  /** Whether it still fetches blocks that others have. */
  readonly isCatchingUp: boolean;
};

/** Speaks to a CometBFT process of this machine. */
export type ConsensusRpc = {
  /** Hands a parcel over and tells whether it was taken. Never throws. */
  readonly broadcast: (parcel: Uint8Array) => Promise<Handed>;
  /** Throws while the process does not answer. */
  readonly status: () => Promise<ConsensusStatus>;
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
const StatusAnswer = Type.Object({
  sync_info: Type.Object({ latest_block_height: Type.String(), catching_up: Type.Boolean() }),
});

/** Speaks JSON-RPC over the unix socket that the process listens on. */
export function consensusRpc(socketPath: string): ConsensusRpc {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  const call = (body: unknown): Promise<unknown> => post(agent, socketPath, JSON.stringify(body));
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
    status: async () => {
      const answer = await call({ jsonrpc: "2.0", id: 0, method: "status", params: {} });
      const result = Value.Check(Answer, answer) ? answer.result : undefined;
      if (!Value.Check(StatusAnswer, result)) throw new Error("the consensus process told no status");
      const { latest_block_height, catching_up } = result.sync_info;
      return { height: Number(latest_block_height), isCatchingUp: catching_up };
    },
    ask: async ({ method, params }) => {
      const answer = await call({ jsonrpc: "2.0", id: 0, method, params });
      if (!Value.Check(Answered, answer)) throw new Error("it answered something else than a result");
      return answer.error === undefined ? { result: answer.result } : { error: answer.error };
    },
    close: () => agent.destroy(),
  };
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
  return result.code === 0 ? { kind: "taken" } : { kind: "refused", detail: result.log };
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
