import { chmod, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { readConsensusQuestion } from "../engine/consensus-question.ts";
import type { Engine } from "../engine/engine.ts";
import { standingOf } from "../engine/engine-standing.ts";
import { ENGINE_PATHS, encodeResults } from "./engine-message.ts";
import { readCborBody } from "./submit-body.ts";

/** What serves an engine to the workers of this machine. */
export type EngineSocket = { readonly close: () => Promise<void> };

/** How a socket is served. */
export type EngineSocketOptions = {
  readonly engine: Engine;
  /** Path of the unix socket; a file that an earlier process left there is taken away. */
  readonly socketPath: string;
  readonly logger: Logger;
  /** Longest body, in bytes: that of the workers' own limit and some more for the array. */
  readonly bytesMax: number;
  readonly transactionsMax: number;
};

/** How often a closing socket looks for connections that nothing goes over any more, in milliseconds. */
const SWEEP_MS = 20;

/** Listens on a unix socket, which this user alone may open, and submits what workers hand over. */
export async function serveEngine(options: EngineSocketOptions): Promise<EngineSocket> {
  const { socketPath, logger } = options;
  await rm(socketPath, { force: true });
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      logger.error({ err: error }, "a submission over the engine's socket failed");
      end(response, 500, "the submission failed");
    });
  });
  // Workers keep their connections: only they decide when to close one.
  server.keepAliveTimeout = 0;
  await listen(server, socketPath);
  await chmod(socketPath, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        // Workers keep their connections: one in use is to end with its answer, or closing would wait for the worker.
        const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
        server.close(() => {
          clearInterval(sweep);
          resolve();
        });
      }),
  };
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
}

async function answer(
  { engine, bytesMax, transactionsMax }: EngineSocketOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, url } = request;
  const isKnown = Object.values(ENGINE_PATHS).some((path) => path === url);
  if (method !== "POST" || !isKnown) return end(response, 404, "no such address");
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Uint8Array).length;
    if (length > bytesMax) return end(response, 413, "the body is too large");
    chunks.push(chunk as Uint8Array);
  }
  const body = Buffer.concat(chunks);
  if (url === ENGINE_PATHS.consensus) return answerQuestion(engine, body, response);
  if (url === ENGINE_PATHS.witnesses)
    return end(response, 200, JSON.stringify((await engine.witnesses?.()) ?? []));
  if (url === ENGINE_PATHS.standing) return end(response, 200, JSON.stringify(await standingOf(engine)));
  const read = readCborBody(body, transactionsMax);
  if (!read.ok) return end(response, 400, `${read.field}: expected ${read.expected}`);
  const reason = engine.refusesBecause();
  if (reason !== null) return end(response, 503, reason);
  const take = url === ENGINE_PATHS.take ? engine.take : engine.submit;
  end(response, 200, encodeResults(await take(read.transactions)));
}

async function answerQuestion(engine: Engine, body: Buffer, response: ServerResponse): Promise<void> {
  const question = readConsensusQuestion(JSON.parse(body.toString("utf8")));
  if (question === undefined) return end(response, 400, "no question to the consensus");
  const answer = await engine.askConsensus?.(question);
  if (answer === undefined) return end(response, 404, "this node decides alone");
  end(response, 200, JSON.stringify(answer));
}

function end(response: ServerResponse, status: number, body: string | Uint8Array): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body) });
  response.end(body);
}
