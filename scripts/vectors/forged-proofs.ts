// What a lying server could send: each with the one change that makes it a lie.
import type { Checkpoint } from "@cityroot/core/log/checkpoint";
import { cosignText } from "@cityroot/core/log/cosignature";
import { proveInclusion } from "@cityroot/core/log/inclusion";
import { encodeNote, parseNote } from "@cityroot/core/log/note";
import { emptyRoot, type HashAt, rootOf } from "@cityroot/core/log/tree";
import type { Bundle } from "@cityroot/core/proof/bundle";
import { signTestCheckpoint, testWitness } from "@cityroot/core/proof/checkpoint.testing";
import { sealAlone } from "@cityroot/core/proof/registry.testing";
import { type Run, STEP_BYTES } from "@cityroot/core/proof/run";
import { buildStateTree } from "@cityroot/core/proof/state-tree.testing";
import { encodeVersioned } from "@cityroot/core/state/entry";
import { firstVersion } from "@cityroot/core/state/history";
import { codeKey } from "@cityroot/core/state/key";
import type { MadeCase } from "./make-proofs.ts";
import type { ProofQuestion } from "./proof-case.ts";
import { HEAD, honest, lamp, OLD, registry, runOf, sealedBy } from "./proof-world.ts";

const withRuns = (bundle: Bundle, ...runs: readonly Run[]): Bundle => ({ ...bundle, runs });

function about(name: string, serial: string, bundle: Bundle, question: ProofQuestion = {}): MadeCase {
  return { name, code: lamp(serial), ...question, bundle };
}

/** The bytes with their last bit turned. */
function spoil(bytes: Uint8Array): Uint8Array {
  return bytes.with(bytes.length - 1, bytes[bytes.length - 1]! ^ 1);
}

/** All forged answers. */
export function forgedCases(): MadeCase[] {
  return [
    ...forgedRecords(),
    ...forgedGaps(),
    ...forgedItems(),
    ...forgedPast(),
    ...forgedCheckpoints(),
    ...forgedSeals(),
  ];
}

function forgedRecords(): MadeCase[] {
  const [run] = honest("1").runs as [Run];
  const [entry] = run.entries as [Run["entries"][number]];
  const changed = { ...run, entries: [{ key: entry.key, value: spoil(entry.value) }] };
  const renamed = { ...runOf("7"), entries: [{ key: entry.key, value: runOf("7").entries[0]!.value }] };
  const steps = Array.from({ length: run.path.length / STEP_BYTES }, (_, at) =>
    run.path.slice(at * STEP_BYTES, (at + 1) * STEP_BYTES),
  );
  const path = (list: readonly Uint8Array[]): Uint8Array => new Uint8Array(list.flatMap((step) => [...step]));
  const flipped = [steps[0]!.with(1, steps[0]![1]! ^ 1), ...steps.slice(1)];
  const swapped = [steps[1]!, steps[0]!, ...steps.slice(2)];
  return [
    about("a record with a changed byte", "1", withRuns(honest("1"), changed)),
    about("another code's record under this code's key", "1", withRuns(honest("1"), renamed)),
    about("another code's record alone", "1", withRuns(honest("1"), runOf("7"))),
    about("an old record under a new checkpoint", "5", { ...honest("5", {}, OLD), ...sealedBy(HEAD) }),
    about("an old record under an old checkpoint, to who saw a newer height", "5", honest("5", {}, OLD), {
      notBefore: { height: HEAD.checkpoint.height },
    }),
    about("an old record under an old checkpoint, to who saw a later time", "5", honest("5", {}, OLD), {
      notBefore: { timeMs: HEAD.checkpoint.timeMs },
    }),
    about("a step on the other side", "1", withRuns(honest("1"), { ...run, path: path(flipped) })),
    about("steps in another order", "1", withRuns(honest("1"), { ...run, path: path(swapped) })),
    about("a step twice", "1", withRuns(honest("1"), { ...run, path: path([steps[0]!, ...steps]) })),
    about("a step less", "1", withRuns(honest("1"), { ...run, path: path(steps.slice(1)) })),
    about("a path cut within a step", "1", withRuns(honest("1"), { ...run, path: run.path.slice(0, -1) })),
    about("an entry of a form that is not known", "1", unknownForm()),
    about("no runs at all", "1", withRuns(honest("1"))),
  ];
}

