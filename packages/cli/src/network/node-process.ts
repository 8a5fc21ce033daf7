// Runs one node of a network for trying out, for the process that runs them all: it tells that one what becomes of the node,
// and ends with it, however that ends.
import { type RunningNode, startNode } from "@cityroot/node/start-node";
import { saveAddress } from "../registry/address.ts";
import { type NodeOrder, type NodeReport, STOP } from "./node-orders.ts";

/** How long it may take to stop, in milliseconds. */
const STOP_MS_MAX = 20_000;
/** How often it is looked whether the node takes transactions, in milliseconds. */
const LOOK_MS = 500;

function report(message: NodeReport): void {
  // Without a channel there is nobody to tell, and the process is ending.
  if (process.connected) process.send!(message);
}

/** Tells once that the node takes no transactions any more; `isStopping` is whether it was asked to end. */
function tellWhenStopped({ engine }: RunningNode, isStopping: () => boolean): void {
  const look = setInterval(() => {
    const reason = engine.refusesBecause();
    if (reason === null) return;
    clearInterval(look);
    if (!isStopping()) report({ kind: "stopped", reason });
  }, LOOK_MS);
}

function follow({ home }: NodeOrder): void {
  const starting = startNode({ home });
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
    const node = await starting;
    await node.close();
    process.exit(0);
  };
  const fail = (): never => process.exit(1);
  process.on("message", (message) => {
    if (message === STOP) stop().catch(fail);
  });
  // Whoever started it has ended.
  process.on("disconnect", () => stop().catch(fail));
  process.on("SIGTERM", () => stop().catch(fail));
  starting.then(
    (node) => {
      saveAddress(home, node.address);
      report({ kind: "serves", address: node.address });
      tellWhenStopped(node, () => isStopping);
    },
    (cause: Error) => {
      console.error(cause);
      process.exitCode = 1;
      if (!process.connected) process.exit();
      const failed: NodeReport = { kind: "failed", name: cause.name, detail: cause.message };
      process.send!(failed, () => process.exit());
    },
  );
}

// A terminal's interrupt is for the process that runs them all.
process.on("SIGINT", () => {});
process.once("message", follow);
