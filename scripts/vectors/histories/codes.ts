// What becomes of codes: issuing, ranges, batches, supersession, numbers of persons.
import type { Attributes } from "@cityroot/core/attribute/attribute";
import { type CborValue, encodeCbor } from "@cityroot/core/cbor";
import { issueOf } from "@cityroot/core/ledger.testing";
import { DESCRIPTION_BYTES_MAX } from "@cityroot/core/limits";
import {
  attributesOf,
  attributesOfBytes,
  CITY,
  delegateOf,
  LAMP,
  LAMPS,
  rangeOf,
  reinstateOf,
  retireOf,
  supersedeOf,
  suspendOf,
  testBatch,
  transferOf,
  updateOf,
} from "@cityroot/core/operation/operation.testing";
import type { ItemProof } from "@cityroot/core/operation/standing";
import type { HistoryFile } from "../history-case.ts";
import { beginHistory, CITY_HOLDER, type HistoryMaker, NATION } from "../history-maker.ts";

const NAME = attributesOf([
  [
    "name",
    [
      ["en", "Lamp"],
      ["zh", "路灯"],
    ],
  ],
]);

function begin(about: string): HistoryMaker {
  const maker = beginHistory(about);
  maker.send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  maker.next();
  return maker;
}

function at(serial: string): string {
  return `${LAMPS}/${serial}`;
}

function takenCode(): HistoryFile {
  const { send, next, finish } = begin("a code is issued once, and all of a transaction or nothing enters");
  send("ok", "a lamp", CITY_HOLDER, [issueOf(LAMP, { class: "street-lamp", attributes: NAME })]);
  send("CODE_TAKEN", "again", CITY_HOLDER, [issueOf(LAMP)]);
  send("CODE_TAKEN", "a new one and that one", CITY_HOLDER, [issueOf(at("1")), issueOf(LAMP)]);
  send("ok", "the new one alone: it had not entered", CITY_HOLDER, [issueOf(at("1"))]);
  next();
  send("ok", "the lamp changes, and retires", CITY_HOLDER, [
    updateOf(LAMP, {
      attributes: [
        ["model", "M-1"],
        ["name", null],
      ],
      version: 1,
    }),
    retireOf(LAMP),
  ]);
  send("CODE_TAKEN", "a retired code is taken for ever", CITY_HOLDER, [issueOf(LAMP)]);
  send("CODE_RETIRED", "and changes no more", CITY_HOLDER, [updateOf(LAMP)]);
  send("VERSION_CONFLICT", "a change of a version that is not there yet", CITY_HOLDER, [
    updateOf(at("1"), { version: 2 }),
  ]);
  send("CODE_NEVER_ISSUED", "a change of what never was", CITY_HOLDER, [updateOf(at("2"))]);
  return finish();
}

function rangeMember(): HistoryFile {
  const { send, next, finish } = begin("a code of a range gets a record of its own, and the range stays");
  const first = at("000100");
  send("ok", "a hundred lamps", CITY_HOLDER, [
    rangeOf(first, 6, 100, { class: "street-lamp", attributes: NAME }),
  ]);
  send("CODE_TAKEN", "one of them again", CITY_HOLDER, [issueOf(at("000150"))]);
  send("INTERVAL_OVERLAPS", "a range that reaches into it", CITY_HOLDER, [rangeOf(at("000199"), 6, 2)]);
  send("ok", "a code between two of them that is none of them", CITY_HOLDER, [issueOf(at("0001500"))]);
  next();
  send("ok", "one in the middle retires", CITY_HOLDER, [retireOf(at("000150"))]);
  send("ok", "the first is suspended", CITY_HOLDER, [suspendOf(first)]);
  send("CODE_TAKEN", "the first again", CITY_HOLDER, [issueOf(first)]);
  send("CODE_TAKEN", "the second again", CITY_HOLDER, [issueOf(at("000101"))]);
  send("INTERVAL_OVERLAPS", "a range at the first", CITY_HOLDER, [rangeOf(first, 6, 1)]);
  next();
  send("ok", "the first is put back, and the last is changed", CITY_HOLDER, [
    reinstateOf(first),
    updateOf(at("000199"), { attributes: [["model", "M-2"]] }),
  ]);
  send("CODE_NEVER_ISSUED", "the one after the last", CITY_HOLDER, [retireOf(at("000200"))]);
  send("ok", "a range right after it", CITY_HOLDER, [rangeOf(at("000200"), 6, 1)]);
  send("INTERVAL_MALFORMED", "more codes than digits", CITY_HOLDER, [rangeOf(at("98"), 2, 3)]);
  return finish();
}

