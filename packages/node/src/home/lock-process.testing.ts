// A process that tries to take a home when it is told to, says whether it did, and keeps it until it is told to end.
import { lockHome } from "./home-lock.ts";

process.on("message", (home: string) => {
  try {
    lockHome(home);
    process.send!("taken");
  } catch (cause) {
    process.send!((cause as Error).name);
  }
});
process.on("disconnect", () => process.exit(0));
