import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import {
  GENESIS_TIME_MS,
  issueOf,
  keySetOfSeeds,
  nameOf,
  publicKeyOfSeed,
  seedOf,
  type TestLedger,
  testHolder,
  testLedger,
} from "./ledger.testing.ts";
import { openLedger } from "./ledger.ts";
import { EXPIRY_BLOCKS_CROWDED, EXPIRY_BLOCKS_MAX } from "./limits.ts";
import {
  delegateOf,
  LAMP,
  LAMPS,
  retireOf,
  rotateOf,
  suspendOf,
  testCity,
} from "./operation/operation.testing.ts";
import { codeKey, kindOfKey, replayKey } from "./state/key.ts";
import { decodeRecord } from "./state/record.ts";
import { decodeReplay, readReplayWindow, replaySlotOf, replayWindow } from "./state/replay.ts";
import type { Transaction } from "./transaction.ts";

const CHINA = "MA.156" as Code;
const CITY = "MA.156.1301" as Code;

test("a holder issues below its prefix, delegates, and the delegate issues on its own", () => {
  const nation = testHolder("Nation", 1);
  const city = testHolder("City", 2);
  const ledger = testLedger([{ prefix: CHINA, holder: nation, rule: null }]);
  expect(ledger.run(nation, issueOf("MA.156.13"))).toEqual({ ok: true, value: undefined });
  const delegation = ledger.run(nation, {
    type: "delegate",
    prefix: CITY,
    holder: city.declaration,
    rule: null,
    class: "city",
    attributes: [["name", [["zh", "石家庄市"]]]],
  });
  expect(delegation).toEqual({ ok: true, value: undefined });
  expect(ledger.run(city, issueOf("MA.156.1301.02/60.10000000.1/000123"))).toEqual({
    ok: true,
    value: undefined,
  });
  const foreign = ledger.run(city, issueOf("MA.156.1302"));
  expect(foreign.ok ? "" : foreign.rejection.name).toBe("NOT_AUTHORISED");
  const reached = ledger.run(nation, issueOf("MA.156.1301.03"));
  expect(reached.ok ? "" : reached.rejection.name).toBe("NOT_AUTHORISED");
  const taken = ledger.run(nation, issueOf("MA.156.13"));
  expect(taken.ok ? "" : taken.rejection.name).toBe("CODE_TAKEN");
  const record = decodeRecord(ledger.state.get(codeKey("MA.156.13" as Code))!);
  expect(record?.version).toBe(1);
});

test("a code of a range answers, and gets a record of its own when it changes", () => {
  const nation = testHolder("Nation", 1);
  const ledger = testLedger([{ prefix: CHINA, holder: nation, rule: null }]);
  const first = "MA.156.1301.02/60.10000000.1/000000000" as Code;
  const range = { class: "lamp", attributes: [], links: [], commitments: [] };
  expect(
    ledger.run(nation, { type: "issue-range", first, digits: 9, count: 1_000_000_000, ...range }),
  ).toEqual({ ok: true, value: undefined });
  const taken = ledger.run(nation, issueOf("MA.156.1301.02/60.10000000.1/000000123"));
  expect(taken.ok ? "" : taken.rejection.name).toBe("CODE_TAKEN");
  const code = "MA.156.1301.02/60.10000000.1/000000123" as Code;
  expect(ledger.run(nation, { type: "retire", code, reason: "damaged", item: null })).toEqual({
    ok: true,
    value: undefined,
  });
  const record = decodeRecord(ledger.state.get(codeKey(code))!);
  expect(record).toMatchObject({ version: 2, status: "retired", within: first, class: "lamp" });
});

/** Applies blocks without transactions up to a height. */
function passTo(ledger: TestLedger, height: number): void {
  while (ledger.height() < height) ledger.block([]);
}

/** Names of the outcomes of one block. */
function blockOf(ledger: TestLedger, ...transactions: readonly Transaction[]) {
  return ledger.block(transactions).map(nameOf);
}

