// A process that answers questions over the store that the engine's process writes, and hands submissions to it.
import cluster from "node:cluster";
import { forwardingEngine } from "../api/forwarding-engine.ts";
import { createMetrics } from "../api/metrics.ts";
import { createServer, type Server } from "../api/server.ts";
import { openDns } from "../dns/open-dns.ts";
import { readHome } from "../home/home.ts";
import { openLogger } from "../logger.ts";
import { openPayloads } from "../open-payloads.ts";
import { registerPathOf } from "../storage/open-keeper.ts";
import { readPayloadRegister } from "../storage/payload-register.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openReader } from "./open-reader.ts";
import type { ListenOrder, WorkerOrder, WorkerReport } from "./worker-pool.ts";

type OpenedWorker = { readonly listen: Server["listen"]; readonly stop: () => Promise<void> };

async function open({ homePath, socketPath, logLevel, served }: WorkerOrder): Promise<OpenedWorker> {
  installNativeFunctions();
  const home = readHome(homePath);
  const logger = openLogger(logLevel, { process: "resolver", pid: process.pid });
  const payloads = await openPayloads(home, logger);
  const reader = openReader(home, payloads);
  const holdings = readPayloadRegister(registerPathOf(home));
  const engine = forwardingEngine({ socketPath, clock: Date.now });
  const { dns, handlePrefix } = served;
  const publicUrl = served.publicUrl ?? "";
  const metrics = createMetrics();
  const server = await createServer({
    ...{ reader, engine, payloads, logger, clock: Date.now, metrics },
    ...{ publicUrl, handlePrefix, metricsFor: home.config.metrics, holdings },
  });
  const { registry } = metrics;
  // The workers share the address: the system and node:cluster hand a question to one of them.
  const responder =
    dns === null ? undefined : await openDns({ reader, payloads, logger, registry, publicUrl }, dns);
  return {
    listen: server.listen,
    stop: async () => {
      await responder?.close();
      await server.close();
      await engine.close();
      await reader.close();
      await holdings.close();
    },
  };
}

function follow(order: WorkerOrder | "stop"): void {
  // The engine's process may have found that it cannot start.
  if (order === "stop") process.exit(0);
  const fail = (cause: unknown): void => {
    console.error(cause);
    process.exit(1);
  };
  const opening = open(order);
  opening.catch(fail);
  const listen = async (place: ListenOrder["listen"]): Promise<void> => {
    const report: WorkerReport = { address: await (await opening).listen(place) };
    process.send?.(report);
  };
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await (await opening).stop();
    process.exit(0);
  };
  process.on("message", (message: ListenOrder | "stop") => {
    if (message === "stop") stop().catch(fail);
    else listen(message.listen).catch(fail);
  });
  // Without the engine's process nobody would restart or stop this one.
  process.on("disconnect", () => void stop().catch(fail));
  process.on("SIGINT", () => {});
}

if (cluster.isWorker) process.once("message", follow);
