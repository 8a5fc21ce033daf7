import type { Client } from "@cityroot/sdk/client";
import {
  type FindAliasesParameters,
  type FindAliasesReturnType,
  fetchAliases,
} from "@cityroot/sdk/find-aliases";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import { writeFileWhole } from "../registry/write-file.ts";

/** See {@link findProven}. */
export type FindProvenParameters = FindAliasesParameters & {
  /** Where the proof is kept; undefined where it is not. */
  readonly proofPath: string | undefined;
};

/** What is claimed of a legacy code, with its proof in a file where one is named. */
export async function findProven(
  { say, io }: Context,
  client: Client,
  { proofPath, ...asked }: FindProvenParameters,
): Promise<FindAliasesReturnType> {
  const { found, proofs } = await fetchAliases(client, asked);
  if (proofPath === undefined) return found;
  const [proof] = proofs;
  if (proof === undefined || proofs.length > 1) {
    throw new CommandFailure({
      code: "PROOF_IN_PARTS",
      exit: "failure",
      detail: say("error.proofParts", { count: found.aliases.length }),
      field: "--proof",
      fix: say("error.proofParts.fix"),
    });
  }
  writeFileWhole(pathFrom(io.workingFolder, proofPath), proof);
  return found;
}