describe("a transaction enters once:", () => {
  test("not twice in a block, not in a later one, up to its last height", () => {
    const { ledger, city } = testCity();
    const transaction = ledger.transaction(city, [issueOf(LAMP)], { lastHeight: 5 });
    expect(blockOf(ledger, transaction, transaction)).toEqual(["ok", "DUPLICATE"]);
    for (let height = 3; height <= 5; height++) {
      expect(blockOf(ledger, transaction), `height ${height}`).toEqual(["DUPLICATE"]);
    }
    expect(blockOf(ledger, transaction)).toEqual(["EXPIRED"]);
    expect(ledger.recordOf(LAMP)?.version).toBe(1);
  });

  test("whoever of the holder's keys signed it", () => {
    const { ledger, city } = testCity();
    const seeds = [seedOf(20), seedOf(21)];
    ledger.given(city, rotateOf(keySetOfSeeds(seeds)));
    const signedBy = (...signers: readonly Uint8Array[]) =>
      ledger.transaction(city, [issueOf(LAMP)], { seeds: signers, nonce: 77, lastHeight: 9 });
    const outcomes = blockOf(ledger, signedBy(seeds[0]!), signedBy(seeds[1]!), signedBy(...seeds));
    expect(outcomes).toEqual(["ok", "DUPLICATE", "DUPLICATE"]);
  });

  test("but the same operations under another nonce are another transaction", () => {
    const { ledger, city } = testCity();
    const [a, b] = [1, 2].map((nonce) => ledger.transaction(city, [suspendOf(LAMP)], { nonce }));
    expect(a!.id).not.toEqual(b!.id);
    ledger.given(city, issueOf(LAMP));
    expect(blockOf(ledger, a!, b!)).toEqual(["ok", "CODE_SUSPENDED"]);
  });

  test("one that was refused may come again, and enter when it fits", () => {
    const { ledger, city } = testCity();
    const transaction = ledger.transaction(city, [suspendOf(LAMP)]);
    expect(blockOf(ledger, transaction)).toEqual(["CODE_NEVER_ISSUED"]);
    ledger.given(city, issueOf(LAMP));
    expect(blockOf(ledger, transaction, transaction)).toEqual(["ok", "DUPLICATE"]);
  });

  test("one holder may send many at once, in any order", () => {
    const { ledger, city } = testCity();
    const transactions = [5, 3, 9, 1].map((serial) =>
      ledger.transaction(city, [issueOf(`${LAMPS}/${serial}`)]),
    );
    expect(blockOf(ledger, ...transactions.reverse())).toEqual(["ok", "ok", "ok", "ok"]);
  });
});

