import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import type { Json } from "@cityroot/core/json";
import type { Logger } from "pino";
import type { Engine } from "../engine/engine.ts";
import { loadPageAssets } from "../page/assets.ts";
import type { PayloadCounts, PayloadHoldings } from "../payload/payload-holdings.ts";
import type { PayloadStore } from "../payload/payload-store.ts";
import type { RegistryReader } from "../resolver/registry-reader.ts";
import { type Admission, openAdmission } from "./admission.ts";
import { answerProblem, headersOf } from "./answer.ts";
import { admitRequest } from "./answer-room.ts";
import { answerClientError } from "./client-error.ts";
import type { ApiContext, ApiRoute } from "./context.ts";
import { hotHandler } from "./hot-routes.ts";
import { SERVER_LIMITS, type ServerLimits } from "./limits.ts";
import { createMetrics, type Metrics, type Watched } from "./metrics.ts";
import { addOpenApi } from "./openapi.ts";
import { makeProblem } from "./problem.ts";
import { openViews } from "./read/view.ts";
import { aliasLookupRoutes } from "./route/alias-lookups.ts";
import { aliasRoutes } from "./route/aliases.ts";
import { assetRoutes } from "./route/assets.ts";
import { blockRoutes } from "./route/blocks.ts";
import { catalogueRoutes } from "./route/catalogue.ts";
import { codeRoutes } from "./route/codes.ts";
import { consensusRoutes } from "./route/consensus.ts";
import { digitalLinkRoutes } from "./route/digital-links.ts";
import { handleRoutes } from "./route/handles.ts";
import { healthRoutes } from "./route/health.ts";
import { historyRoutes } from "./route/history.ts";
import { holderRoutes } from "./route/holders.ts";
import { identifierRoutes } from "./route/identifiers.ts";
import { identifyRoutes } from "./route/identify.ts";
import { itemRoutes } from "./route/items.ts";
import { listRoutes } from "./route/lists.ts";
import { logRoutes } from "./route/log.ts";
import { metricsRoutes } from "./route/metrics.ts";
import { networkRoutes } from "./route/network.ts";
import { networkStatusRoutes } from "./route/network-status.ts";
import { openApiRoutes } from "./route/openapi.ts";
import { pageRoutes } from "./route/pages.ts";
import { payloadRoutes } from "./route/payloads.ts";
import { prefixRoutes } from "./route/prefixes.ts";
import { problemRoutes } from "./route/problems.ts";
import { proofRoutes } from "./route/proofs.ts";
import { referredPayloadRoutes } from "./route/referred-payloads.ts";
import { submitRoutes } from "./route/submit.ts";
import { validatorRoutes } from "./route/validators.ts";
import { addMethodAnswers, addRoute, openRouter } from "./router.ts";

/** What a server serves, and how. */
export type ServerOptions = {
  readonly reader: RegistryReader;
  /** Where submissions go: the engine itself, or in a resolver worker `forwardingEngine` of the socket to it. */
  readonly engine: Engine;
  readonly payloads: PayloadStore;
  /** How the payloads stand that the ledger refers to; of nothing, when absent. */
  readonly holdings?: PayloadHoldings;
  readonly logger: Logger;
  /** Limits that differ from {@link SERVER_LIMITS}. */
  readonly limits?: Partial<ServerLimits>;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly clock: () => number;
  /**
   * Where this registry is reached from outside, such as `https://id.example.cn`: for addresses that have to be whole. Empty
   * when absent: addresses are then relative to this server.
   */
  readonly publicUrl?: string;
  /** Who is given the figures at `/metrics`: programs of this machine alone when absent, or everyone. */
  readonly metricsFor?: ApiContext["metricsFor"];
  /** The Handle prefix whose handles are codes; none when absent or null. */
  readonly handlePrefix?: string | null;
  /** Where the server counts; figures of its own when absent. */
  readonly metrics?: Metrics;
};

