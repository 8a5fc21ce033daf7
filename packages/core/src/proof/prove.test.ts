import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { type TestHolder, testHolder } from "../ledger.testing.ts";
import { codeKey } from "../state/key.ts";
import { decodeRecord } from "../state/record.ts";
import type { AsOf, ProvenStanding } from "./answer.ts";
import type { ProofFailureName } from "./failure.ts";
import { proveAnswer } from "./prove.ts";
import {
  CHINA,
  delegateTo,
  issueItems,
  issueMany,
  issueOne,
  NATION,
  proveBytes,
  resolve,
  type Snapshot,
  type TestRegistry,
  testRegistry,
  updateOne,
  verifyBytes,
} from "./registry.testing.ts";

const LAMPS = "MA.156.1301.02/60.10000000.1";
const lamp = (serial: string): string => `${LAMPS}/${serial}`;

/** What a proof of a code shows, in one word; the name of the failure when it shows nothing. */
function shown(snapshot: Snapshot, code: string, asOf?: AsOf): ProvenStanding["kind"] | ProofFailureName {
  const answer = resolve(snapshot, code, asOf === undefined ? {} : { asOf });
  return answer.ok ? answer.value.standing.kind : answer.failure.name;
}

function registryOf(...blocks: readonly ((registry: TestRegistry) => void)[]): TestRegistry {
  const registry = testRegistry({ signs: false });
  for (const block of blocks) block(registry);
  return registry;
}

describe("a proof of a code", () => {
  test("shows its record", () => {
    const registry = registryOf(({ run }) => run(NATION, issueOne(lamp("000123"))));
    const answer = resolve(registry.at(), lamp("000123"));
    if (!answer.ok) throw new Error(answer.failure.detail);
    expect(answer.value.standing).toMatchObject({
      kind: "record",
      isCurrent: true,
      record: { class: "lamp", version: 1, status: "active", since: { height: 1 } },
    });
    expect(answer.value.checkpoint).toEqual(registry.at().checkpoint);
    expect(answer.value.cosigners.map(({ name }) => name)).toEqual([
      "witness.example/1",
      "witness.example/2",
    ]);
    expect(answer.value.code).toBe(lamp("000123"));
  });

  test("shows that it was never issued, wherever it would stand", () => {
    const registry = registryOf(({ run }) => run(NATION, issueOne(lamp("5")), issueOne(lamp("7"))));
    const never = ["6", "50", "5.1", "4", "8", "7.1", "A", "zz", "-"].map(lamp);
    for (const code of [...never, LAMPS, "MA.156.1301", "MA.001", "MA.999", "MA.156.M0.100032.00002689"]) {
      expect(shown(registry.at(), code), code).toBe("never-issued");
    }
    const empty = testRegistry();
    expect(shown(empty.at(), "MA.001"), "before the first code").toBe("never-issued");
    expect(shown(empty.at(), "MA.999"), "after the last code").toBe("never-issued");
  });

  test("needs nothing but two neighbours for a code that was never issued", () => {
    const registry = registryOf(({ run }) => run(NATION, issueOne(lamp("5")), issueOne(lamp("7"))));
    const snapshot = registry.at();
    const bundle = proveAnswer(snapshot.source, lamp("6") as Code, snapshot);
    expect(bundle.runs.map((run) => run.entries.map(({ key }) => key))).toEqual([
      [codeKey(lamp("5") as Code), codeKey(lamp("7") as Code)],
    ]);
  });
});