describe("expiry:", () => {
  test("a transaction enters at its last height, and not one block later", () => {
    const { ledger, city } = testCity();
    const [inTime, late] = [3, 3].map((lastHeight, at) =>
      ledger.transaction(city, [issueOf(`${LAMPS}/${at}`)], { lastHeight }),
    );
    passTo(ledger, 2);
    expect(blockOf(ledger, inTime!)).toEqual(["ok"]);
    expect(blockOf(ledger, late!)).toEqual(["EXPIRED"]);
  });

  test("its last height lies fewer blocks ahead than the window has slots", () => {
    const { ledger, city } = testCity();
    const next = ledger.height() + 1;
    const at = (lastHeight: number) =>
      ledger.transaction(city, [issueOf(`${LAMPS}/${lastHeight}`)], { lastHeight });
    const furthest = at(next + EXPIRY_BLOCKS_MAX - 1);
    const tooFar = at(next + EXPIRY_BLOCKS_MAX);
    expect(blockOf(ledger, furthest, tooFar)).toEqual(["ok", "EXPIRY_TOO_FAR"]);
    // A block later it is near enough.
    expect(blockOf(ledger, tooFar)).toEqual(["ok"]);
    expect(blockOf(ledger, at(Number.MAX_SAFE_INTEGER))).toEqual(["EXPIRY_TOO_FAR"]);
  });

  test("the one that may stay longest is known until its last height, when its slot is taken", () => {
    const { ledger, city } = testCity();
    const entered = ledger.height() + 1;
    const lastHeight = entered + EXPIRY_BLOCKS_MAX - 1;
    const transaction = ledger.transaction(city, [issueOf(LAMP)], { lastHeight });
    expect(blockOf(ledger, transaction)).toEqual(["ok"]);
    passTo(ledger, lastHeight - 1);
    expect(blockOf(ledger, transaction)).toEqual(["DUPLICATE"]);
    const slot = replayKey(replaySlotOf(entered));
    expect(decodeReplay(ledger.state.get(slot)!)?.height).toBe(entered);
    expect(blockOf(ledger, transaction)).toEqual(["EXPIRED"]);
    expect(decodeReplay(ledger.state.get(slot)!)).toEqual({
      height: lastHeight + 1,
      ids: [],
      lastHeights: [],
    });
  });

  test("the window is bounded: however many blocks pass, it has no more slots", () => {
    const { ledger } = testCity();
    const slots = () => ledger.state.entries().filter(({ key }) => kindOfKey(key) === "replay").length;
    passTo(ledger, EXPIRY_BLOCKS_MAX - 1);
    expect(slots()).toBe(EXPIRY_BLOCKS_MAX);
    passTo(ledger, EXPIRY_BLOCKS_MAX + 20);
    expect(slots()).toBe(EXPIRY_BLOCKS_MAX);
  });

  test("whoever fills the window holds nobody up: what expires soon enters with every block", () => {
    const nation = testHolder("Nation", 1);
    const roots = [{ prefix: CHINA, holder: nation, rule: null }];
    const IDS_MAX = 1_024;
    const ledger = testLedger(roots, { window: replayWindow(IDS_MAX), signs: false });
    let serial = 0;
    const issue = (ahead: number): Transaction =>
      ledger.transaction(nation, [issueOf(`MA.156.${++serial}`)], {
        lastHeight: ledger.height() + 1 + ahead,
      });
    const many = Array.from({ length: IDS_MAX }, () => issue(EXPIRY_BLOCKS_MAX - 1));
    const outcomes = blockOf(ledger, ...many);
    expect(outcomes.filter((outcome) => outcome === "ok").length).toBe(IDS_MAX / 2);
    expect(outcomes.at(-1)).toBe("EXPIRY_TOO_FAR");
    expect(blockOf(ledger, many[0]!)).toEqual(["DUPLICATE"]);
    // A block is none when nothing enters with it: whatever is refused must leave room in the next one for something.
    const inWindow = new Map<number, number>();
    for (let block = 0; block < 2 * EXPIRY_BLOCKS_CROWDED; block++) {
      const all = [0, 1, 2].map(() => issue(EXPIRY_BLOCKS_CROWDED - 1));
      expect(blockOf(ledger, ...all), `block ${block}`).toEqual(["ok", "ok", "REPLAY_WINDOW_FULL"]);
      inWindow.set(ledger.height(), 2);
      inWindow.delete(ledger.height() - EXPIRY_BLOCKS_CROWDED);
    }
    expect(IDS_MAX / 2 + 2 * inWindow.size, "ids in the window").toBeLessThanOrEqual(IDS_MAX);
    expect(blockOf(ledger, issue(EXPIRY_BLOCKS_CROWDED))).toEqual(["EXPIRY_TOO_FAR"]);
    passTo(ledger, EXPIRY_BLOCKS_MAX);
    expect(blockOf(ledger, issue(EXPIRY_BLOCKS_MAX - 1))).toEqual(["ok"]);
  });
});

test("a ledger that is opened anew over the state decides as the one that ran on", () => {
  const { ledger, city } = testCity();
  const transactions = [3, 4, 5, 9].map((lastHeight) =>
    ledger.transaction(city, [issueOf(`${LAMPS}/${lastHeight}`)], { lastHeight }),
  );
  ledger.block(transactions);
  ledger.block([]);
  for (let height = ledger.height(); height <= 10; height++) {
    const again = openLedger(ledger.ledger.network, readReplayWindow(ledger.state, height));
    const check = (opened: typeof again) =>
      transactions.map((transaction) => nameOf(opened.check(ledger.state, transaction, height + 1)));
    ledger.block([]);
    // The live one has forgotten by the block that it made, the other one when it was opened.
    expect(check(again), `height ${height}`).toEqual(
      [3, 4, 5, 9].map((lastHeight) => (lastHeight > height ? "DUPLICATE" : "EXPIRED")),
    );
  }
});

