import { join } from "node:path";
import { isWitnessHome, readWitnessHome, type WitnessHome } from "@cityroot/node/witness/witness-home";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";

/** Name of the folder that holds a witness when nobody names one. */
const WITNESS_HOME_NAME = ".cityroot-witness";

/** The home of the witness: as asked, else `.cityroot-witness` in the working folder. */
export function witnessHomeHere({ home, io }: Pick<Context, "home" | "io">): string {
  return home ?? join(io.workingFolder, WITNESS_HOME_NAME);
}

/** The witness's home that a command reads; the failure names where it was looked for. */
export function witnessToRead(context: Context): WitnessHome {
  const { say } = context;
  const path = witnessHomeHere(context);
  if (isWitnessHome(path)) return readWitnessHome(path);
  throw new CommandFailure({
    code: "WITNESS_MISSING",
    exit: "notFound",
    detail: say("error.witnessMissing", { path }),
    field: "--home",
    expected: say("error.witnessMissing.expected"),
    got: path,
    fix: say("error.witnessMissing.fix"),
  });
}

/** What a record that cannot be used ends a command with; anything else stays as it is. */
export function recordFailure({ say }: Pick<Context, "say">, error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "RecordLostError") return error;
  return new CommandFailure(
    { code: "RECORD_LOST", exit: "verification", detail: error.message, fix: say("error.recordLost.fix") },
    { cause: error },
  );
}
