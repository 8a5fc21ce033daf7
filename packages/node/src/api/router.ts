import type { Server as HttpServer, RequestListener } from "node:http";
import { Readable } from "node:stream";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Arriving, Room } from "./admission.ts";
import { type Answer, answerProblem, MEDIA } from "./answer.ts";
import { answerNoRoom, findRoom } from "./answer-room.ts";
import { readWithItems } from "./bring-items.ts";
import type { ApiContext, ApiRoute } from "./context.ts";
import { problemOfFailure, problemOfRequestError } from "./failure.ts";
import { makeProblem } from "./problem.ts";
import { sendAnswer } from "./send.ts";

/** What the router hangs on. */
export type RouterOptions = {
  readonly context: ApiContext;
  /** Makes the HTTP server that hands requests to the router. */
  readonly makeServer: (listener: RequestListener) => HttpServer;
  /** Answers an address that nothing has. */
  readonly answerUnknown: (request: FastifyRequest) => Answer;
};

/** A router without routes: limits, body readers and what becomes of errors. */
export function openRouter({ context, makeServer, answerUnknown }: RouterOptions): FastifyInstance {
  const { limits, logger, reader } = context;
  const network = reader.network.id;
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    // A scan is nobody's business: no address and no path of a request is logged.
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: makeServer,
    bodyLimit: limits.jsonBytesMax,
    routerOptions: { maxParamLength: limits.urlCharactersMax },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, useDefaults: false, verbose: true } },
    return503OnClosing: false,
    forceCloseConnections: "idle",
    frameworkErrors: (error, request, reply) => {
      sendAnswer(request, reply, answerError(context, error), network);
    },
  });
  // Answers are text or bytes already; their schemas describe them and are held against them by the tests.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "string", bodyLimit: limits.jsonBytesMax },
    app.getDefaultJsonParser("error", "error"),
  );
  app.addContentTypeParser(
    "application/cbor",
    { parseAs: "buffer", bodyLimit: limits.cborBytesMax },
    (_request, body, done) => done(null, body),
  );
  app.addContentTypeParser(MEDIA.items, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => {
    sendAnswer(request, reply, answerError(context, error), network);
  });
  app.setNotFoundHandler((request, reply) => {
    sendAnswer(request, reply, answerUnknown(request), network);
  });
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "none";
    context.metrics.observe(route, request.method, reply.statusCode, reply.elapsedTime / 1_000);
    done();
  });
  return app;
}

function answerError({ logger }: ApiContext, error: unknown): Answer {
  return answerProblem(problemOfRequestError(error) ?? problemOfFailure(error, logger));
}

/** Adds a route, with what is asked of a request before its body is read. */
export function addRoute(app: FastifyInstance, context: ApiContext, route: ApiRoute): void {
  const network = context.reader.network.id;
  const rooms = new WeakMap<FastifyRequest, WorkRoom>();
  app.route({
    method: route.method,
    url: route.path,
    schema: route.schema,
    config: { api: route },
    onRequest: (request, reply, done) => {
      const refused = refuseUnread(context, route, request);
      if (refused !== undefined) {
        sendAnswer(request, reply, refused, network);
        return;
      }
      const admitted = route.admit?.(request, arrivingBody(request, reply, network));
      if (admitted !== undefined && "status" in admitted) {
        sendAnswer(request, reply, admitted, network);
        return;
      }
      if (admitted !== undefined) rooms.set(request, keepRoom(reply, admitted));
      if (route.bodyTimeoutMs !== undefined) watchBody(request, reply, route.bodyTimeoutMs, network);
      done();
    },
    handler: async (request, reply) => {
      const room = rooms.get(request);
      room?.work(request.body);
      try {
        const given = await readWithItems(context.payloads, () => route.answer(request));
        return sendAnswer(request, reply, roomed(context, reply, given), network);
      } finally {
        room?.leave();
      }
    },
  });
}

/** Room that a request holds until nothing works on it: also when its client has gone while something does. */
type WorkRoom = { readonly work: (body: unknown) => void; readonly leave: () => void };

function keepRoom(reply: FastifyReply, { arrived, leave }: Room): WorkRoom {
  let works = false;
  reply.raw.once("close", () => {
    if (!works) leave();
  });
  return {
    work: (body) => {
      works = true;
      // A body that is read while it is worked on still arrives.
      if (!(body instanceof Readable)) arrived(body instanceof Uint8Array ? body.length : undefined);
    },
    leave,
  };
}

