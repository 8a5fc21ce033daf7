// Everything that has to hold: the static checks, then every test. `npm test` runs it, and so does CI.
import { runSteps } from "./run-steps.ts";

runSteps([
  { name: "check", command: "node", args: ["scripts/check.ts"] },
  { name: "tests", command: "vitest", args: ["run"] },
]);
