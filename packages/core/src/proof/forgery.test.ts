import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { type TestHolder, testHolder } from "../ledger.testing.ts";
import type { Checkpoint } from "../log/checkpoint.ts";
import { cosignText } from "../log/cosignature.ts";
import { verifyInclusion } from "../log/inclusion.ts";
import { addSignatures, encodeNote, parseNote, signText } from "../log/note.ts";
import { ReferenceTree, turnBit } from "../log/reference.testing.ts";
import { emptyRoot, rootOf } from "../log/tree.ts";
import { retireOf, suspendOf } from "../operation/operation.testing.ts";
import { codeKey, holderKey, prefixKey, type StateKey } from "../state/key.ts";
import type { StateEntry } from "../state/view.ts";
import type { AsOf } from "./answer.ts";
import { type Bundle, encodeBundle, type SealedNote, type VersionProof } from "./bundle.ts";
import { signTestCheckpoint, TEST_ORIGIN, TEST_POLICY, testWitness } from "./checkpoint.testing.ts";
import { stateLeafHash } from "./leaf.ts";
import { type ProveOptions, proveAnswer, proveList } from "./prove.ts";
import {
  delegateTo,
  issueItems,
  issueMany,
  issueOne,
  NATION,
  type Snapshot,
  sealAlone,
  testRegistry,
  updateOne,
  verifyBytes,
} from "./registry.testing.ts";
import { type Run, STEP_BYTES } from "./run.ts";
import { buildStateTree } from "./state-tree.testing.ts";
import type { VerifyOptions } from "./verify.ts";
import { verifyList } from "./verify-list.ts";

// Goal: nothing that a lying server can put together is believed, and each lie is refused by its right name.
// Method: the server has every honest state up to now, with its proofs and signed checkpoints; it signs nothing.

const LAMPS = "MA.156.1301.02/60.10000000.1";
const lamp = (serial: string): Code => `${LAMPS}/${serial}` as Code;
const key = (serial: string): StateKey => codeKey(lamp(serial));

const city: TestHolder = testHolder("City", 2);
const thief: TestHolder = testHolder("Thief", 3);
const registry = testRegistry({ signs: false });
const { run, items } = registry;
run(NATION, delegateTo("MA.156.1301", city), delegateTo("MA.156.1302", thief));
run(city, ...["1", "3", "5", "7", "9"].map((serial) => issueOne(lamp(serial))));
run(city, issueMany(lamp("100"), 3, 50), issueMany(lamp("200"), 3, 50));
const BATCH = ["b1", "b3", "b5", "b7", "b9"].map(lamp);
const OTHER_BATCH = ["c1", "c3", "c5", "c7", "c9"].map(lamp);
run(city, issueItems(items, BATCH), issueItems(items, OTHER_BATCH));
run(city, updateOne(lamp("125")), updateOne(lamp("249")));
/** Before `6` was issued, and while `5` had one version. */
const old = registry.at();
run(city, issueOne(lamp("6")), suspendOf(lamp("5")));
run(city, updateOne(lamp("7")));
run(city, retireOf(lamp("5")));
run(NATION, delegateTo("MA.156.1303", thief));
const head = registry.at();

function honest(serial: string, options?: ProveOptions, snapshot: Snapshot = head): Bundle {
  return proveAnswer(snapshot.source, lamp(serial), snapshot, options);
}

/** A snapshot's checkpoint, as a bundle carries it. */
function sealedBy({ note, sealPath }: Snapshot): SealedNote {
  return { note, sealPath };
}

const seen = new Map();

/** What the verifier makes of a bundle, in one word. */
function verdict(bundle: Bundle, serial: string, options: Omit<VerifyOptions, "policy"> = {}): string {
  const answer = verifyBytes(encodeBundle(bundle), lamp(serial), { seen, ...options });
  return answer.ok ? answer.value.standing.kind : answer.failure.name;
}

function runOf(first: string, last: string = first, { source }: Snapshot = head): Run {
  return source.runOf(key(first), key(last));
}

const withRuns = (bundle: Bundle, ...runs: Run[]): Bundle => ({ ...bundle, runs });

/** The run with its entries changed, and its path left as it is. */
function withEntries(honestRun: Run, change: (entries: readonly StateEntry[]) => StateEntry[]): Run {
  return { ...honestRun, entries: change(honestRun.entries) };
}