describe("a proof of a range's code", () => {
  const registry = registryOf(({ run }) => run(NATION, issueMany(lamp("100"), 2, 50)));

  test("shows the range for each member, and never issued for all else within its span", () => {
    for (const serial of ["100", "101", "125", "148", "149"]) {
      expect(shown(registry.at(), lamp(serial)), serial).toBe("in-range");
    }
    for (const serial of ["150", "099", "10", "1000", "100.1", "125.7.8", "12A", "1250", "149.0", "149a"]) {
      expect(shown(registry.at(), lamp(serial)), serial).toBe("never-issued");
    }
  });

  test("shows the record of a member that has one, and the range for its neighbours", () => {
    const { run } = registry;
    run(NATION, updateOne(lamp("125")), updateOne(lamp("149")));
    for (const serial of ["125", "149"]) expect(shown(registry.at(), lamp(serial)), serial).toBe("record");
    for (const serial of ["124", "126", "127", "148"]) {
      expect(shown(registry.at(), lamp(serial)), serial).toBe("in-range");
    }
  });

  test("shows never issued between records within the span, too", () => {
    const { run } = registry;
    run(NATION, issueOne(lamp("130.5")), issueOne(lamp("130.7")), issueOne(lamp("13A")));
    for (const serial of ["130.6", "130.7.1", "130.8", "13A.1", "13B", "1300"]) {
      expect(shown(registry.at(), lamp(serial)), serial).toBe("never-issued");
    }
    for (const serial of ["130", "131"]) expect(shown(registry.at(), lamp(serial)), serial).toBe("in-range");
  });

  test("shows never issued right after a record that lies within the range", () => {
    // The neighbour names the range: only the range itself shows that it does not reach as far.
    for (const serial of ["149.1", "1490", "149A", "15", "150", "A"]) {
      expect(shown(registry.at(), lamp(serial)), serial).toBe("never-issued");
    }
  });

  test("shows all this, too, when its first code has a record, which then carries the range", () => {
    const { run } = registry;
    run(NATION, updateOne(lamp("100")));
    expect(shown(registry.at(), lamp("100"))).toBe("record");
    expect(shown(registry.at(), lamp("100"), { height: 1 })).toBe("record");
    expect(shown(registry.at(), lamp("100"), { height: 0 })).toBe("not-yet-issued");
    for (const serial of ["101", "102", "124", "126", "148"]) {
      expect(shown(registry.at(), lamp(serial)), serial).toBe("in-range");
    }
    for (const serial of ["100.1", "1000", "101.5", "10A", "130.6", "149.1", "150"]) {
      expect(shown(registry.at(), lamp(serial)), serial).toBe("never-issued");
    }
  });

  test("counts up to the last serial that its digits hold", () => {
    const { run, at } = registryOf(({ run }) => run(NATION, issueMany(lamp("0"), 1, 10)));
    for (const serial of ["0", "9"]) expect(shown(at(), lamp(serial)), serial).toBe("in-range");
    run(NATION, issueMany(lamp("s000000000000000"), 15, 1_000_000_000_000_000));
    for (const serial of ["s000000000000000", "s000000000000001", "s999999999999998", "s999999999999999"]) {
      expect(shown(at(), lamp(serial)), serial).toBe("in-range");
    }
    for (const serial of ["s99999999999999", "s9999999999999990", "t000000000000000", "s99999999999999A"]) {
      expect(shown(at(), lamp(serial)), serial).toBe("never-issued");
    }
  });
});

describe("a proof of a batch's code", () => {
  const codes = ["b1", "b3", "b5", "b7", "b9"].map(lamp);
  const registry = registryOf(({ run, items }) => run(NATION, issueItems(items, codes)));

  test("shows the item with what is said of it", () => {
    for (const [at, code] of codes.entries()) {
      const answer = resolve(registry.at(), code);
      expect(answer.ok && answer.value.standing, code).toMatchObject({
        kind: "in-batch",
        description: { class: "lamp", attributes: [["name", [["en", `item ${at}`]]]] },
      });
    }
  });

  test("shows the gap between two items, and that nothing else within the span is one", () => {
    for (const serial of ["b2", "b4", "b6", "b8", "b3.1", "b35", "b3A", "b1-", "b0", "ba"]) {
      expect(shown(registry.at(), lamp(serial)), serial).toBe("never-issued");
    }
  });

  test("shows the record of an item that has one, and leaves the others as they are", () => {
    const item = registry.items.proofAt(itemRoot(registry), 2);
    registry.run(NATION, updateOne(codes[2]!, { item }));
    expect(shown(registry.at(), codes[2]!)).toBe("record");
    expect(shown(registry.at(), codes[3]!)).toBe("in-batch");
    expect(shown(registry.at(), lamp("b6"))).toBe("never-issued");
  });

  test("shows all this, too, when its first code has a record, which then carries the batch", () => {
    const item = registry.items.proofAt(itemRoot(registry), 0);
    registry.run(NATION, updateOne(codes[0]!, { item }));
    expect(shown(registry.at(), codes[0]!)).toBe("record");
    for (const code of [codes[1]!, codes[3]!]) expect(shown(registry.at(), code), code).toBe("in-batch");
    for (const serial of ["b2", "b1.1", "b6", "ba"]) {
      expect(shown(registry.at(), lamp(serial)), serial).toBe("never-issued");
    }
  });

  test("shows a batch of one item", () => {
    const { at } = registryOf(({ run, items }) => run(NATION, issueItems(items, [lamp("x")])));
    expect(shown(at(), lamp("x"))).toBe("in-batch");
    for (const serial of ["x.1", "xx", "w", "y"])
      expect(shown(at(), lamp(serial)), serial).toBe("never-issued");
  });

  test("does not show what it cannot: a prover without the items at hand", () => {
    const snapshot = registry.at();
    const blind: Snapshot = { ...snapshot, source: { ...snapshot.source, itemsOf: () => [] } };
    for (const serial of ["b3", "b2"]) expect(shown(blind, lamp(serial)), serial).toBe("item-invalid");
    expect(shown(blind, lamp("b5"))).toBe("record");
    expect(shown(blind, lamp("b3.1"))).toBe("never-issued");
  });

  function itemRoot({ at }: TestRegistry): Uint8Array {
    const answer = resolve(at(), codes[1]!);
    if (!answer.ok || answer.value.standing.kind !== "in-batch") throw new Error("the batch is not there");
    return answer.value.standing.interval.root;
  }
});

