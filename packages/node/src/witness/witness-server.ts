import { createServer as createHttpServer } from "node:http";
import { printVerifierKey } from "@cityroot/core/log/note";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  LogController,
} from "fastify";
import type { Logger } from "pino";
import { openRate, rateKeyOf } from "./rate.ts";
import type { Witness, WitnessAnswer } from "./witness.ts";
import type { WitnessLimits } from "./witness-limits.ts";

/** What a witness is served with. */
export type WitnessServerOptions = {
  readonly witness: Witness;
  readonly limits: WitnessLimits;
  /** Requests of one address in a second; 0 for any number. */
  readonly requestsPerSecond: number;
  readonly logger: Logger;
};

/** How often a closing server looks for connections that nothing goes over any more, in milliseconds. */
const SWEEP_MS = 20;
const TEXT = "text/plain; charset=utf-8";

/**
 * Makes the HTTP server of a witness: `POST /add-checkpoint` and `GET /<origin hash>/checkpoint` of C2SP tlog-witness, and
 * `GET /healthz`. It answers once it listens; `close` ends what is in progress.
 */
export function createWitnessServer(options: WitnessServerOptions): FastifyInstance {
  const { witness, limits } = options;
  const app = openApp(options);
  app.post("/add-checkpoint", async (request, reply) => {
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
    return send(reply, await witness.addCheckpoint(body));
  });
  app.get<{ Params: { hash: string } }>("/:hash/checkpoint", (request, reply) => {
    const note = witness.checkpointOf(request.params.hash);
    if (note === undefined) return send(reply, refusal(404, "no checkpoint of such a log was cosigned here"));
    return reply.header("content-type", TEXT).header("cache-control", "no-store").send(Buffer.from(note));
  });
  app.get("/healthz", (_request, reply) => {
    const failure = witness.failsBecause();
    const logs = witness.logs();
    const health = {
      status: failure === null ? "ok" : "failing",
      failure,
      witness: printVerifierKey(witness.verifier),
      logs: logs.length,
      cosigned: logs.filter(({ cosigned }) => cosigned !== undefined).length,
      forks: witness.forks(),
    };
    return reply
      .code(failure === null ? 200 : 503)
      .header("content-type", "application/json")
      .send(Buffer.from(JSON.stringify(health)));
  });
  app.addHook("onClose", async () => witness.settle());
  let sweep: NodeJS.Timeout | undefined;
  let cut: NodeJS.Timeout | undefined;
  app.addHook("preClose", (done) => {
    cut = setTimeout(() => app.server.closeAllConnections(), limits.closeTimeoutMs);
    // A connection whose last answer leaves only now would else be kept for another request.
    sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
    done();
  });
  app.server.on("close", () => {
    clearTimeout(cut);
    clearInterval(sweep);
  });
  return app;
}

/** A server without routes: limits, rates, bodies as bytes, and what becomes of errors. */
function openApp({ limits, requestsPerSecond, logger }: WitnessServerOptions): FastifyInstance {
  const rate = openRate({
    perSecond: requestsPerSecond,
    keysMax: limits.addressesMax,
    now: () => performance.now(),
  });
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: (listener) => {
      const server = createHttpServer(
        {
          maxHeaderSize: limits.headBytesMax,
          headersTimeout: limits.headTimeoutMs,
          requestTimeout: limits.requestTimeoutMs,
          keepAliveTimeout: limits.idleTimeoutMs,
          connectionsCheckingInterval: Math.min(5_000, limits.headTimeoutMs),
        },
        listener,
      );
      server.maxConnections = limits.connectionsMax;
      server.setTimeout(limits.idleTimeoutMs);
      return server;
    },
    bodyLimit: limits.bodyBytesMax,
    return503OnClosing: false,
    forceCloseConnections: "idle",
  });
  // The specification names no media type of a request: any will do, and none.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", (request, reply, done) => {
    const passes = requestsPerSecond === 0 || rate.take(rateKeyOf(request.ip));
    if (passes) done();
    else
      send(reply.header("connection", "close"), refusal(429, "there are too many requests of this address"));
  });
  app.setNotFoundHandler((_request, reply) => send(reply, refusal(404, "nothing has this address")));
  app.setErrorHandler(
    (error: { readonly statusCode?: number; readonly message: string }, _request, reply) => {
      const status = error.statusCode ?? 500;
      if (status >= 500) logger.error({ err: error }, "a request failed");
      const sentence = status >= 500 ? "the witness cannot answer at present" : error.message;
      return send(reply.header("connection", "close"), refusal(status, sentence));
    },
  );
  return app;
}

function send(reply: FastifyReply, { status, type, body }: WitnessAnswer): FastifyReply {
  if (status === 429 || status === 503) reply.header("retry-after", "1");
  // Bytes, so that the type goes out as it stands.
  return reply.code(status).header("content-type", type).send(Buffer.from(body));
}

function refusal(status: number, sentence: string): WitnessAnswer {
  return { status, type: TEXT, body: `${sentence}\n` };
}