/** How a request's body arrives; where others need its room, it is answered as far as it still can be, and dropped. */
function arrivingBody(request: FastifyRequest, reply: FastifyReply, network: string): Arriving {
  const { raw } = request;
  const before = raw.socket.bytesRead;
  return {
    received: () => raw.socket.bytesRead - before,
    giveUp: () => {
      if (request.body !== undefined) raw.destroy();
      else dropBody(request, reply, "the body came slowly, and others needed its room", network);
    },
  };
}

/** The answer, or where there is no room for it the one that says so. */
function roomed({ answers }: ApiContext, { raw }: FastifyReply, answer: Answer): Answer {
  const { body } = answer;
  const bytes = typeof body === "string" || body instanceof Uint8Array ? body.length : 0;
  return findRoom(answers, raw, bytes) ? answer : answerNoRoom();
}

function refuseUnread({ limits }: ApiContext, route: ApiRoute, request: FastifyRequest): Answer | undefined {
  const { url = "" } = request.raw;
  if (url.length > limits.urlCharactersMax) {
    const detail = `an address has at most ${limits.urlCharactersMax} characters`;
    return answerProblem(makeProblem("URL_TOO_LONG", detail));
  }
  if (route.consumes === undefined) return undefined;
  const [type = ""] = (request.headers["content-type"] ?? "").split(";");
  const got = type.trim().toLowerCase();
  if (route.consumes.includes(got)) return undefined;
  return answerProblem(
    makeProblem("UNSUPPORTED_MEDIA_TYPE", "the body has a media type that is not taken here", {
      field: "content-type",
      expected: route.consumes.join(" or "),
      got: got.replace(/[^\x20-\x7e]/g, "?").slice(0, 80),
    }),
  );
}

function dropBody(request: FastifyRequest, reply: FastifyReply, detail: string, network: string): void {
  sendAnswer(request, reply, answerProblem(makeProblem("REQUEST_TIMEOUT", detail)), network);
  reply.raw.once("finish", () => request.raw.destroy());
}

/** Answers for a body that does not arrive in time, and drops the connection. */
function watchBody(request: FastifyRequest, reply: FastifyReply, timeoutMs: number, network: string): void {
  const timer = setTimeout(() => {
    if (request.raw.complete || reply.sent) return;
    dropBody(request, reply, `the body did not arrive within ${timeoutMs} ms`, network);
  }, timeoutMs);
  const stop = (): void => clearTimeout(timer);
  request.raw.once("end", stop);
  reply.raw.once("close", stop);
}

/** Answers `OPTIONS` for every address, and 405 for the methods that it does not take. */
export function addMethodAnswers(
  app: FastifyInstance,
  context: ApiContext,
  routes: readonly ApiRoute[],
): void {
  const network = context.reader.network.id;
  const methods = new Map<string, string[]>();
  const preflights = new Map(routes.map(({ path, preflight }) => [path, preflight]));
  for (const { method, path } of routes) {
    const known = methods.get(path) ?? ["OPTIONS"];
    methods.set(path, [...known, ...(method === "GET" ? ["GET", "HEAD"] : [method])]);
  }
  for (const [url, taken] of methods) {
    const allow = taken.toSorted().join(", ");
    const preflight: Answer = {
      status: 204,
      type: MEDIA.text,
      body: "",
      caching: "never",
      headers: {
        allow,
        "access-control-allow-methods": allow,
        "access-control-allow-headers": "accept, accept-language, content-type, if-none-match",
        "access-control-max-age": "86400",
      },
    };
    const problem = makeProblem("METHOD_NOT_ALLOWED", `this address takes ${allow}`);
    const refusal: Answer = { ...answerProblem(problem), headers: { allow } };
    const others = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].filter(
      (method) => !taken.includes(method),
    );
    const more = preflights.get(url);
    const answerAll = (method: string | string[], answer: Answer): void => {
      app.route({
        method,
        url,
        schema: { hide: true } as object,
        onRequest: (request, reply) => {
          const headers = method === "OPTIONS" && { ...answer.headers, ...more?.(request) };
          sendAnswer(request, reply, headers === false ? answer : { ...answer, headers }, network);
        },
        handler: () => {},
      });
    };
    answerAll("OPTIONS", preflight);
    answerAll(others, refusal);
  }
}
