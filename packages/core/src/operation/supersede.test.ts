import { describe, expect, test } from "vitest";
import { issueOf } from "../ledger.testing.ts";
import { SUCCESSORS_MAX } from "../limits.ts";
import {
  BUREAU,
  CITY,
  LAMPS,
  rangeOf,
  retireOf,
  supersedeOf,
  suspendOf,
  type TestCity,
  testBatch,
  testCity,
  transferOf,
  updateOf,
} from "./operation.testing.ts";
import type { Operation } from "./operation.ts";

const [A, B, C, D] = ["A", "B", "C", "D"].map((serial) => `${LAMPS}/${serial}`) as [
  string,
  string,
  string,
  string,
];

function cityWithLamps(): TestCity {
  const world = testCity();
  world.ledger.given(world.city, ...[A, B, C, D].map((code) => issueOf(code)));
  return world;
}

describe("codes retire in favour of others:", () => {
  test.each([
    ["rename", [A], [B]],
    ["merge", [A, B, C], [D]],
    ["split", [A], [B, C, D]],
  ] as const)("%s", (kind, codes, successors) => {
    const { ledger, city } = cityWithLamps();
    ledger.given(city, supersedeOf(kind, codes, successors));
    for (const code of codes) {
      const succession = { kind, codes: successors };
      expect(ledger.recordOf(code), code).toMatchObject({
        version: 2,
        status: "retired",
        reason: "superseded",
        succession,
      });
    }
    for (const code of successors) {
      expect(ledger.recordOf(code), code).toMatchObject({ version: 1, status: "active", succession: null });
    }
  });
});

describe("OPERATION_MALFORMED: each kind has its numbers", () => {
  test.each([
    ["rename", [A, B], [C]],
    ["rename", [A], [B, C]],
    ["merge", [A], [B]],
    ["merge", [A, B], [C, D]],
    ["split", [A], [B]],
    ["split", [A, B], [C, D]],
    ["merge", [A, A], [B]],
    ["split", [A], [B, B]],
  ] as const)("%s of %j into %j", (kind, codes, successors) => {
    const { ledger, city } = cityWithLamps();
    expect(ledger.attempt(city, supersedeOf(kind, codes, successors))).toBe("OPERATION_MALFORMED");
  });
});