/** An honest checkpoint over a state with an entry of a type to come. */
function unknownForm(): Bundle {
  const value = encodeVersioned(23, firstVersion({ height: 1, timeMs: 1 }), []);
  const { root: stateRoot, runOf: runAt } = buildStateTree([{ key: codeKey(lamp("1")), value }]);
  const { note, sealPath } = sealAlone({ ...HEAD.checkpoint, stateRoot });
  return { note, sealPath, runs: [runAt(0, 0)], items: [], versions: [] };
}

function forgedGaps(): MadeCase[] {
  const whole = runOf("5", "7");
  const [left, , right] = whole.entries as [Run["entries"][number], unknown, Run["entries"][number]];
  const [neighbours] = honest("126").runs as [Run];
  return [
    about("a hidden code: neighbours of an older state", "6", { ...honest("6", {}, OLD), ...sealedBy(HEAD) }),
    about("a hidden code: an older checkpoint", "6", honest("6", {}, OLD), {
      notBefore: { height: HEAD.checkpoint.height },
    }),
    about("a hidden code: left out between its neighbours", "6", {
      ...honest("6"),
      runs: [{ entries: [left, right], path: whole.path }],
    }),
    about("a hidden code: each neighbour alone", "6", withRuns(honest("6"), runOf("5"), runOf("7"))),
    about("a hidden code: one neighbour", "6", withRuns(honest("6"), runOf("5"))),
    about("a hidden code: another gap", "6", honest("4")),
    about(
      "in a range, without the range that the neighbour names",
      "126",
      withRuns(honest("126"), neighbours),
    ),
    about("in a range, with another range", "126", withRuns(honest("126"), neighbours, runOf("b1"))),
    about("right after a range, without it", "2490", withRuns(honest("2490"), honest("2490").runs[0]!)),
  ];
}

function forgedItems(): MadeCase[] {
  const [before, after] = honest("b4").items as [Bundle["items"][number], Bundle["items"][number]];
  const [first] = honest("b1").items;
  const [foreign] = honest("c3").items;
  const withItems = (...items: Bundle["items"]): Bundle => ({ ...honest("b4"), items });
  const item = (): Bundle => ({ ...honest("b3"), items: [first!, after] });
  return [
    about("a hidden item: items that are not adjacent", "b3", item()),
    about("a hidden item: no items", "b3", { ...honest("b3"), items: [] }),
    about("a gap with one neighbour", "b4", withItems(before)),
    about("a gap with items of another batch", "b4", withItems(foreign!)),
    about("an item at another place", "b3", { ...honest("b3"), items: [{ ...before, index: 2 }] }),
    about("an item with a changed byte", "b3", {
      ...honest("b3"),
      items: [{ ...before, item: spoil(before.item) }],
    }),
  ];
}

function forgedPast(): MadeCase[] {
  const [second, first] = honest("5", { asOf: { height: 3 } }).versions as [
    Bundle["versions"][number],
    Bundle["versions"][number],
  ];
  const [seven] = honest("7", { asOf: { version: 1 } }).versions;
  const withVersions = (...versions: Bundle["versions"]): Bundle => ({ ...honest("5"), versions });
  const { height, timeMs } = OLD.checkpoint;
  const then = { asOf: { height: 3 } };
  return [
    about("a version without the one that followed", "5", withVersions(first), then),
    about("a version that came later", "5", withVersions(second), then),
    about("no earlier version", "5", withVersions(), then),
    about("a version with a changed byte", "5", withVersions({ ...first, bytes: spoil(first.bytes) }), {
      asOf: { version: 1 },
    }),
    about("another record's version", "5", withVersions({ ...seven!, key: first.key }), {
      asOf: { version: 1 },
    }),
    about("a version at another place", "5", withVersions({ ...first, path: second.path }), {
      asOf: { version: 1 },
    }),
    about("a height after the checkpoint", "5", honest("5", {}, OLD), { asOf: { height: height + 1 } }),
    about("a time after the checkpoint", "5", honest("5", {}, OLD), { asOf: { timeMs: timeMs + 1 } }),
    about("a version after the newest", "1", honest("1"), { asOf: { version: 2 } }),
    about("a second version of a range's code", "101", honest("101"), { asOf: { version: 2 } }),
  ];
}