describe("a proof of an earlier moment", () => {
  test("shows what held then, for one to forty versions and every moment", () => {
    const registry = testRegistry({ signs: false });
    const code = lamp("1");
    registry.run(NATION, issueOne(lamp("0")));
    registry.run(NATION, issueOne(code));
    for (let version = 2; version <= 40; version++) {
      checkMoments(registry, code, version - 1);
      // Now and then a block in which the code does not change.
      if (version % 3 === 0) registry.block([]);
      registry.run(NATION, updateOne(code));
    }
    checkMoments(registry, code, 40);
  });

  test("shows the last of several versions of one block", () => {
    const registry = testRegistry({ signs: false });
    const code = lamp("1");
    registry.run(NATION, issueOne(code), updateOne(code), updateOne(code));
    registry.run(NATION, updateOne(code), updateOne(code));
    const versionAt = (asOf: AsOf): number | undefined => {
      const answer = resolve(registry.at(), code, { asOf });
      return answer.ok && answer.value.standing.kind === "record"
        ? answer.value.standing.record.version
        : undefined;
    };
    expect(versionAt({ height: 1 })).toBe(3);
    expect(versionAt({ height: 2 })).toBe(5);
    for (let version = 1; version <= 5; version++) expect(versionAt({ version }), `${version}`).toBe(version);
    expect(shown(registry.at(), code, { height: 0 })).toBe("not-yet-issued");
  });

  test("shows a range's code before and after it got a record of its own", () => {
    const registry = testRegistry({ signs: false });
    registry.block([]);
    registry.run(NATION, issueMany(lamp("100"), 2, 50));
    registry.block([]);
    registry.run(NATION, updateOne(lamp("125")));
    for (const [height, kind] of [
      "not-yet-issued",
      "not-yet-issued",
      "record",
      "record",
      "record",
    ].entries()) {
      expect(shown(registry.at(), lamp("125"), { height }), `record at ${height}`).toBe(kind);
    }
    for (const [height, kind] of ["not-yet-issued", "not-yet-issued", "in-range", "in-range"].entries()) {
      expect(shown(registry.at(), lamp("126"), { height }), `member at ${height}`).toBe(kind);
    }
    const first = resolve(registry.at(), lamp("125"), { asOf: { height: 3 } });
    expect(first.ok && first.value.standing).toMatchObject({
      isCurrent: false,
      record: { version: 1, since: { height: 2 }, within: lamp("100") },
    });
  });

  test("shows a code that was never issued to have been so at every moment", () => {
    const registry = registryOf(({ run }) => run(NATION, issueOne(lamp("5"))));
    for (const asOf of [{ height: 0 }, { height: 1 }, { timeMs: 0 }, { version: 1 }]) {
      expect(shown(registry.at(), lamp("6"), asOf), JSON.stringify(asOf)).toBe("never-issued");
    }
  });

  test("shows nothing of a moment after the checkpoint, nor of a version that there is not", () => {
    const registry = registryOf(
      ({ run }) => run(NATION, issueOne(lamp("5")), issueMany(lamp("100"), 2, 50)),
      ({ run, items }) => run(NATION, issueItems(items, ["x1", "x2"].map(lamp))),
    );
    const { checkpoint } = registry.at();
    for (const serial of ["5", "100", "101", "x1", "x2", "6"]) {
      const of = (asOf: AsOf) => shown(registry.at(), lamp(serial), asOf);
      expect(of({ height: checkpoint.height + 1 }), serial).toBe("as-of-later");
      expect(of({ timeMs: checkpoint.timeMs + 1 }), serial).toBe("as-of-later");
      if (serial === "6") continue;
      expect(of({ version: 2 }), serial).toBe("as-of-later");
      expect(of({ version: 0 }), serial).toBe("not-shown");
      expect(of({ version: 1 }), serial).toMatch(/^(record|in-range|in-batch)$/);
    }
  });

  /** Every height, every time between blocks and every version, against the versions that were written. */
  function checkMoments(registry: TestRegistry, code: string, versions: number): void {
    const snapshot = registry.at();
    const seen = new Map();
    const { height } = snapshot.checkpoint;
    const issued = 2;
    for (let at = 0; at <= height; at++) {
      const { timeMs } = registry.at(at).checkpoint;
      for (const asOf of [{ height: at }, { timeMs }, { timeMs: timeMs - 1 }]) {
        const then = "timeMs" in asOf && asOf.timeMs !== timeMs ? at - 1 : at;
        const answer = resolve(snapshot, code, { asOf, seen });
        const standing = answer.ok ? answer.value.standing : undefined;
        const name = `${JSON.stringify(asOf)} of ${versions} versions`;
        if (then < issued) {
          const since = { height: issued, timeMs: registry.at(issued).checkpoint.timeMs };
          expect(standing, name).toEqual({ kind: "not-yet-issued", since });
          continue;
        }
        const held = decodeRecord(registry.at(then).source.get(codeKey(code as Code))!);
        expect(standing, name).toEqual({
          kind: "record",
          record: held,
          isCurrent: held?.version === versions,
        });
      }
    }
    for (let version = 1; version <= versions; version++) {
      const answer = resolve(snapshot, code, { asOf: { version }, seen });
      expect(answer.ok && answer.value.standing, `version ${version} of ${versions}`).toMatchObject({
        record: { version },
        isCurrent: version === versions,
      });
    }
  }
});