describe("a server that lies about a record", () => {
  test("cannot change a byte of it", () => {
    const bundle = honest("1");
    const { value } = bundle.runs[0]!.entries[0]!;
    for (let bit = 0; bit < 8 * value.length; bit += 5) {
      const changed = withEntries(bundle.runs[0]!, ([entry]) => [
        { key: entry!.key, value: turnBit(value, bit) },
      ]);
      expect(verdict(withRuns(bundle, changed), "1"), `bit ${bit}`).toBe("run-invalid");
    }
  });

  test("cannot give another code's", () => {
    const bundle = honest("1");
    const other = head.source.get(key("7"))!;
    const swapped = withEntries(bundle.runs[0]!, () => [{ key: key("1"), value: other }]);
    expect(verdict(withRuns(bundle, swapped), "1")).toBe("run-invalid");
    expect(verdict(withRuns(bundle, runOf("7")), "1")).toBe("not-shown");
    const renamed = withEntries(runOf("7"), ([entry]) => [{ key: key("1"), value: entry!.value }]);
    expect(verdict(withRuns(bundle, renamed), "1")).toBe("run-invalid");
  });

  test("cannot give an old one to who has seen a newer checkpoint", () => {
    const bundle = honest("5", {}, old);
    const { height, timeMs } = head.checkpoint;
    expect(verdict(bundle, "5"), "who has seen nothing cannot tell").toBe("record");
    for (const notBefore of [
      { height },
      { timeMs },
      { height, timeMs },
      { height: old.checkpoint.height + 1 },
    ]) {
      expect(verdict(bundle, "5", { notBefore }), JSON.stringify(notBefore)).toBe("checkpoint-old");
    }
    const { height: oldHeight, timeMs: oldTimeMs } = old.checkpoint;
    expect(verdict(bundle, "5", { notBefore: { height: oldHeight, timeMs: oldTimeMs } })).toBe("record");
  });

  test("cannot give an old one under a new checkpoint", () => {
    expect(verdict({ ...honest("5", {}, old), ...sealedBy(head) }, "5")).toBe("run-invalid");
    const mixed = withRuns(honest("5"), runOf("5"), runOf("5", "5", old));
    expect(verdict(mixed, "5")).toBe("run-invalid");
    const entry = runOf("5", "5", old).entries;
    expect(verdict(withRuns(honest("5"), { entries: entry, path: runOf("5").path }), "5")).toBe(
      "run-invalid",
    );
  });
});

describe("a server that hides a code", () => {
  test("cannot take neighbours of an older state", () => {
    const bundle = honest("6", {}, old);
    expect(verdict(bundle, "6")).toBe("never-issued");
    expect(verdict(bundle, "6", { notBefore: { height: head.checkpoint.height } })).toBe("checkpoint-old");
    expect(verdict({ ...bundle, ...sealedBy(head) }, "6")).toBe("run-invalid");
    const [left] = runOf("5", "7", old).entries;
    const [, , right] = runOf("5", "7").entries;
    expect(
      verdict(withRuns(honest("6"), { entries: [left!, right!], path: runOf("5", "7").path }), "6"),
    ).toBe("run-invalid");
  });

  test("cannot take neighbours that are not adjacent", () => {
    const whole = runOf("5", "7");
    const [left, hidden, right] = whole.entries;
    const hash = stateLeafHash(hidden!.key, hidden!.value);
    const outer = { entries: [left!, right!], path: whole.path };
    expect(verdict(withRuns(honest("6"), outer), "6"), "dropped").toBe("run-invalid");
    expect(verdict(withRuns(honest("6"), runOf("5"), runOf("7")), "6"), "each alone").toBe("not-shown");
    expect(verdict(withRuns(honest("6"), runOf("1", "5"), runOf("7", "9")), "6"), "on both sides").toBe(
      "not-shown",
    );
    expect(verdict(withRuns(honest("6")), "6"), "nothing").toBe("not-shown");
    // The hidden leaf as a step, at every bit and on either side of the two that are shown.
    for (let step = 0; step < 2 * 8 * left!.key.length; step++) {
      const path = pathWith(whole.path, step, hash);
      expect(verdict(withRuns(honest("6"), { entries: [left!, right!], path }), "6"), `${step}`).toBe(
        "run-invalid",
      );
    }
  });

  test("cannot take a single neighbour for both, nor the tree's end for one", () => {
    for (const serial of ["5", "7", "9", "1"]) {
      expect(verdict(withRuns(honest("6"), runOf(serial)), "6"), serial).toBe("not-shown");
    }
    const { entries } = head.source;
    const ends = [
      head.source.tree.runOf(0, 1),
      head.source.tree.runOf(entries.length - 2, entries.length - 1),
    ];
    expect(verdict(withRuns(honest("6"), ...ends), "6")).toBe("not-shown");
    const cutLeft: Run = { entries: runOf("7").entries, path: sideOf(runOf("7"), 1) };
    expect(verdict(withRuns(honest("6"), cutLeft), "6"), "as if nothing were before").toBe("run-invalid");
    const cutRight: Run = { entries: runOf("5").entries, path: sideOf(runOf("5"), 0) };
    expect(verdict(withRuns(honest("6"), cutRight), "6"), "as if nothing were after").toBe("run-invalid");
  });

  test("cannot show the code before it in its place", () => {
    const bundle = honest("4");
    expect(verdict(bundle, "4")).toBe("never-issued");
    expect(verdict(bundle, "6")).toBe("not-shown");
    expect(verdict(honest("6"), "6")).toBe("record");
  });
});

