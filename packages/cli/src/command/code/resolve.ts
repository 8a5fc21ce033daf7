import { fetchAnswer } from "@cityroot/sdk/fetch-answer";
import { type Resolution, resolutionOf, type UnverifiedResolution } from "@cityroot/sdk/resolution";
import { resolve } from "@cityroot/sdk/resolve";
import { codeOf } from "@cityroot/sdk/verify-bundle";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT, type ExitCode } from "../../exit-code.ts";
import { pathFrom } from "../../global-options.ts";
import type { Input } from "../../input.ts";
import { AS_OF_OPTIONS, asOfOf } from "../../registry/as-of.ts";
import { connect } from "../../registry/connect.ts";
import { resolutionLines } from "../../registry/resolution-lines.ts";
import { writeFileWhole } from "../../registry/write-file.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<code>", text: "argument.code" }],
  options: [
    ...AS_OF_OPTIONS,
    { flags: "--proof <file>", text: "option.proofOut" },
    { flags: "--no-verify", text: "option.noVerify" },
    { flags: "--no-follow", text: "option.noFollow" },
    { flags: "--allow-private-hosts", text: "option.allowPrivateHosts" },
  ],
  examples: [
    "cityroot code resolve MA.156.1301",
    "cityroot code resolve MA.276.11000/60.10000000.1/900003104 --proof stop.proof",
    "cityroot code resolve MA.156.1301.02 --json",
  ],
  run: async (context, input) => {
    const resolution = await find(context, input);
    context.show(resolution, () => resolutionLines(context, resolution));
    return exitOf(resolution);
  },
};

async function find(context: Context, input: Input): Promise<Resolution | UnverifiedResolution> {
  const code = codeOf(input.argument("code"));
  const asOf = asOfOf(context, input);
  const proof = input.text("proof");
  const client = await connect(context);
  const moment = asOf === undefined ? {} : { asOf };
  const { interrupt: signal, workingFolder } = context.io;
  if (input.isOff("verify")) return resolve(client, code, { ...moment, verify: false, signal });
  if (proof === undefined) {
    const followed = { follow: !input.isOff("follow"), allowPrivateHosts: input.flag("allow-private-hosts") };
    return resolve(client, code, { ...moment, ...followed, signal });
  }
  const { answer, bytes } = await fetchAnswer(client, code, { ...moment, delegations: true, signal });
  writeFileWhole(pathFrom(workingFolder, proof), bytes);
  return resolutionOf(answer, true);
}

/**
 * A code that was never issued, or not yet, is an answer like any other; scripts tell it by this. Of one that another
 * network serves, and that was not asked there, nothing is known.
 */
export function exitOf({ record, standing }: Pick<Resolution, "record" | "standing">): ExitCode {
  if (standing === "federated") return EXIT.unavailable;
  return record === null ? EXIT.notFound : EXIT.ok;
}
