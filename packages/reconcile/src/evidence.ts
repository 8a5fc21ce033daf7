import { type CborValue, encodeCbor } from "@cityroot/core/cbor";
import { sha256 } from "@cityroot/core/hash";
import { bytesToHex } from "@cityroot/core/hex";
import type { Reason } from "./reason.ts";
import type { Row } from "./row.ts";
import type { Settings } from "./settings.ts";

/** The list that a row is of. */
export type EvidenceSource = {
  /** The file's name, without its folder. */
  readonly file: string;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
};

/** What a confirmed pair rests on. */
export type Evidence = {
  readonly left: EvidenceSource & { readonly row: Row };
  readonly right: EvidenceSource & { readonly row: Row };
  readonly settings: Settings;
  readonly score: number;
  readonly reasons: readonly Reason[];
  /** When it was confirmed, an instant of RFC 3339, and by whom, as the workbench was told. */
  readonly decision: { readonly at: string; readonly by: string; readonly step: number };
};

const FORMAT = "cityroot-evidence/1";

/**
 * The one document for a pair: deterministic CBOR, lists with fixed places. Whoever has both files and this can see
 * everything that the decision rested on.
 */
export function encodeEvidence({ left, right, settings, score, reasons, decision }: Evidence): Uint8Array {
  const { scoreMin, marginMin, radiusMetres } = settings;
  return encodeCbor([
    FORMAT,
    sideValue(left),
    sideValue(right),
    [scoreMin, marginMin, radiusMetres],
    score,
    reasons.map((reason) => [
      reason.kind,
      reason.left,
      reason.right,
      reason.metres ?? null,
      reason.points,
      reason.most,
    ]),
    [decision.at, decision.by, decision.step],
  ]);
}

function sideValue({ file, sha256: digest, row }: Evidence["left"]): CborValue {
  const { number, code, codes, names, place, point } = row;
  return [
    file,
    digest,
    number,
    [code.system, code.value],
    codes.map(({ system, value }) => [system, value]),
    names.map(({ language, text }) => [language, text]),
    place,
    point === undefined ? null : [point.latitude, point.longitude],
  ];
}

/** What a claim names: SHA-256 of the document, in hex. */
export function evidenceDigest(document: Uint8Array): string {
  return bytesToHex(sha256(document));
}