describe("a server that says never issued of a code inside an interval", () => {
  test("cannot leave out the interval that the neighbour names", () => {
    for (const serial of ["126", "125.1", "148"]) {
      const bundle = honest(serial);
      expect(verdict(bundle, serial), "honest").toMatch(/in-range|never-issued/);
      expect(verdict(withRuns(bundle, bundle.runs[0]!), serial), serial).toBe("not-shown");
    }
  });

  test("cannot name another interval, nor show that there is none", () => {
    const [neighbours] = honest("126").runs;
    expect(verdict(withRuns(honest("126"), neighbours!, runOf("200")), "126"), "another").toBe("not-shown");
    const renamed = withEntries(runOf("200"), ([entry]) => [{ key: key("100"), value: entry!.value }]);
    expect(verdict(withRuns(honest("126"), neighbours!, renamed), "126"), "under its name").toBe(
      "run-invalid",
    );
    const [before, , after] = runOf("1", "125").entries;
    const absent = { entries: [before!, after!], path: runOf("1", "125").path };
    expect(verdict(withRuns(honest("126"), neighbours!, absent), "126"), "as if absent").toBe("run-invalid");
  });

  test("cannot shorten the interval", () => {
    const { value } = head.source.before(key("101"))!;
    for (let bit = 0; bit < 8 * value.length; bit += 3) {
      const bundle = honest("101");
      const changed = withEntries(bundle.runs[0]!, (entries) =>
        entries.map((entry) => (entry.key === key("100") ? { ...entry, value: turnBit(value, bit) } : entry)),
      );
      expect(verdict(withRuns(bundle, changed), "101"), `bit ${bit}`).toBe("run-invalid");
    }
  });

  test("cannot hide a record of one of the interval's codes behind the interval", () => {
    const bundle = honest("126");
    expect(verdict(bundle, "125"), "its own neighbours are shown, not the code").toBe("record");
    expect(verdict(withRuns(bundle, runOf("100")), "125")).toBe("not-shown");
    const skipped = withEntries(runOf("100", "200"), (entries) => entries.toSpliced(1, 1));
    expect(verdict(withRuns(bundle, skipped), "125")).toBe("run-invalid");
  });

  test("cannot take the neighbours' interval for one that reaches further", () => {
    // `249` ends its range: what follows is not in it, and the range itself has to be there to say so.
    const bundle = honest("2490");
    expect(verdict(bundle, "2490")).toBe("never-issued");
    expect(verdict(withRuns(bundle, bundle.runs[0]!), "2490")).toBe("not-shown");
  });
});

describe("a server that lies about a batch", () => {
  const root = (code: Code): Uint8Array => {
    const answer = verifyBytes(encodeBundle(proveAnswer(head.source, code, head)), code);
    if (!answer.ok || answer.value.standing.kind !== "in-batch") throw new Error(`${code} is in no batch`);
    return answer.value.standing.interval.root;
  };
  const proofAt = (index: number) => items.proofAt(root(BATCH[0]!), index);
  const otherAt = (index: number) => items.proofAt(root(OTHER_BATCH[0]!), index);
  const withItems = (bundle: Bundle, ...proofs: Bundle["items"]): Bundle => ({ ...bundle, items: proofs });

  test("cannot make a gap of items that are not adjacent", () => {
    expect(verdict(honest("b4"), "b4")).toBe("never-issued");
    for (const shown of [[0, 2], [0, 4], [1, 3], [0], [4], [1, 2], []]) {
      const bundle = withItems(honest("b5"), ...shown.filter((at) => at !== 2).map(proofAt));
      expect(verdict(bundle, "b5"), shown.join()).toBe("item-invalid");
    }
    expect(verdict(withItems(honest("b4"), proofAt(0), proofAt(2)), "b4")).toBe("item-invalid");
    expect(verdict(withItems(honest("b4"), proofAt(1), proofAt(3)), "b4")).toBe("item-invalid");
    expect(verdict(withItems(honest("b4"), proofAt(1), proofAt(1)), "b4")).toBe("item-invalid");
  });

  test("cannot take the batch's ends for neighbours", () => {
    for (const serial of ["b1", "b9"]) {
      for (const shown of [[], [1], [3], [1, 3]]) {
        const bundle = withItems(honest(serial), ...shown.map(proofAt));
        expect(verdict(bundle, serial), `${serial} with ${shown}`).toBe("item-invalid");
      }
    }
  });

  test("cannot move an item to another place, nor change it", () => {
    for (const [name, change] of Object.entries({
      "another index": { index: 2 },
      "an index beyond": { index: 5 },
      "the greatest index": { index: Number.MAX_SAFE_INTEGER },
      "another path": { path: proofAt(2).path },
      "no path": { path: [] },
      "a longer path": { path: [...proofAt(1).path, new Uint8Array(32)] },
      "a path of many hashes": { path: Array.from({ length: 100 }, () => new Uint8Array(32)) },
      "another item": { item: proofAt(3).item },
      "no item": { item: new Uint8Array(0) },
      "bytes that are no item": { item: new Uint8Array([0x83, 0, 0, 0]) },
      "a changed item": { item: turnBit(proofAt(1).item, 200) },
    })) {
      const changed = { ...proofAt(1), ...change };
      for (const serial of ["b3", "b4"]) {
        expect(verdict(withItems(honest("b4"), changed, proofAt(2)), serial), name).toBe("item-invalid");
      }
    }
  });

  test("may show more items than it has to, in any order", () => {
    for (const shown of [
      [2, 1],
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2, 4, 3],
      [4, 2, 3, 1, 0],
      [1, 1, 2, 2],
    ]) {
      expect(verdict(withItems(honest("b4"), ...shown.map(proofAt)), "b4"), shown.join()).toBe(
        "never-issued",
      );
    }
  });

  test("cannot take an item of another batch", () => {
    expect(verdict(withItems(honest("b4"), otherAt(1), otherAt(2)), "b4")).toBe("item-invalid");
    expect(verdict(withItems(honest("b4"), ...honest("b4").items, otherAt(1)), "b4")).toBe("item-invalid");
    expect(verdict(withItems(honest("c3"), proofAt(1)), "c3")).toBe("item-invalid");
  });

  test("cannot pass an inner node of the batch for an item", () => {
    const [sibling] = proofAt(0).path;
    const inner = new Uint8Array([...proofAt(0).item, ...sibling!]);
    expect(verdict(withItems(honest("b4"), { ...proofAt(0), item: inner }), "b4")).toBe("item-invalid");
  });
});

