import { Readable } from "node:stream";
import { reject } from "@cityroot/core/outcome";
import type { Logger } from "pino";
import type { Home } from "./home/home.ts";
import type { PayloadStore } from "./payload/payload-store.ts";

export function openPayloads(_home: Home, _logger: Logger): PayloadStore {
  void Readable;
  return {
    put: async () => reject("NODE_UNAVAILABLE", "x"),
    read: () => undefined,
    has: () => false,
    itemsOf: () => [],
  };
}
