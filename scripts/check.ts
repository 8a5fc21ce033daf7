// The static checks: style, types, dead code; the arrows between rooms are a test. `npm run check` runs them, `npm test` begins with them.
import { runSteps } from "./run-steps.ts";

runSteps([
  { name: "style", command: "biome", args: ["ci", "--colors=off", "--reporter=summary", "."] },
  { name: "types", command: "tsc", args: ["-b"] },
  { name: "dead code", command: "knip", args: [] },
]);