describe("a server that lies about the past", () => {
  const versionAt = (version: number, serial = "5"): VersionProof =>
    honest(serial, { asOf: { version } }).versions[0]!;
  const withVersions = (...versions: VersionProof[]): Bundle => ({ ...honest("5"), versions });
  const changes = [2, old.checkpoint.height + 1, head.checkpoint.height - 1];
  const at = (height: number): { readonly asOf: AsOf } => ({ asOf: { height } });

  test("cannot show a version of another time, older or newer", () => {
    expect(verdict(honest("5", at(changes[0]!)), "5", at(changes[0]!)), "honest").toBe("record");
    expect(verdict(withVersions(versionAt(2), versionAt(1)), "5", at(changes[0]!))).toBe("record");
    expect(verdict(withVersions(versionAt(1)), "5", at(changes[1]!)), "older").toBe("not-shown");
    expect(verdict(withVersions(versionAt(2)), "5", at(changes[0]!)), "newer").toBe("not-shown");
    expect(verdict(withVersions(), "5", at(changes[0]!)), "the newest alone").toBe("not-shown");
  });

  test("cannot show another version than the one that held, whichever it shows and in whatever order", () => {
    const code = lamp("v");
    const many = testRegistry({ signs: false });
    many.run(NATION, issueOne(code));
    for (let version = 2; version <= 6; version++) many.run(NATION, updateOne(code));
    const last = many.at();
    const proofs = [1, 2, 3, 4, 5].map(
      (version) => proveAnswer(last.source, code, last, { asOf: { version } }).versions[0]!,
    );
    const bundle = proveAnswer(last.source, code, last);
    let believed = 0;
    for (let chosen = 0; chosen < 32; chosen++) {
      const some = proofs.filter((_, index) => (chosen >> index) % 2 === 1);
      for (const versions of [
        some,
        some.toReversed(),
        [...some, ...some],
        [...some.slice(1), ...some.slice(0, 1)],
      ]) {
        const bytes = encodeBundle({ ...bundle, versions });
        for (let height = 0; height <= 6; height++) {
          const answer = verifyBytes(bytes, code, { seen, asOf: { height } });
          if (!answer.ok) continue;
          believed += 1;
          const { standing } = answer.value;
          const shown = standing.kind === "record" ? standing.record.version : standing.kind;
          expect(shown, `${chosen} at ${height}`).toBe(height === 0 ? "not-yet-issued" : height);
        }
      }
    }
    expect(believed, "some are believed, so that the test is about something").toBeGreaterThan(100);
  });

  test("cannot leave out the successor that says until when a version held", () => {
    expect(verdict(withVersions(versionAt(1)), "5", at(changes[0]!))).toBe("not-shown");
    const aTime = { asOf: { timeMs: registry.at(changes[0]!).checkpoint.timeMs } };
    expect(verdict(withVersions(versionAt(1)), "5", aTime)).toBe("not-shown");
    expect(verdict(withVersions(versionAt(2), versionAt(1)), "5", aTime)).toBe("record");
  });

  test("cannot say that it was not yet issued", () => {
    expect(verdict(honest("5", at(1)), "5", at(1)), "honest").toBe("not-yet-issued");
    expect(verdict(withVersions(versionAt(1)), "5", at(changes[0]!))).toBe("not-shown");
    expect(verdict(withVersions(versionAt(2)), "5", at(1)), "by a later version").toBe("not-shown");
    expect(verdict(withVersions(), "5", at(1)), "by none").toBe("not-shown");
  });

  test("cannot show a version that never was, nor another record's", () => {
    const one = versionAt(1);
    const seven = versionAt(1, "7");
    for (const [name, version] of Object.entries({
      "changed bytes": { ...one, bytes: turnBit(one.bytes, 50) },
      "another number's path": { ...one, path: versionAt(2).path },
      "a short path": { ...one, path: [] },
      "a long path": { ...one, path: [...one.path, new Uint8Array(32)] },
      "bytes that are no entry": { ...one, bytes: new Uint8Array([1, 2, 3]) },
      "no bytes": { ...one, bytes: new Uint8Array(0) },
      "another record's": { ...seven, key: key("5") },
      "the newest as an older one": { ...one, bytes: head.source.get(key("5"))! },
    })) {
      for (const asOf of [{ version: 1 }, { height: changes[0]! }]) {
        expect(verdict(withVersions(version), "5", { asOf }), name).toBe("version-invalid");
      }
    }
    expect(verdict(withVersions(seven), "5", { asOf: { version: 1 } }), "under its own key").toBe(
      "not-shown",
    );
  });

  test("cannot show versions of a record that has none", () => {
    const versions = [{ ...versionAt(1), key: key("1") }];
    expect(verdict({ ...honest("1"), versions }, "1", at(1))).toBe("version-invalid");
    expect(verdict({ ...honest("1"), versions }, "1", { asOf: { version: 2 } })).toBe("as-of-later");
    expect(verdict({ ...honest("1"), versions }, "1"), "which nobody asked for").toBe("record");
  });

  test("cannot answer for what comes after its checkpoint", () => {
    const { height, timeMs } = old.checkpoint;
    for (const asOf of [{ height: height + 1 }, { timeMs: timeMs + 1 }, { version: 2 }]) {
      expect(verdict(honest("5", {}, old), "5", { asOf }), JSON.stringify(asOf)).toBe("as-of-later");
    }
  });
});

