import type { FastifyRequest, FastifySchema } from "fastify";
import type { Logger } from "pino";
import type { Engine } from "../engine/engine.ts";
import type { PayloadHoldings } from "../payload/payload-holdings.ts";
import type { PayloadStore } from "../payload/payload-store.ts";
import type { RegistryReader } from "../resolver/registry-reader.ts";
import type { Admission, Arriving, Room } from "./admission.ts";
import type { Answer } from "./answer.ts";
import type { ServerLimits } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { View } from "./read/view.ts";

/** What every route answers from. */
export type ApiContext = {
  readonly reader: RegistryReader;
  readonly engine: Engine;
  readonly payloads: PayloadStore;
  readonly holdings: PayloadHoldings;
  readonly logger: Logger;
  readonly limits: ServerLimits;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly clock: () => number;
  readonly metrics: Metrics;
  /** Room for long answers until their clients have taken them. */
  readonly answers: Admission;
  /** Who is given the figures at `/metrics`. */
  readonly metricsFor: "loopback" | "public";
  /** Where this registry is reached from outside, such as `https://id.example.cn`, without a slash at its end. */
  readonly publicUrl: string;
  /** The Handle prefix whose handles are codes; null where there is none. */
  readonly handlePrefix: string | null;
  /** The registry at its newest head: to be called once for each request, before anything is read. */
  readonly view: () => View;
};

/** One address and method, with the schemas that it is checked against and documented by. */
export type ApiRoute = {
  readonly method: "GET" | "POST" | "PUT";
  /** The address; a `*` at its end stands for all that follows. */
  readonly path: string;
  /** How the document writes what the `*` stands for. */
  readonly rest?: string;
  readonly schema: FastifySchema;
  readonly answer: (request: FastifyRequest) => Answer | Promise<Answer>;
  /** More headers of the answer to `OPTIONS`; none when absent. */
  readonly preflight?: (request: FastifyRequest) => { readonly [name: string]: string };
  /** Media types that a body may have; none where there is no body. */
  readonly consumes?: readonly string[];
  /** How long the body may take to arrive, in milliseconds; as long as any request when absent. */
  readonly bodyTimeoutMs?: number;
  /**
   * Asked before the body is read: an answer refuses it; else it gives the room that the request holds until it has been
   * answered and nothing works on it any more.
   */
  readonly admit?: (request: FastifyRequest, body: Arriving) => Answer | Room;
};