function batchItem(): HistoryFile {
  const { send, next, finish } = begin(
    "an item of a batch is changed by its proof, once by itself after that",
  );
  const items = ["A1", "A3", "A5", "A7", "A9"].map(at);
  const batch = testBatch(items, { class: "street-lamp", attributes: NAME });
  const proof = batch.proofOf(at("A5"));
  send("ok", "five lamps", CITY_HOLDER, [batch.operation]);
  send("INTERVAL_OVERLAPS", "a code among them", CITY_HOLDER, [issueOf(at("A4"))]);
  send("ITEM_PROOF_MISSING", "a change without proof", CITY_HOLDER, [updateOf(at("A5"))]);
  send("ITEM_PROOF_INVALID", "the proof of another", CITY_HOLDER, [
    updateOf(at("A5"), { item: batch.proofOf(at("A3")) }),
  ]);
  send("ITEM_PROOF_INVALID", "its proof at another place", CITY_HOLDER, [
    updateOf(at("A5"), { item: { ...proof, index: 3 } }),
  ]);
  send("ITEM_PROOF_INVALID", "its proof cut short", CITY_HOLDER, [
    updateOf(at("A5"), { item: { ...proof, path: proof.path.slice(1) } }),
  ]);
  send("ITEM_PROOF_INVALID", "a code between two items", CITY_HOLDER, [retireOf(at("A4"), proof)]);
  next();
  send("ok", "its proof", CITY_HOLDER, [updateOf(at("A5"), { attributes: [["model", "M-3"]], item: proof })]);
  send("ok", "without proof, now that it has a record", CITY_HOLDER, [retireOf(at("A5"))]);
  send("ok", "the first item, whose record takes the place of the batch", CITY_HOLDER, [
    suspendOf(at("A1"), batch.proofOf(at("A1"))),
  ]);
  send("ok", "the last item", CITY_HOLDER, [suspendOf(at("A9"), batch.proofOf(at("A9")))]);
  send("INTERVAL_OVERLAPS", "a code among them, still", CITY_HOLDER, [issueOf(at("A2"))]);
  return finish();
}

function succession(
  kind: "merge" | "split" | "rename",
  codes: readonly string[],
  successors: readonly string[],
): HistoryFile {
  const { send, next, finish } = begin(`codes are superseded by a ${kind}`);
  send(
    "ok",
    "four lamps",
    CITY_HOLDER,
    ["1", "2", "3", "4"].map((serial) => issueOf(at(serial))),
  );
  send("SUCCESSOR_UNKNOWN", "by one that was never issued", CITY_HOLDER, [
    supersedeOf(
      kind,
      codes,
      successors.map((_, index) => at(`9${index}`)),
    ),
  ]);
  send("OPERATION_MALFORMED", "with the numbers of another kind", CITY_HOLDER, [
    supersedeOf(kind, kind === "merge" ? codes.slice(1) : [...codes, at("4")], successors),
  ]);
  send("SUCCESSOR_UNKNOWN", "by itself", CITY_HOLDER, [
    supersedeOf(kind, codes, [codes[0]!, ...successors.slice(1)]),
  ]);
  next();
  send("ok", "well", CITY_HOLDER, [supersedeOf(kind, codes, successors)]);
  send("CODE_RETIRED", "again", CITY_HOLDER, [supersedeOf(kind, codes, successors)]);
  send("SUCCESSOR_UNKNOWN", "back", CITY_HOLDER, [supersedeOf("rename", [successors[0]!], [codes[0]!])]);
  send("ok", "and further", CITY_HOLDER, [supersedeOf("rename", [successors[0]!], [at("4")])]);
  return finish();
}

function successorInBatch(): HistoryFile {
  const { send, next, finish } = begin(
    "a code is superseded by an item of a batch, which its proof shows it to be",
  );
  const batch = testBatch(["A1", "A3", "A5"].map(at), { class: "street-lamp", attributes: NAME });
  const rename = (successor: string, proof: ItemProof | null) =>
    supersedeOf("rename", [at("1")], [at(successor)], null, proof);
  send("ok", "two lamps and three in a batch", CITY_HOLDER, [
    issueOf(at("1")),
    issueOf(at("2")),
    batch.operation,
  ]);
  send("ITEM_PROOF_MISSING", "by an item without proof", CITY_HOLDER, [rename("A3", null)]);
  send("ITEM_PROOF_MISSING", "by a code between two items without proof", CITY_HOLDER, [rename("A4", null)]);
  send("ITEM_PROOF_INVALID", "by a code between two items, with the proof of another", CITY_HOLDER, [
    rename("A4", batch.proofOf(at("A3"))),
  ]);
  send("ITEM_PROOF_INVALID", "by an item, with the proof of another", CITY_HOLDER, [
    rename("A3", batch.proofOf(at("A5"))),
  ]);
  send("ITEM_PROOF_MISSING", "by two items, of which one proof can show one", CITY_HOLDER, [
    supersedeOf("split", [at("1")], [at("A3"), at("A5")], null, batch.proofOf(at("A3"))),
  ]);
  next();
  send("ok", "by an item with its proof", CITY_HOLDER, [rename("A3", batch.proofOf(at("A3")))]);
  send("ok", "by two items, after each got a record", CITY_HOLDER, [
    updateOf(at("A3"), { item: batch.proofOf(at("A3")) }),
    updateOf(at("A5"), { item: batch.proofOf(at("A5")) }),
    supersedeOf("split", [at("2")], [at("A3"), at("A5")]),
  ]);
  return finish();
}