describe("a proof with delegations", () => {
  const city: TestHolder = testHolder("City", 2);
  const bureau: TestHolder = testHolder("Bureau", 3);
  const registry = registryOf(
    ({ run }) => run(NATION, delegateTo("MA.156.1301", city)),
    ({ run }) => run(city, delegateTo("MA.156.1301.02", bureau)),
    ({ run }) => run(bureau, issueOne(lamp("5")), issueOne(lamp("7"))),
  );

  test("shows every prefix above a code and who holds it", () => {
    for (const [serial, kind] of [
      ["5", "record"],
      ["6", "never-issued"],
    ] as const) {
      const answer = resolve(registry.at(), lamp(serial), { delegations: true });
      if (!answer.ok) throw new Error(answer.failure.detail);
      expect(answer.value.standing.kind).toBe(kind);
      expect(
        answer.value.delegations?.map(({ prefix, holderId, holder }) => [prefix, holderId, holder.name]),
      ).toEqual([
        [CHINA, NATION.id, [["en", "Nation"]]],
        ["MA.156.1301", city.id, [["en", "City"]]],
        ["MA.156.1301.02", bureau.id, [["en", "Bureau"]]],
      ]);
    }
  });

  test("says nothing of them when the bundle does not show them", () => {
    const answer = verifyBytes(proveBytes(registry.at(), lamp("5")), lamp("5"));
    expect(answer.ok && answer.value.delegations).toBeUndefined();
  });

  test("shows a stretch without prefixes once, however many nodes lie in it", () => {
    const snapshot = registry.at();
    const { runs } = proveAnswer(snapshot.source, lamp("5") as Code, snapshot, { delegations: true });
    const ends = runs.map((run) => `${run.entries[0]!.key} ${run.entries[run.entries.length - 1]!.key}`);
    expect(new Set(ends).size).toBe(ends.length);
  });
});