describe("a refused transaction leaves no trace", () => {
  test("but in the block's replay entry, which does not name it", () => {
    const { ledger, nation, city } = testCity();
    const bureau = testHolder("Bureau", 4);
    const before = ledger.state.entries();
    const outcomes = blockOf(
      ledger,
      ledger.transaction(city, [issueOf(LAMP), delegateOf("MA.156.1301.02", bureau), retireOf(`${LAMPS}/7`)]),
      ledger.transaction(nation, [suspendOf("MA.156.1301"), retireOf(`${LAMPS}/7`)]),
      ledger.transaction(city, [rotateOf(keySetOfSeeds([seedOf(9)])), retireOf(`${LAMPS}/7`)]),
    );
    expect(outcomes).toEqual(["CODE_NEVER_ISSUED", "CODE_NEVER_ISSUED", "CODE_NEVER_ISSUED"]);
    const slot = replayKey(replaySlotOf(ledger.height()));
    expect(ledger.state.entries().filter(({ key }) => key !== slot)).toEqual(before);
    expect(decodeReplay(ledger.state.get(slot)!)).toEqual({ height: 2, ids: [], lastHeights: [] });
    // Nor in what the ledger remembers of who has the say.
    expect(ledger.attempt(bureau, issueOf(LAMP))).toBe("HOLDER_UNKNOWN");
    expect(ledger.attempt(city, issueOf(LAMP))).toBe("ok");
  });

  test("and names the operation that was refused", () => {
    const { ledger, city } = testCity();
    const outcome = ledger.run(city, issueOf(LAMP), issueOf("MA.276.1"), issueOf(LAMP));
    expect(outcome).toMatchObject({ rejection: { name: "NOT_AUTHORISED", operation: 1 } });
  });
});

test("operations of one transaction see what those before them did", () => {
  const { ledger, city } = testCity();
  const bureau = testHolder("Bureau", 4);
  ledger.given(
    city,
    delegateOf("MA.156.1301.02", bureau),
    suspendOf("MA.156.1301.02"),
    issueOf("MA.156.1301.03"),
  );
  expect(ledger.prefixOf("MA.156.1301.02")).toMatchObject({ version: 2, status: "suspended" });
});

