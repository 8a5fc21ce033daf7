// A process that answers questions over the store that the engine's process writes, and hands submissions to it.
import cluster from "node:cluster";
import { forwardingEngine } from "../api/forwarding-engine.ts";
import { createServer } from "../api/server.ts";
import { readHome } from "../home/home.ts";
import { openLogger } from "../logger.ts";
import { openPayloads } from "../open-payloads.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openReader } from "./open-reader.ts";
import type { WorkerOrder, WorkerReport } from "./worker-pool.ts";

async function serve({ homePath, listen, socketPath, logLevel, publicUrl }: WorkerOrder): Promise<void> {
  installNativeFunctions();
  const home = readHome(homePath);
  const logger = openLogger(logLevel, { process: "resolver", pid: process.pid });
  const payloads = openPayloads(home, logger);
  const reader = openReader(home, payloads);
  const engine = forwardingEngine({ socketPath, clock: Date.now });
  const server = await createServer({
    ...{ reader, engine, payloads, logger, clock: Date.now },
    ...{ publicUrl: publicUrl ?? "", metricsFor: home.config.metrics },
  });
  const address = await server.listen(listen);
  const report: WorkerReport = { address };
  process.send?.(report);
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await server.close();
    await engine.close();
    await reader.close();
    process.exit(0);
  };
  process.on("message", (message) => {
    if (message === "stop") void stop();
  });
  // Without the engine's process nobody would restart or stop this one.
  process.on("disconnect", () => void stop());
  process.on("SIGINT", () => {});
}

if (cluster.isWorker) {
  process.once("message", (order: WorkerOrder) => {
    serve(order).catch((cause: unknown) => {
      console.error(cause);
      process.exit(1);
    });
  });
}
