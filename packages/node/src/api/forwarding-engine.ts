import { Agent, type IncomingMessage, request } from "node:http";
import { encodeCbor } from "@cityroot/core/cbor";
import { accept } from "@cityroot/core/outcome";
import type { ConsensusAnswer } from "../engine/consensus-question.ts";
import type { Engine, SubmitResult, TakeResult } from "../engine/engine.ts";
import type { EngineStanding } from "../engine/engine-standing.ts";
import type { WitnessFigures } from "../witness/witness-figures.ts";
import { decodeResults, ENGINE_PATHS } from "./engine-message.ts";

/** Where the engine's process listens, and what a worker needs besides. */
export type ForwardingOptions = {
  /** Path of the unix socket that `serveEngine` listens on. */
  readonly socketPath: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly clock: () => number;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 60_000;
/** For how long a refusal of the engine is taken to hold, in milliseconds. */
const REFUSAL_HOLDS_MS = 1_000;
/** As many submissions as a worker admits wait for their blocks at a time, and questions go beside them. */
const SOCKETS_MAX = 2_304;

/** The engine's process cannot be reached or said something else than results: what became of them is not known. */
export class EngineUnreachableError extends Error {
  override readonly name = "EngineUnreachableError";
}

/** The engine takes no transactions, and says why: it took none of these. */
export class EngineRefusesError extends Error {
  override readonly name = "EngineRefusesError";
}

/**
 * An engine that hands every submission to the one in another process of this machine. A connection that breaks is
 * tried once more, since repeating a submission is harmless.
 */
export function forwardingEngine(options: ForwardingOptions): Engine {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  let refusal: { readonly reason: string; readonly untilMs: number } | undefined;
  const forward = async (
    path: string,
    transactions: readonly Uint8Array[],
  ): Promise<readonly TakeResult[]> => {
    const body = encodeCbor([...transactions]);
    const send = (): Promise<Reply> => post(agent, options, path, body);
    const reply = await send().catch(send);
    if (reply.status === 503) {
      const reason = Buffer.from(reply.body).toString("utf8");
      refusal = { reason, untilMs: options.clock() + REFUSAL_HOLDS_MS };
      throw new EngineRefusesError(reason);
    }
    return demandResults(reply, transactions.length);
  };
  return {
    submit: async (transactions) => (await forward(ENGINE_PATHS.submit, transactions)).map(demandPlace),
    take: (transactions) => forward(ENGINE_PATHS.take, transactions),
    askConsensus: async (question) => {
      const { status, body } = await post(
        agent,
        options,
        ENGINE_PATHS.consensus,
        Buffer.from(JSON.stringify(question)),
      );
      if (status === 404) return undefined;
      if (status !== 200) throw new EngineUnreachableError("the consensus does not answer");
      return JSON.parse(Buffer.from(body).toString("utf8")) as ConsensusAnswer;
    },
    witnesses: async () => {
      const { status, body } = await post(agent, options, ENGINE_PATHS.witnesses, new Uint8Array(0));
      if (status !== 200) throw new EngineUnreachableError(`the engine answered ${status} and no figures`);
      return JSON.parse(Buffer.from(body).toString("utf8")) as readonly WitnessFigures[];
    },
    standing: async () => {
      const { status, body } = await post(agent, options, ENGINE_PATHS.standing, new Uint8Array(0));
      if (status !== 200) throw new EngineUnreachableError(`the engine answered ${status} and no standing`);
      return JSON.parse(Buffer.from(body).toString("utf8")) as EngineStanding;
    },
    refusesBecause: () =>
      refusal !== undefined && options.clock() < refusal.untilMs ? refusal.reason : null,
    close: async () => agent.destroy(),
  };
}

type Reply = { readonly status: number; readonly body: Uint8Array };

function demandPlace({ id, outcome }: TakeResult): SubmitResult {
  if (!outcome.ok) return { id, outcome };
  const { value } = outcome;
  if (value === null) throw new EngineUnreachableError("the engine answered before the block was durable");
  return { id, outcome: accept(value) };
}

function demandResults({ status, body }: Reply, count: number): readonly TakeResult[] {
  const results = status === 200 ? decodeResults(body) : undefined;
  if (results?.length === count) return results;
  throw new EngineUnreachableError(`the engine answered ${status} and no results`);
}

function post(
  agent: Agent,
  { socketPath, timeoutMs = TIMEOUT_MS }: ForwardingOptions,
  path: string,
  body: Uint8Array,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void =>
      reject(new EngineUnreachableError("the engine's process does not answer", { cause }));
    const sent = request(
      {
        agent,
        socketPath,
        path,
        method: "POST",
        headers: { "content-type": "application/cbor", "content-length": body.length },
        timeout: timeoutMs,
      },
      (response) => {
        readAll(response).then((bytes) => resolve({ status: response.statusCode ?? 0, body: bytes }), fail);
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on("error", fail);
    sent.end(body);
  });
}

async function readAll(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk as Uint8Array);
  const bytes = Buffer.concat(chunks);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