describe("who signs:", () => {
  const seeds = [seedOf(20), seedOf(21), seedOf(22)];

  test("HOLDER_UNKNOWN", () => {
    const { ledger } = testCity();
    expect(ledger.attempt(testHolder("Nobody", 7), issueOf(LAMP))).toBe("HOLDER_UNKNOWN");
  });

  test("KEY_UNKNOWN: every signature is of a key that the holder has, also where others are enough", () => {
    const { ledger, city } = testCity();
    const signedBy = (...signers: readonly Uint8Array[]) => ({ ...city, seeds: signers });
    expect(ledger.attempt(signedBy(seeds[0]!), issueOf(LAMP))).toBe("KEY_UNKNOWN");
    expect(ledger.attempt(signedBy(...city.seeds, seeds[0]!), issueOf(LAMP))).toBe("KEY_UNKNOWN");
  });

  test("BELOW_THRESHOLD: two of three, and signatures of other roles do not count", () => {
    const { ledger, city } = testCity();
    const all = [...seeds, seedOf(23)];
    const records = { keys: [0, 1, 2], needed: 2 };
    const others = { keys: [3], needed: 1 };
    ledger.given(
      city,
      rotateOf({ ...keySetOfSeeds(all), roles: { root: others, registrar: records, records } }),
    );
    const attempt = (...signers: readonly number[]) =>
      ledger.attempt(
        { ...city, seeds: signers.map((at) => all[at]!) },
        issueOf(`${LAMPS}/${signers.join("")}`),
      );
    for (const signer of [0, 1, 2, 3]) expect(attempt(signer), `${signer}`).toBe("BELOW_THRESHOLD");
    for (const signer of [0, 1, 2]) expect(attempt(signer, 3), `${signer}, 3`).toBe("BELOW_THRESHOLD");
    for (const pair of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      expect(attempt(...pair), `${pair}`).toBe("ok");
    expect(attempt(0, 1, 2, 3)).toBe("ok");
  });

  test("a key of several roles serves each", () => {
    const { ledger, city } = testCity();
    const one = { keys: [0], needed: 1 };
    const keys = { ...keySetOfSeeds(seeds), roles: { root: one, registrar: one, records: one } };
    ledger.given(city, rotateOf(keys));
    const operations = [issueOf(LAMP), rotateOf(keys), delegateOf("MA.156.1301.03", city.id)];
    expect(ledger.attempt({ ...city, seeds: [seeds[0]!] }, ...operations)).toBe("ok");
  });
});

/** Goal: the order of checks is that of the spec. Method: one transaction with every fault; each is mended in turn. */
test("the first refusal is the one that is named, and checking alone names it too", () => {
  const nation = testHolder("Nation", 1);
  const roots = [{ prefix: CHINA, holder: nation, rule: null }];
  const ledger = testLedger(roots, { signs: false });
  const stranger = { ...testHolder("Stranger", 2), seeds: [seedOf(9)] };
  const entered = ledger.transaction(nation, [issueOf("MA.156.1")], { lastHeight: 1, nonce: 50 });
  const attempt = (transaction: Transaction) => {
    const checked = nameOf(ledger.ledger.check(ledger.state, transaction, ledger.height() + 1));
    const [applied] = blockOf(ledger, transaction);
    expect(checked).toBe(applied);
    return applied;
  };
  const make = (holder: typeof nation, options: Parameters<TestLedger["transaction"]>[2]) =>
    ledger.transaction(holder, [retireOf("MA.156.9")], options);
  expect(attempt(make(stranger, { network: "other-00000000", lastHeight: 0 }))).toBe("WRONG_NETWORK");
  expect(attempt(make(stranger, { lastHeight: 0 }))).toBe("EXPIRED");
  expect(attempt(make(stranger, { lastHeight: Number.MAX_SAFE_INTEGER }))).toBe("EXPIRY_TOO_FAR");
  const crowded = replayWindow(2 * EXPIRY_BLOCKS_CROWDED);
  for (let at = 0; at < EXPIRY_BLOCKS_CROWDED; at++) crowded.add(new Uint8Array(32).fill(at), 0, 9);
  const filled = testLedger(roots, { window: crowded, signs: false });
  expect(blockOf(filled, entered, entered, filled.transaction(stranger, [issueOf("MA.156.2")]))).toEqual([
    "ok",
    "DUPLICATE",
    "REPLAY_WINDOW_FULL",
  ]);
  expect(attempt(make(stranger, {}))).toBe("HOLDER_UNKNOWN");
  expect(attempt(make({ ...nation, seeds: stranger.seeds }, {}))).toBe("KEY_UNKNOWN");
  expect(nameOf(ledger.ledger.check(ledger.state, make(nation, {}), ledger.height() + 1))).toBe("ok");
  expect(blockOf(ledger, make(nation, {}))).toEqual(["CODE_NEVER_ISSUED"]);
});

test("a transaction for another network enters nowhere else, and the refusal is printable", () => {
  const { ledger, city } = testCity();
  const transaction = ledger.transaction(city, [issueOf(LAMP)], { network: "网络\u0007" });
  const [outcome] = ledger.block([transaction]);
  expect(outcome).toMatchObject({ rejection: { name: "WRONG_NETWORK", fault: { got: "???" } } });
});

test("blocks made one by one are those made whole", () => {
  const whole = testCity();
  const byParts = testCity();
  const transactions = [1, 2, 2, 3].map((serial) =>
    whole.ledger.transaction(whole.city, [issueOf(`${LAMPS}/${serial}`)], { lastHeight: 9 }),
  );
  const block = { height: 2, timeMs: GENESIS_TIME_MS + 2_000 };
  whole.ledger.block(transactions, block.timeMs);
  const { ledger, state } = byParts.ledger;
  const entered = transactions.filter((transaction) => ledger.apply(state, transaction, block).ok);
  ledger.finish(state, entered, block);
  expect(byParts.ledger.root()).toEqual(whole.ledger.root());
  expect(entered).toHaveLength(3);
});

test("a test's public keys are those of its seeds", () => {
  expect(testHolder("x", 3).declaration.keys.keys[0]?.bytes).toEqual(publicKeyOfSeed(seedOf(3)));
});
