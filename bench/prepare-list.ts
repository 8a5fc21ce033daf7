import type { Code } from "@cityroot/codes/ma/code";
import { fill } from "./fill.ts";
import { newHome, PARENT } from "./fixture.ts";
import { type BenchServer, startServer } from "./server.ts";

/** A registry with as many codes below one prefix as Shijiazhuang has committees. */
export async function prepareList(
  workers: number,
): Promise<{ readonly server: BenchServer; readonly prefix: Code; readonly close: () => Promise<void> }> {
  const home = newHome(workers);
  await fill(home, 0, 5_152);
  const server = await startServer(home, workers);
  return { server, prefix: PARENT, close: server.close };
}
