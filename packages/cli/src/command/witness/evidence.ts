import { printVerifierKey, signaturesOf } from "@cityroot/core/log/note";
import { parseTreeHead } from "@cityroot/core/log/tree-head";
import { type Evidence, isFork, readEvidence, readEvidenceFile } from "@cityroot/node/witness/evidence";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { witnessToRead } from "../../registry/witness-home.ts";
import { printable } from "../../terminal/printable.ts";
import type { TextKey } from "../../text/say.ts";

const VERDICTS: { readonly [verdict in Evidence["verdict"]]: TextKey } = {
  "two-roots": "witness.verdict.two-roots",
  "other-beginning": "witness.verdict.other-beginning",
  unproven: "witness.verdict.unproven",
  unsigned: "witness.verdict.unsigned",
};

export const command: CommandDefinition = {
  arguments: [{ name: "[files...]", text: "argument.evidenceFiles" }],
  examples: ["cityroot witness evidence --home witness", "cityroot witness evidence fork.json --json"],
  run: async (context, input) => {
    const { say, colors, io } = context;
    const files = input.argumentList("files");
    const found =
      files.length === 0
        ? readFiles(context, () => readEvidence(witnessToRead(context).evidenceFolder))
        : readFiles(context, () => files.map((file) => readEvidenceFile(pathFrom(io.workingFolder, file))));
    for (const evidence of found) {
      const { file, origin, timeMs, verdict } = evidence;
      const [cosigned, submitted] = sizesOf(evidence);
      const time = new Date(timeMs).toISOString();
      const signers = signersOf(evidence);
      const fork = isFork(verdict);
      context.show({ file, origin, time, verdict, fork, cosigned, submitted, signers }, () => [
        fork
          ? colors.red(say("witness.fork", { origin: printable(origin) }))
          : say("witness.noFork", { origin: printable(origin) }),
        ...context.facts([
          [say("witness.fact.shows"), say(VERDICTS[verdict])],
          [say("witness.fact.sizes"), say("witness.sizes", { cosigned, submitted })],
          [say("witness.fact.signers"), signers.join(", ")],
          [say("witness.fact.time"), time],
          [say("witness.fact.file"), file],
        ]),
      ]);
    }
    if (found.length === 0 && !context.json) context.show({}, () => say("witness.noEvidence"));
    return found.some(({ verdict }) => isFork(verdict)) ? EXIT.verification : EXIT.ok;
  },
};

/** Sizes of the two checkpoints: of the one that was cosigned, and of the one that came after. */
function sizesOf({ conflict: { cosigned, submitted } }: Evidence): readonly [number, number] {
  const sizeOf = (text: string): number => {
    const head = parseTreeHead(text);
    return head.ok ? head.value.size : 0;
  };
  return [sizeOf(cosigned.text), sizeOf(submitted.text)];
}

/** Keys of the log that signed the checkpoint that came after: in a network, whose node it was. */
function signersOf({ conflict: { keys, submitted } }: Evidence): readonly string[] {
  return keys.filter((key) => signaturesOf(submitted, key).length > 0).map(printVerifierKey);
}

function readFiles({ say }: Context, read: () => readonly Evidence[]): readonly Evidence[] {
  try {
    return read();
  } catch (cause) {
    // What cannot be read at all says so itself.
    if (cause instanceof CommandFailure || (cause as NodeJS.ErrnoException).code !== undefined) throw cause;
    throw new CommandFailure(
      {
        code: "EVIDENCE_MALFORMED",
        exit: "usage",
        detail: (cause as Error).message,
        field: "files",
        expected: say("error.evidence.expected"),
      },
      { cause },
    );
  }
}