function personalNumber(): HistoryFile {
  const { send, finish } = begin("no number of a person enters, in a code or in what is said of it");
  const legacy = (value: string) => [["legacy", [["id", value]]]] as never;
  send("PERSONAL_NUMBER", "a code that holds a citizen's number", CITY_HOLDER, [
    issueOf(at("11010519491231002X")),
  ]);
  send("PERSONAL_NUMBER", "behind a number of another kind", CITY_HOLDER, [
    issueOf(at("13800138000.11010519491231002X")),
  ]);
  send("PERSONAL_NUMBER", "a legacy code", CITY_HOLDER, [
    issueOf(LAMP, { attributes: legacy("11010519491231002X") }),
  ]);
  send("PERSONAL_NUMBER", "with spaces in it", CITY_HOLDER, [
    issueOf(LAMP, { attributes: legacy("110105 19491231 002x") }),
  ]);
  send("PERSONAL_NUMBER", "a reason", CITY_HOLDER, [
    { type: "retire", code: LAMP as never, reason: "by-13800138000", item: null },
  ]);
  send("ok", "a number whose check does not hold is none", CITY_HOLDER, [
    issueOf(LAMP, { attributes: legacy("110105194912310021") }),
  ]);
  send("ok", "a serial of eleven digits is common in codes", CITY_HOLDER, [issueOf(at("13800138000"))]);
  const person = at("A11010519491231002X");
  const batch = testBatch([at("A1"), person, at("A2")]);
  send("ok", "a batch, whose items the ledger does not see", CITY_HOLDER, [batch.operation]);
  send("PERSONAL_NUMBER", "the code of an item, once it is shown", CITY_HOLDER, [
    updateOf(person, { item: batch.proofOf(person) }),
  ]);
  return finish();
}

/** Attributes that make a description of the class `asset` exactly so many bytes long. */
function attributesMaking(bytes: number): Attributes {
  for (let said = bytes - 500; said <= bytes; said++) {
    const attributes = attributesOfBytes(said);
    if (encodeCbor(["asset", attributes as CborValue, [], []]).length === bytes) return attributes;
  }
  throw new Error(`no attributes make a description of ${bytes} bytes`);
}

function longestDescription(): HistoryFile {
  const { send, next, finish } = begin(
    "a description has an end, and the longest leaves room for what becomes of it",
  );
  const longest = { attributes: attributesMaking(DESCRIPTION_BYTES_MAX) };
  const longer = { attributes: attributesMaking(DESCRIPTION_BYTES_MAX + 1) };
  send("RECORD_TOO_LARGE", "a byte too long", CITY_HOLDER, [issueOf(LAMP, longer)]);
  send("ok", "as long as it may be, and another lamp", CITY_HOLDER, [
    issueOf(LAMP, longest),
    issueOf(at("1")),
  ]);
  next();
  send("ok", "it is suspended and reinstated", CITY_HOLDER, [suspendOf(LAMP), reinstateOf(LAMP)]);
  send("RECORD_TOO_LARGE", "a further attribute", CITY_HOLDER, [
    updateOf(LAMP, { attributes: [["model", "M"]] }),
  ]);
  send("ok", "it is handed on", CITY_HOLDER, [transferOf(LAMP, NATION)]);
  send("ok", "and taken back", NATION, [transferOf(LAMP, CITY_HOLDER)]);
  send("ok", "it gives way to the other", CITY_HOLDER, [supersedeOf("rename", [LAMP], [at("1")])]);
  return finish();
}

/** Histories by their names. */
export const CODE_HISTORIES = {
  "taken-code": takenCode,
  "range-member-materialised": rangeMember,
  "batch-item-updated-with-its-proof": batchItem,
  "supersede-merge": () => succession("merge", [at("1"), at("2")], [at("3")]),
  "supersede-split": () => succession("split", [at("1")], [at("2"), at("3")]),
  "supersede-rename": () => succession("rename", [at("1")], [at("2")]),
  "supersede-by-a-batch-item": successorInBatch,
  "personal-number": personalNumber,
  "longest-description": longestDescription,
} as const;
