import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publicKeyOf } from "../key/ed25519.ts";
import { encodeAddCheckpoint } from "./add-checkpoint.ts";
import { cosignText } from "./cosignature.ts";
import { addSignatures, makeVerifierKey, SIGNATURE_TYPES, signText, type VerifierKey } from "./note.ts";
import { signedLog } from "./signed-log.testing.ts";
import { emptyRoot } from "./tree.ts";
import type { TreeHead } from "./tree-head.ts";
import { readSubmission, refuseSubmission } from "./witness.ts";

const log = signedLog(40);
const fork = signedLog(40, { forkAt: 5, history: " of another history" });
const keysOf = (origin: string): readonly VerifierKey[] | undefined =>
  origin === "log.example/a" ? [log.key] : undefined;

function submit(
  from: typeof log,
  oldSize: number,
  size: number,
  path = oldSize <= size ? from.pathOf(oldSize, size) : [],
) {
  return readSubmission(encodeAddCheckpoint({ oldSize, path, note: from.noteAt(size) }), keysOf);
}

function headOf(from: typeof log, size: number): TreeHead {
  return { origin: "log.example/a", size, root: from.rootAt(size) };
}

/** The status that a request gets after `latest`; 200 when it may be cosigned. */
function statusOf(verdict: ReturnType<typeof submit>, latest?: TreeHead): number {
  if (!verdict.ok) return verdict.status;
  return refuseSubmission(verdict.submission, latest)?.status ?? 200;
}

describe("without state", () => {
  test("a request is malformed, of an unknown log, or not signed by the log", () => {
    expect(readSubmission(new Uint8Array(0), keysOf)).toMatchObject({ status: 400 });
    expect(statusOf(submit(signedLog(4, { origin: "log.example/b" }), 0, 4))).toBe(404);
    expect(statusOf(submit(signedLog(4, { seed: 2 }), 0, 4))).toBe(403);
    const note = log.noteAt(4);
    const [good] = note.signatures;
    const bad = { ...good!, signature: good!.signature.map((byte) => byte ^ 1) };
    for (const signatures of [[bad], [good!, bad], [bad, good!]]) {
      const bytes = encodeAddCheckpoint({ oldSize: 0, path: [], note: { text: note.text, signatures } });
      expect(readSubmission(bytes, keysOf)).toMatchObject({ status: 403 });
    }
    expect(readSubmission(encodeAddCheckpoint({ oldSize: 9, path: [], note }), keysOf)).toMatchObject({
      status: 400,
      fault: { field: "old", expected: "at most the checkpoint's size 4", got: "9" },
    });
  });

  test("a text that is no checkpoint is malformed, whoever signed it", () => {
    const text = "log.example/a\nmany\n";
    const note = { text, signatures: [signText(text, "log.example/a", new Uint8Array(32).fill(1))] };
    const bytes = encodeAddCheckpoint({ oldSize: 0, path: [], note });
    expect(readSubmission(bytes, keysOf)).toMatchObject({ status: 400, fault: { field: "checkpoint" } });
  });

  test("signatures of other keys are passed over and left out", () => {
    const seed = new Uint8Array(32).fill(9);
    const own = log.noteAt(4);
    const note = addSignatures(own, [
      signText(`${own.text}x`, "stranger", seed),
      cosignText(own.text, "w", seed, 1),
    ]);
    const verdict = readSubmission(encodeAddCheckpoint({ oldSize: 0, path: [], note }), keysOf);
    expect(verdict).toMatchObject({ ok: true, submission: { note: log.noteAt(4) } });
  });

  test("a log may have several keys, of either type", () => {
    const seed = new Uint8Array(32).fill(3);
    const second = makeVerifierKey("log.example/a", SIGNATURE_TYPES.cosignature, publicKeyOf(seed));
    const { text } = log.noteAt(4);
    const note = { text, signatures: [cosignText(text, "log.example/a", seed, 1)] };
    const bytes = encodeAddCheckpoint({ oldSize: 0, path: [], note });
    expect(readSubmission(bytes, () => [log.key, second])).toMatchObject({ ok: true, submission: { note } });
    expect(readSubmission(bytes, () => [log.key])).toMatchObject({ status: 403 });
  });
});

describe("after what was cosigned", () => {
  test("the first checkpoint is taken from size 0 alone", () => {
    expect(statusOf(submit(log, 0, 7))).toBe(200);
    expect(statusOf(submit(log, 0, 0))).toBe(200);
    expect(refuseSubmission({ oldSize: 3, path: [], head: headOf(log, 7) }, undefined)).toEqual({
      ok: false,
      status: 409,
      size: 0,
    });
    expect(statusOf(submit(log, 0, 7, log.pathOf(3, 7)))).toBe(422);
  });

  test("an empty log has the root of no leaves", () => {
    const head = { origin: "log.example/a", size: 0, root: log.rootAt(1) };
    expect(refuseSubmission({ oldSize: 0, path: [], head }, undefined)).toMatchObject({ status: 422 });
    expect(refuseSubmission({ oldSize: 0, path: [], head: { ...head, root: emptyRoot() } }, undefined)).toBe(
      undefined,
    );
  });

  test("every pair of sizes: taken when it continues, 409 from another size, 422 from another history", () => {
    for (let latest = 0; latest <= 12; latest++) {
      for (let oldSize = 0; oldSize <= 14; oldSize++) {
        for (let size = oldSize; size <= 14; size++) {
          const about = `latest ${latest}, old ${oldSize}, size ${size}`;
          const statusFor = (from: typeof log) => {
            const path = from.pathOf(oldSize, size);
            const request = { oldSize, path, head: headOf(from, size) };
            return refuseSubmission(request, headOf(log, latest))?.status ?? 200;
          };
          const expected = oldSize === latest ? 200 : 409;
          expect(statusFor(log), about).toBe(expected);
          // Up to five leaves the two histories are one.
          const forked = expected === 200 && latest > 5 ? 422 : expected;
          expect(statusFor(fork), `${about} of the fork`).toBe(forked);
        }
      }
    }
  });

  test("no order of requests makes a witness cosign two roots of one size, or go back", () => {
    const request = fc.record({
      forked: fc.boolean(),
      size: fc.nat(40),
      old: fc.option(fc.nat(40), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 60 }), (requests) => {
        let latest: TreeHead | undefined;
        const roots = new Map<number, Uint8Array>();
        for (const { forked, size, old } of requests) {
          const from = forked ? fork : log;
          const oldSize = old ?? latest?.size ?? 0;
          const verdict = submit(from, oldSize, size);
          if (!verdict.ok || refuseSubmission(verdict.submission, latest) !== undefined) continue;
          const { head } = verdict.submission;
          expect(head.size, "never back").toBeGreaterThanOrEqual(latest?.size ?? 0);
          expect(roots.get(head.size) ?? head.root, `root of size ${head.size}`).toEqual(head.root);
          roots.set(head.size, head.root);
          latest = head;
        }
      }),
      { numRuns: 30 },
    );
  });
});