describe("a server that lies about its checkpoint", () => {
  const bundle = honest("1");
  const reasonOf = (note: Uint8Array, known?: VerifyOptions["seen"]): string => {
    const options = known === undefined ? {} : { seen: known };
    const answer = verifyBytes(encodeBundle({ ...bundle, note }), lamp("1"), options);
    if (answer.ok) return "ok";
    expect(answer.failure.name).toBe("checkpoint-refused");
    return answer.failure.detail.split(",")[0]!;
  };
  const sign = (...witnesses: number[]) => signTestCheckpoint(head.checkpoint, witnesses);
  const parsed = parseNote(head.note);
  if (!parsed.ok) throw new Error("the test's own note is none");
  const { text, signatures } = parsed.value;

  test("cannot have it from fewer witnesses than the policy asks for", () => {
    expect(reasonOf(sign(1, 3))).toBe("ok");
    for (const witnesses of [[], [1], [3], [4, 5, 6], [1, 4], [1, 1], [2, 2, 2]]) {
      expect(reasonOf(sign(...witnesses)), `${witnesses}`).toBe("too-few-cosignatures");
    }
  });

  test("cannot count a witness twice", () => {
    const { name, seed } = testWitness(1);
    const twice = [1, 2, 3].map((time) => cosignText(text, name, seed, time));
    expect(reasonOf(encodeNote({ text, signatures: [signatures[0]!, ...twice] }))).toBe(
      "too-few-cosignatures",
    );
  });

  test("cannot take a stranger's key under a witness's name, nor a cosignature of another checkpoint", () => {
    const { name } = testWitness(2);
    const foreign = cosignText(text, name, testWitness(9).seed, 1);
    const honestOne = signatures[1]!;
    expect(reasonOf(encodeNote({ text, signatures: [signatures[0]!, honestOne, foreign] }))).toBe(
      "too-few-cosignatures",
    );
    const { keyId } = signatures[2]!;
    expect(
      reasonOf(encodeNote({ text, signatures: [...signatures.slice(0, 2), { ...foreign, keyId }] })),
    ).toBe("cosignature-invalid");
    const before = parseNote(old.note);
    const moved = before.ok ? before.value.signatures : [];
    expect(reasonOf(encodeNote({ text, signatures: [signatures[0]!, ...moved.slice(1)] }))).toBe(
      "cosignature-invalid",
    );
    expect(reasonOf(encodeNote({ text, signatures: moved }))).toBe("log-signature-invalid");
  });

  test("cannot take another log's, nor sign it itself", () => {
    const elsewhere = { ...head.checkpoint, origin: "registry.example/other" };
    expect(reasonOf(signTestCheckpoint(elsewhere))).toBe("wrong-origin");
    expect(reasonOf(signTestCheckpoint(head.checkpoint, [1, 2], testWitness(9).seed))).toBe(
      "log-signature-missing",
    );
    const self = signText(text, TEST_ORIGIN, testWitness(9).seed);
    const forged = { ...self, keyId: TEST_POLICY.logKeys[0]!.keyId };
    expect(reasonOf(encodeNote({ text, signatures: [forged, ...signatures.slice(1)] }))).toBe(
      "log-signature-invalid",
    );
    const witnessesOnly = encodeNote({ text, signatures: signatures.slice(1) });
    expect(reasonOf(witnessesOnly)).toBe("log-signature-missing");
  });

  test("cannot change its text, nor give what is none", () => {
    for (const [from, to] of [
      [`height=${head.checkpoint.height}`, `height=${head.checkpoint.height + 1}`],
      [`time=${head.checkpoint.timeMs}`, `time=${head.checkpoint.timeMs + 1000}`],
    ] as const) {
      const changed = encodeNote({ text: text.replace(from, to), signatures });
      expect(reasonOf(changed), from).toBe("log-signature-invalid");
    }
    expect(reasonOf(new Uint8Array(0))).toBe("malformed");
    expect(reasonOf(head.note.slice(0, -1))).toBe("malformed");
  });

  test("cannot make use of what the client remembers", () => {
    const known = new Map();
    expect(reasonOf(head.note, known)).toBe("ok");
    expect(known.size).toBe(1);
    expect(reasonOf(sign(1), known)).toBe("too-few-cosignatures");
    expect(reasonOf(turnBit(head.note, 8 * 60), known)).not.toBe("ok");
    expect(known.size, "only what met the policy is remembered").toBe(1);
    const more = encodeNote(
      addSignatures({ text, signatures }, [cosignText(text, "x", testWitness(9).seed, 1)]),
    );
    expect(reasonOf(more, known), "a stranger's line changes nothing").toBe("ok");
  });
});