/** Where a server listens: a port (0 for any free one), or the path of a unix socket. */
export type ListenAddress =
  | { readonly host: string; readonly port: number }
  | { readonly socketPath: string };

/** A server of a registry. */
export type Server = {
  /** Begins to take requests; gives the address, such as `http://127.0.0.1:8080`, or the socket's path. */
  readonly listen: (address: ListenAddress) => Promise<string>;
  /** Takes no more requests, ends those in progress, and stops. Reader and engine stay open: they are the caller's. */
  readonly close: () => Promise<void>;
};

/** Version of the interface, as the document states it. */
const API_VERSION = "1";
/** How often a closing server looks for connections that nothing goes over any more, in milliseconds. */
const SWEEP_MS = 20;
/** Where others wait, a lookup whose body comes with fewer bytes in a second than this is given up for them. */
const LOOKUP_SLOW_BYTES_S = 1_048_576;
/** How often a server that nobody asks looks for newer blocks, in milliseconds. */
const FOLLOW_MS = 500;

/** Makes the server of a registry; it answers once it listens. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { limits, context, submissions, uploads, lookups } = openContext(options);
  const hot = hotHandler(context);
  const app = openRouter({
    context,
    makeServer: (listener) =>
      makeHttpServer(context, (request, response) => {
        if (refuseHostless(request, response, context)) return;
        if (!admitRequest(context.answers, request, response)) return;
        if (!hot(request, response)) listener(request, response);
      }),
    answerUnknown: () => answerProblem(makeProblem("NOT_FOUND", "nothing has this address")),
  });
  await addOpenApi(app, API_VERSION, context.publicUrl);
  const assets = await loadPageAssets();
  const routes: readonly ApiRoute[] = [
    ...submitRoutes(context, submissions),
    ...payloadRoutes(context, uploads),
    ...referredPayloadRoutes(context),
    ...codeRoutes(context),
    ...proofRoutes(context),
    ...historyRoutes(context),
    ...listRoutes(context),
    ...prefixRoutes(context),
    ...holderRoutes(context),
    ...identifyRoutes(context),
    ...identifierRoutes(context),
    ...handleRoutes(context),
    ...aliasRoutes(context),
    ...aliasLookupRoutes(context, lookups),
    ...itemRoutes(context),
    ...networkRoutes(context),
    ...validatorRoutes(context),
    ...networkStatusRoutes(context),
    ...consensusRoutes(context),
    ...blockRoutes(context),
    ...logRoutes(context),
    ...healthRoutes(context),
    ...metricsRoutes(context),
    ...problemRoutes(),
    ...openApiRoutes(() => app.swagger() as unknown as Json),
    ...assetRoutes(assets),
    ...catalogueRoutes(context),
    ...digitalLinkRoutes({ context, assets }),
    ...pageRoutes({ context, assets }),
  ];
  for (const route of routes) addRoute(app, context, route);
  const following = setInterval(() => followBlocks(context), FOLLOW_MS).unref();
  addMethodAnswers(app, context, routes);
  return {
    listen: (address) =>
      app.listen(
        "socketPath" in address ? { path: address.socketPath } : { host: address.host, port: address.port },
      ),
    close: async () => {
      clearInterval(following);
      const cut = setTimeout(() => app.server.closeAllConnections(), limits.closeTimeoutMs);
      // A connection whose last answer leaves only now would else be kept for another request.
      const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
      await app.close();
      clearInterval(sweep);
      clearTimeout(cut);
    },
  };
}

/** Keeps up with the newest block while nobody asks, so that the first who does need not wait for all since. */
function followBlocks(context: ApiContext): void {
  try {
    context.view();
  } catch {
    // Whoever asks next is told.
  }
}

const NO_HOLDINGS: PayloadHoldings = { counts: () => undefined, list: () => [] };

