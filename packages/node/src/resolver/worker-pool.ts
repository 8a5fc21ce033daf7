import cluster, { type Worker } from "node:cluster";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { LogLevel } from "../home/config.ts";
import type { Served } from "../home/served.ts";
import { PROCESS_FLAGS } from "../process-flags.ts";

/** What a worker is told to do. */
export type WorkerOrder = {
  readonly homePath: string;
  readonly socketPath: string;
  readonly logLevel: LogLevel;
  readonly served: Served;
};

/** Where a worker is to answer, said once it may: until then it opens what it reads from. */
export type ListenOrder = { readonly listen: { readonly host: string; readonly port: number } };

/** What a worker reports once it serves. */
export type WorkerReport = { readonly address: string };

/** Workers that share one address. */
export type WorkerPool = {
  /** Lets them answer; settles with their address when all do. To be called once. */
  readonly listen: (listen: ListenOrder["listen"]) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** How long a worker that fell is waited with before another takes its place. */
const RESTART_DELAY_MS = 500;
/** Ports that an address does not name. */
const DEFAULT_PORTS: { readonly [protocol: string]: number } = { "http:": 80, "https:": 443 };
/** How long workers may take to end what they are answering. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts resolver workers over the store of a home, which has its first block by now. They open it while the engine's
 * process does the same, and answer when they are told to. One that falls is replaced.
 */
export function startWorkers(count: number, order: WorkerOrder, logger: Logger): WorkerPool {
  const isSource = import.meta.url.endsWith(".ts");
  cluster.setupPrimary({
    exec: fileURLToPath(new URL(isSource ? "./worker.ts" : "./worker.js", import.meta.url)),
    execArgv: [...PROCESS_FLAGS],
    args: [],
  });
  let isClosing = false;
  const workers = new Set<Worker>();
  let mayListen: (listen: ListenOrder["listen"]) => void = () => {};
  let listening = new Promise<ListenOrder["listen"]>((resolve) => {
    mayListen = resolve;
  });
  const start = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const worker = cluster.fork();
      workers.add(worker);
      let serves = false;
      // What could not be sent went to a worker that fell: its exit says the rest.
      worker.on("error", (cause) => logger.error({ err: cause }, "a resolver worker cannot be reached"));
      worker.once("online", () => {
        worker.send(order);
        void listening.then(
          (listen) => worker.isConnected() && worker.send({ listen } satisfies ListenOrder),
        );
      });
      worker.once("message", (report: WorkerReport) => {
        serves = true;
        // When all workers are gone the system would choose another port for the next ones.
        listening = listening.then(({ host }) => ({ host, port: portOf(report.address) }));
        resolve(report.address);
      });
      worker.once("exit", (code, signal) => {
        workers.delete(worker);
        if (!serves) reject(new Error(`a resolver worker could not start (${signal ?? `exit ${code}`})`));
        else if (!isClosing) {
          logger.error({ code, signal }, "a resolver worker fell and is replaced");
          replace();
        }
      });
    });
  const replace = (): void => {
    setTimeout(() => {
      if (isClosing) return;
      start().catch((cause: unknown) => {
        logger.error({ err: cause }, "a worker did not come back and is tried again");
        replace();
      });
    }, RESTART_DELAY_MS);
  };
  const close = async (): Promise<void> => {
    isClosing = true;
    await Promise.all([...workers].map(stopWorker));
  };
  const started = Promise.all(Array.from({ length: count }, start));
  // Who listens hears of it; until then there is nobody to tell.
  started.catch(() => {});
  return {
    listen: async (listen) => {
      mayListen(listen);
      // Who asks for the same address gets the same port, also where the system chooses it.
      const [address] = await started;
      return address!;
    },
    close,
  };
}

function portOf(address: string): number {
  const { port, protocol } = new URL(address);
  return port === "" ? DEFAULT_PORTS[protocol]! : Number(port);
}

function stopWorker(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => worker.process.kill("SIGKILL"), STOP_TIMEOUT_MS);
    worker.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    if (worker.isConnected()) worker.send("stop");
    else worker.process.kill("SIGKILL");
  });
}