/** The log itself takes part: it signs whatever it likes, and has every witness cosign trees that it did grow. */
describe("a log whose text says something else than its tree", () => {
  const nameOf = (bundle: Bundle, known?: VerifyOptions["seen"]): string => {
    const answer = verifyBytes(encodeBundle(bundle), lamp("1"), known === undefined ? {} : { seen: known });
    return answer.ok ? answer.value.standing.kind : answer.failure.name;
  };
  const signed = (changes: Partial<Checkpoint>): Uint8Array =>
    signTestCheckpoint({ ...head.checkpoint, ...changes }, [1, 2, 3]);
  /** A state in which another record stands under the code, proven as well as any. */
  const value = head.source.get(key("7"))!;
  const entries = head.source.entries.map((entry) => (entry.key === key("1") ? { ...entry, value } : entry));
  const place = entries.findIndex((entry) => entry.key === key("1"));
  const forged = buildStateTree(entries);
  const runs = [forged.runOf(place, place)];

  test("cannot name another state root than the sealed one", () => {
    const bundle = { ...honest("1"), runs, note: signed({ stateRoot: forged.root }) };
    expect(nameOf(bundle)).toBe("checkpoint-unsealed");
    expect(nameOf({ ...bundle, sealPath: [] })).toBe("checkpoint-unsealed");
    const sealed = sealAlone({ ...head.checkpoint, stateRoot: forged.root });
    expect(nameOf({ ...bundle, ...sealed }), "only a tree of its own vouches for it").toBe("record");
  });

  test("cannot name another height or time", () => {
    const { height, timeMs } = head.checkpoint;
    for (const changes of [{ height: height + 1 }, { height: 0 }, { timeMs: timeMs + 1 }]) {
      expect(nameOf({ ...honest("1"), note: signed(changes) }), JSON.stringify(changes)).toBe(
        "checkpoint-unsealed",
      );
    }
  });

  test("cannot show the seal of another height, which stands in the same tree", () => {
    const { height, timeMs, stateRoot } = old.checkpoint;
    const note = signed({ height, timeMs, stateRoot });
    const { sealPath } = honest("1");
    for (const path of [sealPath, old.sealPath]) {
      expect(nameOf({ ...honest("1", {}, old), note, sealPath: path })).toBe("checkpoint-unsealed");
    }
    const leaves = registry.leaves();
    const index = old.checkpoint.size - 1;
    const { length } = leaves;
    const path = new ReferenceTree(leaves).path(index, 0, length);
    const { logRoot } = head.checkpoint;
    const leaf = leaves[index]!;
    expect(verifyInclusion(leaf, { index, size: length, path }, logRoot), "it is there").toBe(true);
    expect(nameOf({ ...honest("1", {}, old), note, sealPath: path }), "but not last").toBe(
      "checkpoint-unsealed",
    );
  });

  test("cannot do without the path, nor with a longer, shorter or spoiled one", () => {
    const { sealPath } = honest("1");
    expect(sealPath.length).toBeGreaterThan(1);
    const spoiled = sealPath.with(0, turnBit(sealPath[0]!, 7));
    const paths = [
      [],
      sealPath.slice(1),
      sealPath.slice(0, -1),
      [...sealPath, sealPath[0]!],
      [sealPath[0]!, ...sealPath],
      sealPath.toReversed(),
      spoiled,
      Array.from({ length: 1000 }, () => sealPath[0]!),
    ];
    for (const [at, path] of paths.entries()) {
      expect(nameOf({ ...honest("1"), sealPath: path }), `path ${at}`).toBe("checkpoint-unsealed");
    }
  });

  test("cannot end its tree with the entry of a transaction, nor be empty", () => {
    const last = registry.leaves().slice(0, -1);
    const logRoot = rootOf(last);
    const path = new ReferenceTree(last).path(last.length - 1, 0, last.length);
    const cut = { ...honest("1"), note: signed({ size: last.length, logRoot }) };
    expect(nameOf({ ...cut, sealPath: path })).toBe("checkpoint-unsealed");
    const empty = signed({ size: 0, logRoot: emptyRoot() });
    for (const sealPath of [[], honest("1").sealPath]) {
      expect(nameOf({ ...honest("1"), note: empty, sealPath })).toBe("checkpoint-unsealed");
    }
  });

  test("is not remembered until its seal was shown", () => {
    const known = new Map();
    const unsealed = { ...honest("1"), runs, note: signed({ stateRoot: forged.root }) };
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(nameOf(unsealed, known)).toBe("checkpoint-unsealed");
      expect(known.size).toBe(0);
    }
    expect(nameOf({ ...honest("1"), sealPath: [] }, known)).toBe("checkpoint-unsealed");
    expect(known.size).toBe(0);
    expect(nameOf(honest("1"), known)).toBe("record");
    expect(known.size).toBe(1);
    expect(nameOf(unsealed, known)).toBe("checkpoint-unsealed");
  });

  test("cannot pass a list either", () => {
    const { bundle } = proveList(head.source, LAMPS as Code, head, { limit: 1000 });
    const options = { policy: TEST_POLICY };
    for (const change of [{ sealPath: [] }, { note: signed({ stateRoot: forged.root }) }]) {
      const part = verifyList(encodeBundle({ ...bundle, ...change }), LAMPS as Code, undefined, options);
      expect(part.ok ? "" : part.failure.name).toBe("checkpoint-unsealed");
    }
  });
});