type Opened = {
  readonly limits: ServerLimits;
  readonly context: ApiContext;
  readonly submissions: Admission;
  readonly uploads: Admission;
  readonly lookups: Admission;
};

function openContext(options: ServerOptions): Opened {
  const limits = { ...SERVER_LIMITS, ...options.limits };
  const { reader, engine, payloads, logger, clock } = options;
  const metrics = options.metrics ?? createMetrics();
  const submissions = openAdmission(limits.submissionsMax, limits.submissionBytesMax);
  const uploads = openAdmission(limits.payloadsMax, Number.POSITIVE_INFINITY, limits.payloadSlowBytesS);
  const lookups = openAdmission(
    limits.lookupsMax,
    limits.lookupsMax * limits.lookupBytesMax,
    LOOKUP_SLOW_BYTES_S,
  );
  const answers = openAdmission(Number.POSITIVE_INFINITY, limits.answerBytesMax);
  const view = openViews(reader);
  const publicUrl = (options.publicUrl ?? "").replace(/\/$/, "");
  const { metricsFor = "loopback", holdings = NO_HOLDINGS, handlePrefix = null } = options;
  const context = {
    reader,
    engine,
    payloads,
    holdings,
    logger,
    limits,
    clock,
    answers,
    metrics,
    metricsFor,
    view,
    publicUrl,
    handlePrefix,
  };
  metrics.watch(() => watch(context, submissions, uploads));
  metrics.watchWitnesses(async () => (await engine.witnesses?.()) ?? []);
  return { limits, context, submissions, uploads, lookups };
}

function watch(
  { view, engine, clock, holdings, reader }: ApiContext,
  submissions: Admission,
  uploads: Admission,
): Watched {
  const figures = {
    holdings: readCounts(holdings),
    submissions: submissions.count(),
    submissionBytes: submissions.bytes(),
    payloads: uploads.count(),
    takesWrites: engine.refusesBecause() === null,
  };
  try {
    const { height, timeMs, size } = view().head.checkpoint;
    const logSize = reader.newest().size;
    return { ...figures, height, ageMs: clock() - timeMs, checkpointSize: size, logSize };
  } catch {
    // Metrics are asked for most when reads fail.
    return {
      ...figures,
      ...{ height: undefined, ageMs: undefined, checkpointSize: undefined, logSize: undefined },
    };
  }
}

/** What is known of payloads; nothing while it cannot be read. */
function readCounts(holdings: PayloadHoldings): PayloadCounts | undefined {
  try {
    return holdings.counts();
  } catch {
    return undefined;
  }
}

function makeHttpServer({ limits, reader }: ApiContext, listener: RequestListener): HttpServer {
  const server = createHttpServer(
    {
      maxHeaderSize: limits.headBytesMax,
      headersTimeout: limits.headTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: Math.min(5_000, limits.headTimeoutMs),
      // Its own answer would be empty: see `refuseHostless`.
      requireHostHeader: false,
    },
    listener,
  );
  server.maxConnections = limits.connectionsMax;
  server.setTimeout(limits.idleTimeoutMs);
  // Nothing else than `100-continue` is known to be expected, and RFC 9110 §10.1.1 lets a server pass over it.
  server.on("checkExpectation", listener);
  server.on("clientError", (error, socket) => answerClientError(error, socket as never, reader.network.id));
  return server;
}

/** Refuses a request that does not name its host, as RFC 9112 §3.2 demands; says whether it did. */
function refuseHostless(request: IncomingMessage, response: ServerResponse, { reader }: ApiContext): boolean {
  if (request.headers.host !== undefined || request.httpVersion !== "1.1") return false;
  const answer = answerProblem(
    makeProblem("REQUEST_MALFORMED", "the head of the request names no host", {
      field: "host",
      expected: "the name of this server",
      got: "nothing",
    }),
  );
  response.writeHead(answer.status, [...headersOf(answer, reader.network.id), "connection", "close"]);
  response.end(answer.body);
  return true;
}