describe("SUCCESSOR_UNKNOWN: a successor", () => {
  test("is issued, not retired, and not superseded by the same", () => {
    const { ledger, city } = cityWithLamps();
    expect(ledger.attempt(city, supersedeOf("rename", [A], [`${LAMPS}/Z`]))).toBe("SUCCESSOR_UNKNOWN");
    expect(ledger.attempt(city, supersedeOf("rename", [A], [A]))).toBe("SUCCESSOR_UNKNOWN");
    expect(ledger.attempt(city, supersedeOf("split", [A], [B, A]))).toBe("SUCCESSOR_UNKNOWN");
    ledger.given(city, retireOf(B));
    expect(ledger.attempt(city, supersedeOf("split", [A], [C, B]))).toBe("SUCCESSOR_UNKNOWN");
    expect(ledger.recordOf(A)?.status).toBe("active");
  });

  test("may be suspended, issued in the same transaction, of a range, of another holder", () => {
    const { ledger, nation, city } = cityWithLamps();
    ledger.given(city, suspendOf(B), rangeOf(`${LAMPS}/100`, 3, 9));
    ledger.given(nation, issueOf("MA.156.9999"));
    expect(ledger.attempt(city, supersedeOf("split", [A], [B, `${LAMPS}/104`, "MA.156.9999"]))).toBe("ok");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/N`), supersedeOf("rename", [C], [`${LAMPS}/N`]))).toBe(
      "ok",
    );
  });

  test("can itself be superseded later", () => {
    const { ledger, city } = cityWithLamps();
    ledger.given(city, supersedeOf("rename", [A], [B]), supersedeOf("rename", [B], [C]));
    expect(ledger.recordOf(A)?.succession).toEqual({ kind: "rename", codes: [B] });
    expect(ledger.attempt(city, supersedeOf("rename", [C], [A]))).toBe("SUCCESSOR_UNKNOWN");
  });
});

test("one code that cannot be superseded keeps all as they are", () => {
  const { ledger, city, stranger } = cityWithLamps();
  ledger.given(city, transferOf(B, stranger));
  expect(ledger.attempt(city, supersedeOf("merge", [A, B], [C]))).toBe("NOT_AUTHORISED");
  ledger.given(city, retireOf(D));
  expect(ledger.attempt(city, supersedeOf("merge", [A, D], [C]))).toBe("CODE_RETIRED");
  expect(ledger.attempt(city, supersedeOf("merge", [A, `${LAMPS}/Z`], [C]))).toBe("CODE_NEVER_ISSUED");
  expect(ledger.recordOf(A)).toMatchObject({ status: "active", version: 1 });
});

test("codes of a range and an item of a batch, by its proof, can be superseded", () => {
  const { ledger, city } = cityWithLamps();
  const batch = testBatch([`${LAMPS}/K1`, `${LAMPS}/K5`, `${LAMPS}/K9`]);
  ledger.given(city, rangeOf(`${LAMPS}/100`, 3, 9), batch.operation);
  const item = `${LAMPS}/K5`;
  expect(ledger.attempt(city, supersedeOf("merge", [`${LAMPS}/100`, `${LAMPS}/108`], [A]))).toBe("ok");
  expect(ledger.attempt(city, supersedeOf("rename", [item], [A]))).toBe("ITEM_PROOF_MISSING");
  expect(ledger.attempt(city, supersedeOf("rename", [item], [A], batch.proofOf(`${LAMPS}/K1`)))).toBe(
    "ITEM_PROOF_INVALID",
  );
  // One proof cannot be that of many codes.
  expect(ledger.attempt(city, supersedeOf("merge", [item, B], [A], batch.proofOf(item)))).toBe(
    "ITEM_PROOF_MISSING",
  );
  expect(ledger.attempt(city, supersedeOf("rename", [item], [A], batch.proofOf(item)))).toBe("ok");
  expect(ledger.recordOf(item)).toMatchObject({ status: "retired", version: 2, within: `${LAMPS}/K1` });
});

describe("a successor that lies in a batch and has no record", () => {
  const [one, two, three, none] = ["K1", "K5", "K9", "K7"].map((serial) => `${LAMPS}/${serial}`) as [
    string,
    string,
    string,
    string,
  ];
  const batch = testBatch([one, two, three]);
  const begin = (): TestCity => {
    const world = cityWithLamps();
    world.ledger.given(world.city, batch.operation);
    return world;
  };
  const by = (successor: string, proof = batch.proofOf(successor)) =>
    supersedeOf("rename", [A], [successor], null, proof);

  test("is shown to be an item, wherever it stands, and gets no record by that", () => {
    for (const successor of [one, two, three]) {
      const { ledger, city } = begin();
      expect(ledger.attempt(city, by(successor)), successor).toBe("ok");
      expect(ledger.recordOf(A)?.succession, successor).toEqual({ kind: "rename", codes: [successor] });
      expect(ledger.recordOf(successor), successor).toBeUndefined();
    }
  });

  test("is refused without proof, and by the proof of another item, at another place or of another batch", () => {
    const { ledger, city } = begin();
    const other = testBatch([`${LAMPS}/L1`, two, `${LAMPS}/L9`]);
    expect(ledger.attempt(city, supersedeOf("rename", [A], [two]))).toBe("ITEM_PROOF_MISSING");
    // The proof of what is superseded is none of its successor.
    expect(ledger.attempt(city, supersedeOf("rename", [A], [two], batch.proofOf(two)))).toBe(
      "ITEM_PROOF_MISSING",
    );
    const proof = batch.proofOf(two);
    for (const [name, wrong] of Object.entries({
      "another item": batch.proofOf(one),
      "another place": { ...proof, index: 2 },
      "a path cut short": { ...proof, path: proof.path.slice(1) },
      "another batch": other.proofOf(two),
    })) {
      expect(ledger.attempt(city, by(two, wrong)), name).toBe("ITEM_PROOF_INVALID");
    }
    expect(ledger.recordOf(A)?.status).toBe("active");
  });

  test("is refused where it is no item: a code between two of them was never issued", () => {
    const { ledger, city } = begin();
    expect(ledger.attempt(city, supersedeOf("rename", [A], [none]))).toBe("ITEM_PROOF_MISSING");
    for (const item of [one, two, three]) {
      expect(ledger.attempt(city, by(none, batch.proofOf(item))), item).toBe("ITEM_PROOF_INVALID");
    }
    const other = testBatch([one, none, three]);
    expect(ledger.attempt(city, by(none, other.proofOf(none)))).toBe("ITEM_PROOF_INVALID");
  });

  test("needs a record first where there are several", () => {
    const { ledger, city } = begin();
    const split = supersedeOf("split", [A], [two, three], null, batch.proofOf(two));
    expect(ledger.attempt(city, split)).toBe("ITEM_PROOF_MISSING");
    expect(
      ledger.attempt(
        city,
        updateOf(two, { item: batch.proofOf(two) }),
        updateOf(three, { item: batch.proofOf(three) }),
        supersedeOf("split", [A], [two, three]),
      ),
    ).toBe("ok");
  });

  test("may take the place of another item of its batch, each with its own proof", () => {
    const { ledger, city } = begin();
    const rename = supersedeOf("rename", [one], [two], batch.proofOf(one), batch.proofOf(two));
    expect(ledger.attempt(city, rename)).toBe("ok");
    const swapped = supersedeOf("rename", [three], [two], batch.proofOf(two), batch.proofOf(three));
    expect(ledger.attempt(city, swapped)).toBe("ITEM_PROOF_INVALID");
    expect(ledger.recordOf(one)).toMatchObject({ status: "retired", succession: { codes: [two] } });
  });

  test("is named in the refusal", () => {
    const { ledger, city } = begin();
    const fieldOf = (operation: Operation): string | undefined => {
      const [outcome] = ledger.block([ledger.transaction(city, [operation])]);
      return outcome!.ok ? undefined : outcome!.rejection.fault?.field;
    };
    expect(fieldOf(supersedeOf("rename", [A], [two]))).toBe("successorItem");
    expect(fieldOf(by(two, batch.proofOf(one)))).toBe("successorItem");
  });

  test("that has a record needs no proof, and a wrong one does not matter", () => {
    const { ledger, city } = begin();
    ledger.given(city, updateOf(two, { item: batch.proofOf(two) }));
    expect(ledger.attempt(city, by(two, batch.proofOf(one)))).toBe("ok");
  });
});

test("a prefix is renamed by who holds the one above, and is out of use then", () => {
  const { ledger, nation, city } = testCity();
  ledger.given(nation, issueOf("MA.156.1399"));
  ledger.given(nation, supersedeOf("rename", [CITY], ["MA.156.1399"]));
  expect(ledger.prefixOf(CITY)?.status).toBe("retired");
  expect(ledger.attempt(city, issueOf(BUREAU))).toBe("PREFIX_RETIRED");
});

test("as many codes as there may be", () => {
  const { ledger, city } = testCity();
  const codes = Array.from({ length: SUCCESSORS_MAX }, (_, serial) => `${LAMPS}/${1000 + serial}`);
  ledger.given(city, rangeOf(codes[0]!, 4, SUCCESSORS_MAX), issueOf(A));
  expect(ledger.attempt(city, supersedeOf("merge", codes, [A]))).toBe("ok");
  expect(codes.every((code) => ledger.recordOf(code)?.status === "retired")).toBe(true);
});

/** Goal: the order of checks is that of the spec. Method: one request with every fault; each is mended in turn. */
test("the first refusal is the one that is named", () => {
  const { ledger, city, stranger } = cityWithLamps();
  ledger.given(city, retireOf(A), retireOf(B));
  expect(ledger.attempt(stranger, supersedeOf("rename", [`${LAMPS}/Z`, A], [B]))).toBe("OPERATION_MALFORMED");
  expect(ledger.attempt(stranger, supersedeOf("merge", [`${LAMPS}/Z`, A], [B]))).toBe("SUCCESSOR_UNKNOWN");
  expect(ledger.attempt(stranger, supersedeOf("merge", [`${LAMPS}/Z`, A], [C]))).toBe("CODE_NEVER_ISSUED");
  expect(ledger.attempt(stranger, supersedeOf("merge", [A, B], [C]))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, supersedeOf("merge", [A, B], [C]))).toBe("CODE_RETIRED");
});