describe("a server that lies about delegations", () => {
  const shownBy = (bundle: Bundle): readonly string[] | undefined => {
    const answer = verifyBytes(encodeBundle(bundle), lamp("1"));
    if (!answer.ok) throw new Error(answer.failure.name);
    return answer.value.delegations?.map(({ prefix }) => prefix);
  };
  const bundle = honest("1", { delegations: true });
  const keyOf = (prefix: string): StateKey => prefixKey(prefix as Code);
  const without = (hidden: StateKey, ...instead: Run[]): Bundle =>
    withRuns(
      bundle,
      ...bundle.runs.filter(({ entries }) => !entries.some((entry) => entry.key === hidden)),
      ...instead,
    );

  test("cannot hide a prefix: then they are not shown at all", () => {
    expect(shownBy(bundle)).toEqual(["MA.156", "MA.156.1301"]);
    expect(shownBy(without(keyOf("MA.156.1301")))).toBeUndefined();
    expect(shownBy(without(keyOf("MA.156")))).toBeUndefined();
    const nearby = head.source.runOf(keyOf("MA.156.1302"), keyOf("MA.156.1303"));
    expect(shownBy(without(keyOf("MA.156.1301"), nearby))).toBeUndefined();
  });

  test("cannot show a gap where a prefix is, nor one of the past", () => {
    const whole = head.source.runOf(keyOf("MA.156"), keyOf("MA.156.1302"));
    const gap = withEntries(whole, ([left, , right]) => [left!, right!]);
    const verdictOf = (forged: Bundle) => verdict(forged, "1");
    expect(verdictOf(without(keyOf("MA.156.1301"), gap))).toBe("run-invalid");
    const past = registry.at(0).source;
    expect(past.get(keyOf("MA.156.1301"))).toBeUndefined();
    const before = past.before(keyOf("MA.156.1301"))!.key;
    const after = past.after(keyOf("MA.156.1301"))!.key;
    expect(verdictOf(without(keyOf("MA.156.1301"), past.runOf(before, after)))).toBe("run-invalid");
  });

  test("cannot show a foreign holder", () => {
    const cityKey = holderKey(city.id);
    const thiefKey = holderKey(thief.id);
    const foreign = head.source.runOf(thiefKey, thiefKey);
    expect(shownBy(without(cityKey, foreign)), "beside").toBeUndefined();
    const renamed = withEntries(foreign, ([entry]) => [{ key: cityKey, value: entry!.value }]);
    expect(verdict(without(cityKey, renamed), "1"), "under the holder's key").toBe("run-invalid");
    const run_ = head.source.runOf(keyOf("MA.156.1301"), keyOf("MA.156.1301"));
    const stolen = withEntries(run_, ([entry]) => [
      { ...entry!, value: head.source.get(keyOf("MA.156.1302"))! },
    ]);
    expect(verdict(without(keyOf("MA.156.1301"), stolen), "1"), "with another's prefix").toBe("run-invalid");
  });
});

