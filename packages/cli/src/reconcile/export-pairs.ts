import { encodeEvidence, evidenceDigest } from "@cityroot/reconcile/evidence";
import { canonicalOf } from "@cityroot/reconcile/prepared";
import type { Reason } from "@cityroot/reconcile/reason";
import type { Row } from "@cityroot/reconcile/row";
import { DEFAULT_SETTINGS } from "@cityroot/reconcile/settings";
import type { Bench } from "./bench.ts";
import { csvLine, forPeople } from "./csv-text.ts";
import type { PairItem } from "./item.ts";

/** A confirmed pair with all that it rests on. */
export type ConfirmedPair = {
  readonly item: PairItem;
  readonly left: Row;
  readonly right: Row;
  readonly document: Uint8Array;
  /** SHA-256 of the document, in hex. */
  readonly digest: string;
};

/** The confirmed pairs, in the order of their left rows, with their evidence. */
export async function confirmedPairs(bench: Bench): Promise<readonly ConfirmedPair[]> {
  const items = bench.items().pairs.filter(({ kind }) => kind === "confirmed");
  if (items.length === 0) return [];
  const [left, right] = [await bench.rowsOf("left"), await bench.rowsOf("right")];
  return items
    .map((item) => confirmedPair(bench, item, left.get(item.left)!, right.get(item.right)!))
    .sort((a, b) => a.item.left - b.item.left);
}

/** The evidence of one confirmed pair. */
export function confirmedPair(bench: Bench, item: PairItem, left: Row, right: Row): ConfirmedPair {
  const { workbench } = bench;
  const { step } = item.decision!;
  const proposals = step.deed.kind === "confirm" ? step.deed.proposals : 0;
  const proposed = bench.standing().steps[proposals - 1]?.deed;
  const document = encodeEvidence({
    left: { file: workbench.left.file, sha256: workbench.left.sha256, row: left },
    right: { file: workbench.right.file, sha256: workbench.right.sha256, row: right },
    settings: proposed?.kind === "propose" ? proposed.settings : DEFAULT_SETTINGS,
    score: item.score,
    reasons: item.reasons,
    decision: { at: step.at, by: step.by, step: step.step },
  });
  return { item, left, right, document, digest: evidenceDigest(document) };
}

const PAIR_COLUMNS = [
  ...["pair", "left_system", "left_code", "left_name", "right_system", "right_code", "right_name"],
  ...["score", "reasons", "confirmed_at", "confirmed_by", "evidence"],
];

/** The table of pairs for people. */
export function* pairLines(pairs: readonly ConfirmedPair[]): Generator<string> {
  yield csvLine(PAIR_COLUMNS);
  for (const { item, left, right, digest } of pairs) {
    const { at, by } = item.decision!.step;
    const values = [
      ...[item.id, left.code.system, left.code.value, firstName(left)],
      ...[
        right.code.system,
        right.code.value,
        firstName(right),
        String(item.score),
        reasonsText(item.reasons),
      ],
      ...[at, by, digest],
    ];
    yield csvLine(values.map(forPeople));
  }
}

/** The documents: a line for each, its digest and its bytes in base64. */
export function* evidenceLines(pairs: readonly ConfirmedPair[]): Generator<string> {
  for (const { item, document, digest } of pairs) {
    yield `${JSON.stringify({ digest, pair: item.id, document: Buffer.from(document).toString("base64") })}\n`;
  }
}

/** What a claim of each pair says. */
export type ClaimSettings = {
  /** The side whose codes are MA codes. */
  readonly target: "left" | "right";
  /** Coding system of the other side's codes. */
  readonly system: string;
  /** The prefix that claims; empty: whoever takes the table says. */
  readonly claimant: string;
  readonly relation: string;
  /** Days of RFC 3339, or empty. */
  readonly from: string;
  readonly until: string;
};

const CLAIM_COLUMNS = ["claimant", "system", "value", "relation", "target", "evidence", "from", "until"];

/** The table of claims, which `alias claim --file` takes. */
export function* claimLines(pairs: readonly ConfirmedPair[], settings: ClaimSettings): Generator<string> {
  yield csvLine(CLAIM_COLUMNS);
  const { target, system, claimant, relation, from, until } = settings;
  for (const pair of pairs) {
    const other = target === "left" ? pair.right : pair.left;
    const { value } = canonicalOf({ system, value: other.code.value });
    yield csvLine([claimant, system, value, relation, pair[target].code.value, pair.digest, from, until]);
  }
}

/** Reasons as one text: `name +812, distance +320 (12 m), number -300`. */
export function reasonsText(reasons: readonly Reason[]): string {
  return reasons
    .map(({ kind, points, metres }) => {
      const far = metres === undefined || kind === "far" ? "" : ` (${metres} m)`;
      return `${kind} ${points < 0 ? "" : "+"}${points}${far}`;
    })
    .join(", ");
}

export function firstName({ names }: Row): string {
  return names[0]?.text ?? "";
}
