// A whole node in a process of its own. It tells its parent where it serves, or why it could not start, and on
// request the process ids of its resolver workers.
import cluster from "node:cluster";
import { startNode } from "@cityroot/node/start-node";

const [home, workers] = process.argv.slice(2) as [string, string];
try {
  const node = await startNode({
    home,
    workers: Number(workers),
    listen: { host: "127.0.0.1", port: 0 },
    logLevel: "fatal",
  });
  process.on("message", (request) => {
    if (request === "workers") {
      const pids = Object.values(cluster.workers ?? {}).map((worker) => worker?.process.pid);
      process.send!({ pids });
    }
    if (request === "close") void node.close().then(() => process.disconnect());
  });
  process.send!({ address: node.address });
} catch (cause) {
  process.send!({ failure: (cause as Error).message });
  process.disconnect();
}
