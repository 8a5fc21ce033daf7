// The static checks: style and types. The arrows between rooms and what nobody uses are tests (`test/architecture.test.ts`). `npm run check` runs them, `npm test` begins with them.
import { runSteps } from "./run-steps.ts";

runSteps([
  { name: "style", command: "biome", args: ["ci", "--colors=off", "--reporter=summary", "."] },
  { name: "types", command: "tsc", args: ["-b"] },
]);
