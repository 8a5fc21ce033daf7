import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Conflict, judgeConflict, readConflict, writeConflict } from "./conflict.ts";
import { LOG_KEYS_MAX } from "./log-signatures.ts";
import { signedLog } from "./signed-log.testing.ts";

const SIZE = 14;
const FORK_AT = 5;
const log = signedLog(SIZE);
const fork = signedLog(SIZE, { forkAt: FORK_AT, history: " of another history" });
const keys = [log.key];

function conflictOf(a: typeof log, oldSize: number, b: typeof log, newSize: number): Conflict {
  return {
    keys,
    cosigned: a.noteAt(oldSize),
    submitted: b.noteAt(newSize),
    path: b.pathOf(oldSize, newSize),
  };
}

describe("a conflict", () => {
  test("of every pair of sizes shows a fork where there is one, and never where there is none", () => {
    for (let old = 1; old <= SIZE; old++) {
      for (let size = old; size <= SIZE; size++) {
        const about = `${old} to ${size}`;
        expect(judgeConflict(conflictOf(log, old, log, size)), about).toBe("unproven");
        const isPower = Number.isInteger(Math.log2(old));
        const shown =
          old <= FORK_AT ? "unproven" : old === size ? "two-roots" : isPower ? "unproven" : "other-beginning";
        const conflict = conflictOf(log, old, fork, size);
        expect(judgeConflict(conflict), `${about} of the fork`).toBe(shown);
        const { cosigned, submitted } = conflict;
        const turned = { ...conflict, cosigned: submitted, submitted: cosigned };
        expect(judgeConflict(turned), `${about} the other way about`).toBe(shown);
      }
    }
  });

  test("of one history is never shown as a fork by a proof that somebody made up", () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const sizes = fc.tuple(fc.integer({ min: 1, max: SIZE }), fc.integer({ min: 1, max: SIZE }));
    fc.assert(
      fc.property(sizes, fc.array(hash, { maxLength: 8 }), fc.nat(8), fc.nat(8), ([a, b], made, at, from) => {
        const [old, size] = a < b ? [a, b] : [b, a];
        const conflict = conflictOf(log, old, log, size);
        expect(judgeConflict({ ...conflict, path: made })).toBe("unproven");
        const mixed = [...conflict.path];
        mixed.splice(at, from, ...made);
        expect(judgeConflict({ ...conflict, path: mixed })).toBe("unproven");
      }),
    );
  });

  test("between checkpoints that the log did not sign is none", () => {
    const other = signedLog(SIZE, { seed: 2, forkAt: FORK_AT, history: "!" });
    expect(judgeConflict(conflictOf(log, 9, other, 9))).toBe("unsigned");
    const elsewhere = signedLog(SIZE, { origin: "log.example/b", forkAt: FORK_AT, history: "!" });
    const conflict = conflictOf(log, 9, elsewhere, 9);
    expect(judgeConflict({ ...conflict, keys: [log.key, elsewhere.key] })).toBe("unsigned");
    expect(judgeConflict({ ...conflict, keys: [] })).toBe("unsigned");
  });

  test("is read as it was written", () => {
    const conflict = conflictOf(log, 9, fork, 14);
    const json = JSON.parse(JSON.stringify(writeConflict(conflict)));
    expect(readConflict(json)).toEqual({ ok: true, value: conflict });
  });

  test.each([
    [null, "conflict"],
    [{}, "keys"],
    [{ keys: ["x"] }, "keys[0]: verifier key"],
    [{ keys: [1] }, "keys[0]"],
    [{ keys: Array(LOG_KEYS_MAX + 1).fill("x") }, "keys"],
    [{ keys: [], proof: ["x"] }, "proof[0]: hash"],
    [{ keys: [], proof: [] }, "cosigned"],
    [{ keys: [], proof: [], cosigned: "x" }, "cosigned: note"],
  ])("is refused where it is malformed: %j", (json, field) => {
    expect(readConflict(json)).toMatchObject({ ok: false, fault: { field } });
  });
});
