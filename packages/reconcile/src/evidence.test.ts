import { expect, test } from "vitest";
import { type Evidence, encodeEvidence, evidenceDigest } from "./evidence.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

const row = { number: 2, code: { system: "ma", value: "MA.156.1301" }, codes: [], names: [], place: "" };
const evidence: Evidence = {
  left: { file: "a.csv", sha256: "00".repeat(32), row },
  right: {
    file: "b.csv",
    sha256: "11".repeat(32),
    row: { ...row, names: [{ language: "zh", text: "石家庄市" }], point: { latitude: -1, longitude: 2 } },
  },
  settings: DEFAULT_SETTINGS,
  score: 700,
  reasons: [{ kind: "distance", left: "", right: "", metres: 12, points: 700, most: 1000 }],
  decision: { at: "2026-11-23T15:00:00Z", by: "registrar", step: 3 },
};

test("a document is the same bytes each time, and its digest changes with anything in it", () => {
  const digest = evidenceDigest(encodeEvidence(evidence));
  expect(digest).toBe(evidenceDigest(encodeEvidence(structuredClone(evidence))));
  const others: readonly Evidence[] = [
    { ...evidence, score: 701 },
    { ...evidence, reasons: [] },
    { ...evidence, decision: { ...evidence.decision, step: 4 } },
    { ...evidence, left: { ...evidence.left, sha256: "22".repeat(32) } },
    { ...evidence, right: evidence.left },
    { ...evidence, settings: { ...DEFAULT_SETTINGS, radiusMetres: 1 } },
  ];
  const digests = [digest, ...others.map((one) => evidenceDigest(encodeEvidence(one)))];
  expect(new Set(digests).size).toBe(digests.length);
});
