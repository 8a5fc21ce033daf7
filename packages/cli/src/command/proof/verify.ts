import { readFileSync } from "node:fs";
import type { Policy } from "@cityroot/core/log/witness-policy";
import { isProofError, type ProofError } from "@cityroot/sdk/error";
import { verifyAliasBundle } from "@cityroot/sdk/verify-alias-bundle";
import { verifyBundle } from "@cityroot/sdk/verify-bundle";
import { foundLines } from "../../alias/alias-lines.ts";
import { dayOption } from "../../alias/alias-options.ts";
import { refusePerson } from "../../alias/check-person.ts";
import { checkSystemName } from "../../alias/check-system.ts";
import { endedMeaningOf } from "../../alias/ended-meaning.ts";
import { refuseWithoutSystem, refuseWithSystem } from "../../alias/system-options.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import type { Input } from "../../input.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { AS_OF_OPTIONS, asOfOf } from "../../registry/as-of.ts";
import { findLocalPolicy } from "../../registry/find-policy.ts";
import { readKnownPolicy } from "../../registry/known-registry.ts";
import { resolutionLines } from "../../registry/resolution-lines.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<file>", text: "argument.proofFile" }],
  options: [
    { flags: "--code <code>", text: "option.proofCode" },
    ...AS_OF_OPTIONS,
    { flags: "--system <system>", text: "option.proofSystem" },
    { flags: "--value <value>", text: "argument.legacyValue" },
    { flags: "--exact", text: "option.exact" },
    { flags: "--day <day>", text: "option.proofDay" },
  ],
  examples: [
    "cityroot proof verify stop.proof --code MA.276.11000/60.10000000.1/900003104",
    "cityroot proof verify stop.proof --code MA.276.11000/60.10000000.1/900003104 --policy policy.json",
    "cityroot proof verify claims.proof --system gbt2260 --value 130102 --day 1995",
  ],
  run: async (context, input) => {
    const isLegacy = isOfLegacyCode(context, input);
    const bytes = readProof(context, input.argument("file"));
    try {
      if (isLegacy) showClaims(context, input, bytes);
      else showResolution(context, input, bytes);
    } catch (error) {
      throw isProofError(error) ? proofFailure(context, error) : error;
    }
    // Verified is what was asked: a proof that a code was never issued is a good proof.
    return EXIT.ok;
  },
};

/** Whether the proof is to be about a legacy code, and not about a code. */
function isOfLegacyCode({ say }: Context, input: Input): boolean {
  const [code, system] = [input.text("code"), input.text("system")];
  if ((code === undefined) === (system === undefined)) {
    const got = code === undefined ? say("error.nothing") : `--code ${code} --system ${system}`;
    throw optionMalformed(say, { field: "--code", expected: say("error.proofOf.expected"), got });
  }
  if (system === undefined) refuseWithoutSystem(say, input, ["value", "exact", "day"]);
  else refuseWithSystem(say, input, ["as-of", "record-version"]);
  return system !== undefined;
}

function showResolution(context: Context, input: Input, bytes: Uint8Array): void {
  const code = input.needed("code");
  const asOf = asOfOf(context, input);
  const options = { bytes, code, policy: policyOf(context), ...(asOf !== undefined && { asOf }) };
  // A bundle may come without the chain of delegations: the code's own answer stands without it.
  const bare = verifyBundle(options);
  let resolution = bare;
  try {
    resolution = verifyBundle({ ...options, delegations: true });
  } catch {
    resolution = bare;
  }
  context.show(resolution, () => resolutionLines(context, resolution));
}

function showClaims(context: Context, input: Input, bytes: Uint8Array): void {
  const legacy = { system: input.needed("system"), value: input.needed("value") };
  checkSystemName(context, legacy.system);
  refusePerson(context, legacy);
  const day = dayOption(context, input, "day", "last");
  const found = verifyAliasBundle({
    ...{ ...legacy, bytes, exact: input.flag("exact"), policy: policyOf(context) },
    ...(day !== null && { day }),
  });
  context.show({ ...found, ended: endedMeaningOf(found.aliases, found.day) ?? null }, () =>
    foundLines(context, found),
  );
}

/** What is wrong with a proof of a file: most often it is about something else than what was asked. */
function proofFailure({ say }: Context, error: ProofError): CommandFailure {
  const fix = say(error.failure === "not-shown" ? "error.proofOf.fix" : "error.proofFile.fix");
  return new CommandFailure(
    { code: "PROOF_REFUSED", exit: "verification", detail: error.message, field: "file", fix },
    { cause: error },
  );
}

function policyOf(context: Context): Policy {
  const { say, url } = context;
  const policy =
    findLocalPolicy(context)?.policy ?? (url === undefined ? undefined : readKnownPolicy(context, url));
  if (policy !== undefined) return policy;
  throw new CommandFailure({
    code: "POLICY_UNKNOWN",
    exit: "usage",
    detail: say("error.policyOffline"),
    field: "--policy",
    expected: say("error.policy.expected"),
    got: say("error.nothing"),
    fix: say("error.policyOffline.fix"),
  });
}

function readProof({ say, io }: Context, name: string): Uint8Array {
  const path = pathFrom(io.workingFolder, name);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new CommandFailure(
      {
        code: "FILE_UNREADABLE",
        exit: "failure",
        detail: say("error.file", { path, reason: (cause as Error).message }),
        field: "file",
        expected: say("error.file.expected"),
        got: path,
        fix: say("error.file.fix"),
      },
      { cause },
    );
  }
}
