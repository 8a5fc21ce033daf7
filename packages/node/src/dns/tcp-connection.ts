import type { Socket } from "node:net";
import type { DnsLimits } from "./dns-limits.ts";
import type { DnsMetrics } from "./dns-metrics.ts";

const LENGTH_BYTES = 2;

/** Serves one connection: messages after their length, each answered in turn. RFC 7766. */
export function serveConnection(
  socket: Socket,
  limits: DnsLimits,
  answer: (bytes: Buffer) => Buffer | undefined,
  metrics: Pick<DnsMetrics, "lose">,
): void {
  let waiting = Buffer.alloc(0);
  let queries = 0;
  const timer = setTimeout(() => socket.destroy(), limits.idleTimeoutMs);
  socket.on("close", () => clearTimeout(timer));
  // Clients leave as they like.
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    if (socket.writableEnded) return undefined;
    waiting = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes]);
    while (waiting.length >= LENGTH_BYTES) {
      const length = waiting.readUInt16BE(0);
      if (length > limits.tcpQueryBytesMax) {
        metrics.lose("malformed");
        return socket.destroy();
      }
      if (waiting.length < LENGTH_BYTES + length) return undefined;
      const reply = answer(waiting.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
      waiting = waiting.subarray(LENGTH_BYTES + length);
      // Only whole queries keep a connection: bytes that trickle in do not.
      timer.refresh();
      queries += 1;
      if (reply === undefined) return socket.destroy();
      const head = Buffer.alloc(LENGTH_BYTES);
      head.writeUInt16BE(reply.length, 0);
      socket.write(Buffer.concat([head, reply]));
      if (queries >= limits.connectionQueriesMax) return socket.end();
      if (socket.writableLength > limits.unreadBytesMax) return socket.destroy();
    }
    return undefined;
  });
}