function forgedCheckpoints(): MadeCase[] {
  const parsed = parseNote(HEAD.note);
  if (!parsed.ok) throw new Error("the note of the vectors is none");
  const { text, signatures } = parsed.value;
  const [log, one, two] = signatures as [
    (typeof signatures)[0],
    (typeof signatures)[0],
    (typeof signatures)[0],
  ];
  const { name, seed } = testWitness(1);
  const note = (...lines: typeof signatures): Uint8Array => encodeNote({ text, signatures: lines });
  const later = text.replace(`height=${HEAD.checkpoint.height}`, `height=${HEAD.checkpoint.height + 1}`);
  const foreign = cosignText(text, testWitness(2).name, testWitness(9).seed, 1);
  const notes: readonly (readonly [string, Uint8Array])[] = [
    ["one witness of two", note(log, one)],
    ["one witness twice", note(log, one, cosignText(text, name, seed, 1))],
    ["a stranger for a witness", note(log, one, cosignText(text, "x.example", testWitness(9).seed, 1))],
    ["a stranger under a witness's name and key id", note(log, one, { ...foreign, keyId: two.keyId })],
    ["no log's signature", note(one, two)],
    ["another log", signTestCheckpoint({ ...HEAD.checkpoint, origin: "registry.example/other" })],
    ["another key", signTestCheckpoint(HEAD.checkpoint, [1, 2], testWitness(9).seed)],
    ["a changed text", encodeNote({ text: later, signatures })],
    ["nothing", new Uint8Array(0)],
  ];
  return notes.map(([what, bytes]) =>
    about(`a checkpoint with ${what}`, "1", { ...honest("1"), note: bytes }),
  );
}

/** Checkpoints that the log and every witness signed, over a tree that ends with another seal or with none. */
function forgedSeals(): MadeCase[] {
  const { checkpoint, sealPath } = HEAD;
  const signed = (changes: Partial<Checkpoint>): Uint8Array =>
    signTestCheckpoint({ ...checkpoint, ...changes }, [1, 2, 3]);
  const [entry] = honest("1").runs[0]!.entries as [Run["entries"][number]];
  const value = HEAD.source.get(codeKey(lamp("7")))!;
  const entries = HEAD.source.entries.map((one) => (one.key === entry.key ? { ...one, value } : one));
  const place = entries.findIndex(({ key }) => key === entry.key);
  const { root: stateRoot, runOf: runAt } = buildStateTree(entries);
  const leaves = registry.leaves();
  const last = leaves.slice(0, -1);
  const before = { size: last.length, logRoot: rootOf(last) };
  const pathAt = (of: readonly Uint8Array[], index: number): readonly Uint8Array[] =>
    proveInclusion(hashesOf(of), index, of.length).path;
  const { height, timeMs, stateRoot: oldRoot, size } = OLD.checkpoint;
  const cases: readonly (readonly [string, Bundle])[] = [
    [
      "names another state root than its log's seal",
      { ...honest("1"), note: signed({ stateRoot }), runs: [runAt(place, place)] },
    ],
    ["names another height than its log's seal", { ...honest("1"), note: signed({ height: height + 9 }) }],
    [
      "names another time than its log's seal",
      { ...honest("1"), note: signed({ timeMs: checkpoint.timeMs + 1 }) },
    ],
    [
      "is of an earlier seal in the same log",
      {
        ...honest("1", {}, OLD),
        note: signed({ height, timeMs, stateRoot: oldRoot }),
        sealPath: pathAt(leaves, size - 1),
      },
    ],
    ["comes without its seal's path", { ...honest("1"), sealPath: [] }],
    ["comes with a path that is too short", { ...honest("1"), sealPath: sealPath.slice(0, -1) }],
    ["comes with a path that is too long", { ...honest("1"), sealPath: [...sealPath, sealPath[0]!] }],
    [
      "comes with a path with a changed byte",
      { ...honest("1"), sealPath: sealPath.with(0, spoil(sealPath[0]!)) },
    ],
    ["comes with another checkpoint's path", { ...honest("1"), sealPath: OLD.sealPath }],
    [
      "is of a log that ends with a transaction",
      { ...honest("1"), note: signed(before), sealPath: pathAt(last, last.length - 1) },
    ],
    ["is of an empty log", { ...honest("1"), note: signed({ size: 0, logRoot: emptyRoot() }), sealPath: [] }],
  ];
  return cases.map(([what, bundle]) => about(`a checkpoint that ${what}`, "1", bundle));
}

/** Reads complete subtrees of leaves that are at hand. */
function hashesOf(leaves: readonly Uint8Array[]): HashAt {
  return (level, index) => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
}
