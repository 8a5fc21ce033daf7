// A witness in a process of its own, for tests that kill it: starts in the home that it is given and says its address.
import { startWitness } from "./start-witness.ts";

const running = await startWitness({
  home: process.argv[2]!,
  listen: { host: "127.0.0.1", port: 0 },
  logLevel: "fatal",
});
process.send!(running.address);
process.on("disconnect", () => process.exit(0));
