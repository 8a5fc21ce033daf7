import { readFileSync } from "node:fs";
import type { Policy } from "@cityroot/core/log/witness-policy";
import { verifyBundle } from "@cityroot/sdk/verify-bundle";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { AS_OF_OPTIONS, asOfOf } from "../../registry/as-of.ts";
import { findLocalPolicy } from "../../registry/find-policy.ts";
import { readKnownPolicy } from "../../registry/known-registry.ts";
import { resolutionLines } from "../../registry/resolution-lines.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<file>", text: "argument.proofFile" }],
  options: [{ flags: "--code <code>", text: "option.proofCode" }, ...AS_OF_OPTIONS],
  examples: [
    "cityroot proof verify stop.proof --code MA.276.11000/60.10000000.1/900003104",
    "cityroot proof verify stop.proof --code MA.276.11000/60.10000000.1/900003104 --policy policy.json",
  ],
  run: async (context, input) => {
    const code = input.needed("code");
    const asOf = asOfOf(context, input);
    const policy = policyOf(context);
    const bytes = readProof(context, input.argument("file"));
    const options = { bytes, code, policy, ...(asOf !== undefined && { asOf }) };
    // A bundle may come without the chain of delegations: the code's own answer stands without it.
    const bare = verifyBundle(options);
    let resolution = bare;
    try {
      resolution = verifyBundle({ ...options, delegations: true });
    } catch {
      resolution = bare;
    }
    context.show(resolution, () => resolutionLines(context, resolution));
    // Verified is what was asked: a proof that a code was never issued is a good proof.
    return EXIT.ok;
  },
};

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
