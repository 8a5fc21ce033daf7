import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Matching, Proposal } from "@cityroot/reconcile/match";
import type { Reason } from "@cityroot/reconcile/reason";
import { writeFileWhole } from "../registry/write-file.ts";
import type { Deed } from "./step.ts";

/** What a matching found, as it lies in a workbench. */
export type Proposals = {
  readonly proposals: readonly Proposal[];
  readonly unmatched: Matching["unmatched"];
};

/** Nothing was proposed yet. */
export const NO_PROPOSALS: Proposals = { proposals: [], unmatched: { left: [], right: [] } };

type ReasonRow = readonly [Reason["kind"], string, string, number | null, number, number];

/** Writes what a matching found: one line for the unmatched rows, then one for each pair. Gives the SHA-256 of the file, in hex. */
export function writeProposals(folder: string, file: string, { proposals, unmatched }: Proposals): string {
  const parts = [Buffer.from(`${JSON.stringify({ unmatched })}\n`)];
  for (let at = 0; at < proposals.length; at += PART_PAIRS) {
    parts.push(
      Buffer.from(
        proposals
          .slice(at, at + PART_PAIRS)
          .map(lineOf)
          .join(""),
      ),
    );
  }
  const bytes = Buffer.concat(parts);
  writeFileWhole(join(folder, file), bytes, 0o600);
  return createHash("sha256").update(bytes).digest("hex");
}

/** Pairs that are made into text at once. */
const PART_PAIRS = 4_096;

function lineOf({ left, right, kind, score, reasons }: Proposal): string {
  const rows = reasons.map(
    (one): ReasonRow => [one.kind, one.left, one.right, one.metres ?? null, one.points, one.most],
  );
  return `${JSON.stringify([left, right, kind, score, rows])}\n`;
}

/** Reads it again; undefined where the file is not what the journal says. */
export function readProposals(
  folder: string,
  deed: Deed & { readonly kind: "propose" },
): Proposals | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(join(folder, deed.file));
  } catch {
    return undefined;
  }
  if (createHash("sha256").update(bytes).digest("hex") !== deed.sha256) return undefined;
  const [head = "{}", ...lines] = Buffer.from(bytes).toString("utf8").trimEnd().split("\n");
  const { unmatched } = JSON.parse(head) as Pick<Proposals, "unmatched">;
  return { unmatched, proposals: lines.map(proposalOf) };
}

function proposalOf(line: string): Proposal {
  const [left, right, kind, score, rows] = JSON.parse(line) as [
    number,
    number,
    Proposal["kind"],
    number,
    readonly ReasonRow[],
  ];
  const reasons = rows.map(([of, a, b, metres, points, most]): Reason => {
    const reason = { kind: of, left: a, right: b, points, most };
    return metres === null ? reason : { ...reason, metres };
  });
  return { left, right, kind, score, reasons };
}