describe("a server that lies about a list", () => {
  const all = head.source.entries.filter((entry) =>
    entry.key.startsWith(codeKey(LAMPS as Code).slice(0, -1)),
  );
  const whole = proveList(head.source, LAMPS as Code, head, { limit: 1000 }).bundle;
  const listVerdict = (bundle: Bundle, after?: Code, prefix: string = LAMPS): string => {
    const part = verifyList(encodeBundle(bundle), prefix as Code, after, { policy: TEST_POLICY, seen });
    if (!part.ok) return part.failure.name;
    return part.value.isLast ? "complete" : "a part";
  };
  const [full] = whole.runs;

  test("cannot leave one code out, wherever it stands", () => {
    expect(listVerdict(whole)).toBe("complete");
    expect(full!.entries.length).toBe(all.length + 2);
    for (let at = 0; at < full!.entries.length; at++) {
      const left = withEntries(full!, (entries) => entries.toSpliced(at, 1));
      expect(listVerdict(withRuns(whole, left)), `${at} dropped`).toBe("run-invalid");
      const { key: hidden, value } = full!.entries[at]!;
      const hash = stateLeafHash(hidden, value);
      for (const side of [0, 1]) {
        const path = pathWith(full!.path, 2 * 100 + side, hash);
        // At the ends that is an honest run, which just does not reach as far.
        const name =
          at === 0
            ? /^(run-invalid|not-shown)$/
            : at > all.length
              ? /^(run-invalid|a part)$/
              : /^run-invalid$/;
        expect(listVerdict(withRuns(whole, { ...left, path })), `${at} as a step`).toMatch(name);
      }
    }
  });

  test("cannot cut it into runs that leave something out between them", () => {
    for (let at = 1; at < all.length - 1; at++) {
      const { entries } = full!;
      const first = head.source.runOf(entries[0]!.key, all[at - 1]!.key);
      const second = head.source.runOf(all[at + 1]!.key, entries[entries.length - 1]!.key);
      expect(listVerdict(withRuns(whole, first, second)), `${at}`).toBe("not-shown");
    }
  });

  test("cannot call complete what was cut short", () => {
    const { entries } = full!;
    for (let at = 1; at <= all.length; at++) {
      const short = head.source.runOf(entries[0]!.key, entries[at]!.key);
      expect(listVerdict(withRuns(whole, short)), `up to ${at}`).toBe("a part");
      const closed = { ...short, path: sideOf(short, 0) };
      expect(listVerdict(withRuns(whole, closed)), `closed at ${at}`).toBe("run-invalid");
      const joined = { entries: [...short.entries, entries[entries.length - 1]!], path: short.path };
      if (at < all.length)
        expect(listVerdict(withRuns(whole, joined)), `joined at ${at}`).toBe("run-invalid");
    }
  });

  test("cannot begin late, nor after another code than the one asked for", () => {
    const last = full!.entries[full!.entries.length - 1]!.key;
    for (let at = 0; at < all.length; at++) {
      const late = head.source.runOf(all[at]!.key, last);
      expect(listVerdict(withRuns(whole, late)), `from ${at}`).toBe("not-shown");
      const open = { ...late, path: sideOf(late, 1) };
      expect(listVerdict(withRuns(whole, open)), `as if first at ${at}`).toBe("run-invalid");
    }
    const after5 = proveList(head.source, LAMPS as Code, head, { limit: 1000, after: lamp("5") }).bundle;
    expect(listVerdict(after5, lamp("5"))).toBe("complete");
    for (const serial of ["1", "3", "4"]) expect(listVerdict(after5, lamp(serial)), serial).toBe("not-shown");
    expect(listVerdict(after5)).toBe("not-shown");
  });

  test("cannot pass another prefix's list, an empty stretch or an older state for it", () => {
    for (const other of ["MA.156.1302", "MA.156.1301.03", "MA.999", "MA.001", `${LAMPS}/5`]) {
      const { bundle } = proveList(head.source, other as Code, head, { limit: 1000 });
      expect(listVerdict(bundle), other).toBe("not-shown");
      expect(listVerdict(bundle, undefined, other), other).toBe("complete");
    }
    const past = proveList(old.source, LAMPS as Code, old, { limit: 1000 }).bundle;
    expect(listVerdict({ ...past, ...sealedBy(head) })).toBe("run-invalid");
    const notBefore = { height: head.checkpoint.height };
    const options = { policy: TEST_POLICY, notBefore };
    const part = verifyList(encodeBundle(past), LAMPS as Code, undefined, options);
    expect(part.ok ? "" : part.failure.name).toBe("checkpoint-old");
  });

  test("cannot show it by no run at all", () => {
    expect(listVerdict(withRuns(whole))).toBe("not-shown");
    expect(listVerdict(withRuns(whole, full!, full!))).toBe("not-shown");
  });
});

/** The steps of one side of a run's path alone. */
function sideOf({ path }: Run, side: number): Uint8Array {
  const kept: number[] = [];
  for (let at = 0; at < path.length; at += STEP_BYTES) {
    if (path[at + 1]! % 2 === side) kept.push(...path.subarray(at, at + STEP_BYTES));
  }
  return new Uint8Array(kept);
}

/** The path with one more step, where its bit and side put it. */
function pathWith(path: Uint8Array, step: number, hash: Uint8Array): Uint8Array {
  const steps = [new Uint8Array([step >> 8, step & 255, ...hash])];
  for (let at = 0; at < path.length; at += STEP_BYTES) steps.push(path.slice(at, at + STEP_BYTES));
  const orderOf = (step: Uint8Array): number => (step[0]! * 256 + step[1]!) ^ 1;
  return new Uint8Array(steps.sort((a, b) => orderOf(b) - orderOf(a)).flatMap((step) => [...step]));
}
