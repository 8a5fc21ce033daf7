// The measured node in a process of its own: told its home by its arguments, ends when its parent says so.
import { readFileSync } from "node:fs";
import { startNode } from "@cityroot/node/start-node";

const [home, workers] = process.argv.slice(2);
const begun = performance.now();
const node = await startNode({
  home: home!,
  workers: Number(workers),
  listen: { host: "127.0.0.1", port: 0 },
  logLevel: "error",
});
process.send!({ address: node.address, startMs: performance.now() - begun });
const end = async (): Promise<never> => {
  await node.close();
  process.exit(0);
};
// A bench that failed leaves nothing running.
process.on("disconnect", () => void end());
process.on("message", async (message) => {
  if (message === "memory") {
    // Anonymous memory is the process's own; what is mapped of the store can be dropped at any time.
    const status = readFileSync("/proc/self/status", "latin1");
    const field = (name: string): number =>
      Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
    process.send!({ anonymousMb: field("RssAnon"), residentMb: field("VmRSS") });
    return;
  }
  await end();
});
