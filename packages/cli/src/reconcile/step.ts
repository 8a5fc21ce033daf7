import type { RowPair } from "@cityroot/reconcile/match";
import type { Reason } from "@cityroot/reconcile/reason";
import type { Settings } from "@cityroot/reconcile/settings";

/** A pair that was judged for itself, since no matching had proposed it. */
export type JudgedPair = RowPair & { readonly score: number; readonly reasons: readonly Reason[] };

/** What was done to a workbench. */
export type Deed =
  | { readonly kind: "open"; readonly left: string; readonly right: string }
  | {
      readonly kind: "propose";
      /** Name of the file of proposals in the folder, and SHA-256 of its bytes in hex. */
      readonly file: string;
      readonly sha256: string;
      readonly settings: Settings;
      readonly counts: { readonly [what: string]: number };
    }
  | {
      readonly kind: "confirm" | "refuse";
      /** The step whose proposals were decided on; 0 where there were none. */
      readonly proposals: number;
      /** Left and right numbers of rows. */
      readonly pairs: readonly (readonly [left: number, right: number])[];
      /** Pairs among them that those proposals do not hold. */
      readonly judged: readonly JudgedPair[];
    }
  | { readonly kind: "undo"; readonly step: number };

/** A line of the journal. */
export type Step = {
  /** From 1, without gaps. */
  readonly step: number;
  /** By the operator's clock, RFC 3339. */
  readonly at: string;
  /** Who, as the operator's machine or `--by` says. */
  readonly by: string;
  readonly deed: Deed;
};

/** How a pair stands, and by which step. */
export type Decision = { readonly kind: "confirmed" | "refused"; readonly step: Step };

/** What all steps together come to. */
export type Standing = {
  readonly steps: readonly Step[];
  /** Steps that were undone and not redone. */
  readonly undone: ReadonlySet<number>;
  /** By {@link pairId}. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** The step of the newest proposals, where there are any. */
  readonly proposals: Step | undefined;
};

/** A pair by the numbers of its rows, as people type it. */
export function pairId({ left, right }: RowPair): string {
  return `${left}-${right}`;
}

/** The pair of an id; undefined where it is none. */
export function parsePairId(text: string): RowPair | undefined {
  const found = /^([1-9][0-9]{0,9})-([1-9][0-9]{0,9})$/.exec(text.normalize("NFKC").trim());
  return found === null ? undefined : { left: Number(found[1]), right: Number(found[2]) };
}

/** What steps come to: later decisions over earlier ones, without those undone. An undoing can be undone. */
export function standingOf(steps: readonly Step[]): Standing {
  const undone = new Set<number>();
  for (let at = steps.length - 1; at >= 0; at--) {
    const { step, deed } = steps[at]!;
    if (deed.kind === "undo" && !undone.has(step)) undone.add(deed.step);
  }
  const decisions = new Map<string, Decision>();
  let proposals: Step | undefined;
  for (const step of steps) {
    const { deed } = step;
    if (undone.has(step.step)) continue;
    if (deed.kind === "propose") proposals = step;
    if (deed.kind !== "confirm" && deed.kind !== "refuse") continue;
    const kind = deed.kind === "confirm" ? "confirmed" : "refused";
    for (const [left, right] of deed.pairs) decisions.set(pairId({ left, right }), { kind, step });
  }
  return { steps, undone, decisions, proposals };
}

/** Two confirmed pairs with a row in common. */
export type Clash = {
  readonly side: "left" | "right";
  readonly row: number;
  readonly ids: readonly [string, string];
};

/** The first row that two pairs confirm, where there is one: a thing is one thing. */
export function clashOf(decisions: Standing["decisions"]): Clash | undefined {
  const taken = { left: new Map<number, string>(), right: new Map<number, string>() };
  for (const [id, { kind }] of decisions) {
    if (kind !== "confirmed") continue;
    const pair = parsePairId(id)!;
    for (const side of ["left", "right"] as const) {
      const before = taken[side].get(pair[side]);
      if (before !== undefined) return { side, row: pair[side], ids: [before, id] };
      taken[side].set(pair[side], id);
    }
  }
  return undefined;
}
