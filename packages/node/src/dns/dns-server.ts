import { createSocket, type RemoteInfo, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer as createTcpServer, isIPv6, type Server as TcpServer } from "node:net";
import type { Logger } from "pino";
import { ItemsMissingError } from "../api/read/view.ts";
import type { PayloadStore } from "../payload/payload-store.ts";
import { answerQuestion, type DnsSource, failed } from "./answer-question.ts";
import { DNS_LIMITS, type DnsLimits } from "./dns-limits.ts";
import type { DnsMetrics } from "./dns-metrics.ts";
import type { DnsAnswer } from "./dns-record.ts";
import { type Question, readQuery, UDP_BYTES_MIN } from "./query.ts";
import { encodeRefusal, encodeReply, encodeTruncated, TCP_BYTES_MAX, UDP_BYTES_MAX } from "./reply.ts";
import { openReplyRate } from "./reply-rate.ts";
import { serveConnection } from "./tcp-connection.ts";

/** What a responder is made of. */
export type DnsServerOptions = {
  readonly source: DnsSource;
  /** Brings items that a question needs and that are not on this machine. */
  readonly payloads: Pick<PayloadStore, "bring">;
  readonly metrics: DnsMetrics;
  readonly logger: Logger;
  /** Limits that differ from {@link DNS_LIMITS}. */
  readonly limits?: Partial<DnsLimits>;
  /** Milliseconds that never go back; of this process when absent. */
  readonly now?: () => number;
};

/** A responder that listens. */
export type DnsServer = { readonly port: number; readonly close: () => Promise<void> };

/** Payloads that are brought at once for questions that could not be answered without. */
const BRINGING_MAX = 4;

/** Answers questions over UDP and TCP at one address; port 0 is one that is free for both. */
export async function startDnsServer(
  options: DnsServerOptions,
  address: { readonly host: string; readonly port: number },
): Promise<DnsServer> {
  for (let tries = 1; ; tries++) {
    try {
      return await startAt(options, address);
    } catch (error) {
      // A port that was free over UDP may be taken over TCP: another one is tried where any will do.
      const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (address.port !== 0 || !isTaken || tries === TRIES_MAX) throw error;
    }
  }
}

/** How often another port is tried. */
const TRIES_MAX = 16;

async function startAt(
  options: DnsServerOptions,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<DnsServer> {
  const limits = { ...DNS_LIMITS, ...options.limits };
  const responder = openResponder(options, limits);
  const udp = createSocket({ type: isIPv6(host) ? "udp6" : "udp4" }, responder.answerUdp);
  responder.replyBy(udp);
  udp.bind(port, host);
  await once(udp, "listening");
  udp.on("error", (error) => options.logger.error({ err: error }, "a socket for questions over DNS failed"));
  const bound = udp.address().port;
  const tcp = createTcpServer({ noDelay: true }, (socket) =>
    serveConnection(socket, limits, responder.answerTcp, options.metrics),
  );
  tcp.maxConnections = limits.connectionsMax;
  tcp.on("drop", () => options.metrics.lose("connections"));
  try {
    await listen(tcp, host, bound);
  } catch (error) {
    udp.close();
    responder.close();
    throw error;
  }
  tcp.on("error", (error) => options.logger.error({ err: error }, "a server for questions over DNS failed"));
  return {
    port: bound,
    close: async () => {
      udp.close();
      responder.close();
      tcp.close();
      await once(tcp, "close");
    },
  };
}

async function listen(server: TcpServer, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, "listening");
}

type Responder = {
  readonly replyBy: (socket: UdpSocket) => void;
  readonly answerUdp: (bytes: Buffer, from: RemoteInfo) => void;
  /** The reply to a message; undefined where it is dropped. */
  readonly answerTcp: (bytes: Buffer) => Buffer | undefined;
  readonly close: () => void;
};

function openResponder(options: DnsServerOptions, limits: DnsLimits): Responder {
  const { metrics, now = () => performance.now() } = options;
  const fateOf = openReplyRate(limits, now);
  const answer = openAnswers(options);
  let socket: UdpSocket | undefined;
  const send = (bytes: Buffer, { port, address }: RemoteInfo): void => {
    // A client that is gone is nobody's failure.
    socket?.send(bytes, port, address, () => {});
  };
  return {
    replyBy: (given) => {
      socket = given;
    },
    answerUdp: (bytes, from) => {
      const read = bytes.length > limits.udpQueryBytesMax ? ({ kind: "drop" } as const) : readQuery(bytes);
      if (read.kind === "drop" || from.port === 0) return metrics.lose("malformed");
      const fate = fateOf(from.address);
      if (fate === "drop" || (fate === "truncate" && read.kind === "refused")) return metrics.lose("rate");
      if (read.kind === "refused") {
        metrics.observe("udp", read.rcode);
        return send(encodeRefusal(read.head, read.rcode, read.hasEdns), from);
      }
      const { head, question, ednsBytes } = read;
      const hasEdns = ednsBytes !== undefined;
      if (fate === "truncate") {
        metrics.lose("rate");
        return send(encodeTruncated({ head, question, hasEdns }), from);
      }
      const given = answer(question);
      const bytesMax = Math.min(UDP_BYTES_MAX, ednsBytes ?? UDP_BYTES_MIN);
      const reply = encodeReply({ head, question, hasEdns, bytesMax }, given);
      metrics.observe("udp", given.rcode);
      if ((reply[2]! & 2) !== 0) metrics.lose("truncated");
      send(reply, from);
    },
    answerTcp: (bytes) => {
      const read = readQuery(bytes);
      if (read.kind === "drop") {
        metrics.lose("malformed");
        return undefined;
      }
      if (read.kind === "refused") {
        metrics.observe("tcp", read.rcode);
        return encodeRefusal(read.head, read.rcode, read.hasEdns);
      }
      const { head, question, ednsBytes } = read;
      const given = answer(question);
      metrics.observe("tcp", given.rcode);
      const hasEdns = ednsBytes !== undefined;
      return encodeReply({ head, question, hasEdns, bytesMax: TCP_BYTES_MAX }, given);
    },
    close: () => {
      socket = undefined;
    },
  };
}

/** Answers, of which none fails: what cannot be told now is SERVFAIL, so that the client asks another server or again. */
function openAnswers({ source, payloads, logger }: DnsServerOptions): (question: Question) => DnsAnswer {
  let bringing = 0;
  return (question) => {
    try {
      return answerQuestion(source, question);
    } catch (error) {
      if (!(error instanceof ItemsMissingError)) {
        logger.error({ err: error }, "a question over DNS could not be answered");
      } else if (bringing < BRINGING_MAX) {
        bringing += 1;
        const done = (): void => {
          bringing -= 1;
        };
        payloads.bring(error.digest).then(done, done);
      }
      return failed("SERVFAIL");
    }
  };
}
