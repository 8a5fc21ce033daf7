import type { Code } from "@cityroot/codes/ma/code";
import type { Day } from "@cityroot/core/state/day";
import { isRegistryError } from "@cityroot/sdk/error";
import { fetchAnswer } from "@cityroot/sdk/fetch-answer";
import { type Resolution, resolutionOf, type UnverifiedResolution } from "@cityroot/sdk/resolution";
import { resolve } from "@cityroot/sdk/resolve";
import { codeOf } from "@cityroot/sdk/verify-bundle";
import { dayOption } from "../../alias/alias-options.ts";
import { refusePerson } from "../../alias/check-person.ts";
import { checkSystemName } from "../../alias/check-system.ts";
import { exitOfLegacy, legacyResolutionLines, resolveLegacy } from "../../alias/resolve-legacy.ts";
import { refuseWithoutSystem, refuseWithSystem } from "../../alias/system-options.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT, type ExitCode } from "../../exit-code.ts";
import { CommandFailure } from "../../failure.ts";
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
    { flags: "--system <system>", text: "option.legacySystem" },
    { flags: "--exact", text: "option.exact" },
    { flags: "--day <day>", text: "option.day" },
  ],
  examples: [
    "cityroot code resolve MA.156.1301",
    "cityroot code resolve MA.276.11000/60.10000000.1/900003104 --proof stop.proof",
    "cityroot code resolve MA.156.1301.02 --json",
    "cityroot code resolve --system gbt2260 130102 --day 1995",
    "cityroot code resolve --system gbt2260 130102 --proof claims.proof",
  ],
  run: async (context, input) => {
    if (input.text("system") !== undefined) return runLegacy(context, input);
    refuseWithoutSystem(context.say, input, ["exact", "day"]);
    const resolution = await find(context, input);
    context.show(resolution, () => resolutionLines(context, resolution));
    return exitOf(resolution);
  },
};

/** Resolves a code of another system, of which the ledger says what it means on which days. */
async function runLegacy(context: Context, input: Input): Promise<ExitCode> {
  refuseWithSystem(context.say, input, ["as-of", "record-version", "verify"]);
  const legacy = { system: input.needed("system"), value: input.argument("code") };
  checkSystemName(context, legacy.system);
  refusePerson(context, legacy);
  const found = await resolveLegacy(context, await connect(context), {
    ...legacy,
    exact: input.flag("exact"),
    day: dayOption(context, input, "day", "last") as Day | null,
    proofPath: input.text("proof"),
    follow: { follow: !input.isOff("follow"), allowPrivateHosts: input.flag("allow-private-hosts") },
    signal: context.io.interrupt,
  });
  context.show(found, () => legacyResolutionLines(context, found));
  return exitOfLegacy(found);
}

/** The code that is asked for; of a text that is none it is told how codes of other systems are resolved. */
function askedCode({ say }: Context, text: string): Code {
  try {
    return codeOf(text);
  } catch (error) {
    // Whoever writes the agency wrote a code of ours, and is told what is wrong in it.
    if (!isRegistryError(error) || /^\s*ma\s*\./i.test(text)) throw error;
    const { rejection, message, field, expected, got } = error;
    const detail = message.replace(`${rejection}: `, "");
    const fix = say("error.otherSystem.fix");
    throw new CommandFailure(
      { code: rejection, exit: "usage", detail, field, expected, got, fix },
      { cause: error },
    );
  }
}

async function find(context: Context, input: Input): Promise<Resolution | UnverifiedResolution> {
  const code = askedCode(context, input.argument("code"));
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
