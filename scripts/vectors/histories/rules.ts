// What rules allow: narrowing, widening, sequences, counts, times.
import { GENESIS_TIME_MS, issueOf } from "@cityroot/core/ledger.testing";
import {
  attributesOf,
  BUREAU,
  CHINA,
  CITY,
  delegateOf,
  LAMPS,
  openRule,
  rangeOf,
  retireOf,
  ruleOf,
  setRuleOf,
  testBatch,
  updateOf,
} from "@cityroot/core/operation/operation.testing";
import type { HistoryFile } from "../history-case.ts";
import { BUREAU_HOLDER, beginHistory, CITY_HOLDER, NATION } from "../history-maker.ts";

const NAME = attributesOf([["name", [["en", "Lamp"]]]]);

function at(serial: string): string {
  return `${LAMPS}/${serial}`;
}

function narrowing(): HistoryFile {
  const nationRule = ruleOf({ shapes: ["delegate .<d4>", "issue .<d4>.<d2>/**", "any .<d4>.<d2>"] });
  const { send, next, finish } = beginHistory(
    "a rule binds everything below it, and those below it narrow it",
    nationRule,
  );
  send("RULE_SHAPE", "a city of five digits", NATION, [delegateOf("MA.156.13011", CITY_HOLDER)]);
  send("RULE_SHAPE", "a city's code may be delegated, not issued", NATION, [issueOf(CITY)]);
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  next();
  send("ok", "the city narrows: two departments, lamps of six digits with a name", CITY_HOLDER, [
    setRuleOf(
      CITY,
      ruleOf({
        shapes: ["delegate .(01|02)", "issue .(01|02)/60.<d8>.1/<d6>"],
        classes: ["department", "street-lamp"],
        required: [{ class: "street-lamp", attributes: ["name"] }],
      }),
    ),
  ]);
  send("RULE_SHAPE", "a third department", CITY_HOLDER, [
    delegateOf(`${CITY}.03`, BUREAU_HOLDER, { class: "department" }),
  ]);
  send("RULE_ATTRIBUTE", "a department of another class", CITY_HOLDER, [delegateOf(BUREAU, BUREAU_HOLDER)]);
  send("ok", "the second department", CITY_HOLDER, [
    delegateOf(BUREAU, BUREAU_HOLDER, { class: "department" }),
  ]);
  next();
  send("RULE_SHAPE", "a lamp of five digits", BUREAU_HOLDER, [
    issueOf(at("00001"), { class: "street-lamp", attributes: NAME }),
  ]);
  send("RULE_ATTRIBUTE", "a lamp without a name", BUREAU_HOLDER, [
    issueOf(at("000001"), { class: "street-lamp" }),
  ]);
  send("RULE_ATTRIBUTE", "a bench", BUREAU_HOLDER, [
    issueOf(at("000001"), { class: "bench", attributes: NAME }),
  ]);
  send("ok", "a lamp", BUREAU_HOLDER, [issueOf(at("000001"), { class: "street-lamp", attributes: NAME })]);
  send("RULE_ATTRIBUTE", "a lamp loses its name", BUREAU_HOLDER, [
    updateOf(at("000001"), { attributes: [["name", null]] }),
  ]);
  return finish();
}

function widening(): HistoryFile {
  const { send, next, finish } = beginHistory(
    "no rule permits more than those above it",
    openRule({ countMax: 10, classes: ["division", "lamp"] }),
  );
  send("RULE_WIDENS", "a bound without limits", NATION, [
    delegateOf(CITY, CITY_HOLDER, { rule: openRule() }),
  ]);
  send("RULE_WIDENS", "a bound with a higher count", NATION, [
    delegateOf(CITY, CITY_HOLDER, { rule: openRule({ countMax: 11, classes: ["lamp"] }) }),
  ]);
  send("ok", "a bound within", NATION, [
    delegateOf(CITY, CITY_HOLDER, { rule: openRule({ countMax: 5, classes: ["lamp", "division"] }) }),
  ]);
  next();
  send("RULE_WIDENS", "the city widens its count", CITY_HOLDER, [
    setRuleOf(CITY, openRule({ countMax: 6, classes: ["lamp"] })),
  ]);
  send("RULE_WIDENS", "the city widens its classes", CITY_HOLDER, [
    setRuleOf(CITY, openRule({ countMax: 1, classes: ["bench"] })),
  ]);
  send("RULE_WIDENS", "the city drops the limit of classes", CITY_HOLDER, [
    setRuleOf(CITY, openRule({ countMax: 1 })),
  ]);
  send("ok", "the city narrows", CITY_HOLDER, [
    setRuleOf(CITY, openRule({ countMax: 1, classes: ["lamp"] })),
  ]);
  send("ok", "and widens again within its bound", CITY_HOLDER, [
    setRuleOf(CITY, openRule({ countMax: 5, classes: ["lamp"] })),
  ]);
  send("NOT_AUTHORISED", "the city widens its bound", CITY_HOLDER, [
    setRuleOf(CITY, openRule({ countMax: 9, classes: ["lamp"] }), "bound"),
  ]);
  send("NOT_AUTHORISED", "the city sets the nation's rule", CITY_HOLDER, [setRuleOf(CHINA, openRule())]);
  next();
  send("ok", "the nation narrows the bound below what the city chose: both hold", NATION, [
    setRuleOf(CITY, openRule({ countMax: 1, classes: ["lamp"] }), "bound"),
  ]);
  send("ok", "one lamp", CITY_HOLDER, [issueOf(at("1"), { class: "lamp" })]);
  send("RULE_COUNT", "a second one", CITY_HOLDER, [issueOf(at("2"), { class: "lamp" })]);
  send("PREFIX_UNKNOWN", "a rule of what is no prefix", CITY_HOLDER, [setRuleOf(BUREAU, openRule())]);
  return finish();
}

function sequence(): HistoryFile {
  const { send, next, finish } = beginHistory("serials count up by one, ranges with all of theirs");
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  send("ok", "the city wants a sequence", CITY_HOLDER, [setRuleOf(CITY, openRule({ sequence: true }))]);
  next();
  send("RULE_SEQUENCE", "the second first", CITY_HOLDER, [issueOf(at("0002"))]);
  send("RULE_SEQUENCE", "a serial that is none", CITY_HOLDER, [issueOf(at("000A"))]);
  send("RULE_SEQUENCE", "a batch, whose serials nobody sees", CITY_HOLDER, [
    testBatch([at("0001"), at("0002")]).operation,
  ]);
  send("ok", "the first and the second", CITY_HOLDER, [issueOf(at("0001")), issueOf(at("0002"))]);
  send("RULE_SEQUENCE", "the fourth", CITY_HOLDER, [issueOf(at("0004"))]);
  send("ok", "a range from the third on", CITY_HOLDER, [rangeOf(at("0003"), 4, 50)]);
  next();
  send("ok", "one of the range retires", CITY_HOLDER, [retireOf(at("0030"))]);
  send("RULE_SEQUENCE", "one too far after the range", CITY_HOLDER, [issueOf(at("0054"))]);
  send("ok", "the next after the range", CITY_HOLDER, [issueOf(at("0053"))]);
  return finish();
}

function limits(): HistoryFile {
  const { send, next, finish } = beginHistory("counts, times and check characters");
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  send("ok", "the city allows six codes until a time", CITY_HOLDER, [
    setRuleOf(CITY, openRule({ countMax: 6, untilMs: GENESIS_TIME_MS + 10_000 })),
  ]);
  next(GENESIS_TIME_MS + 9_999);
  send("RULE_COUNT", "a range of seven", CITY_HOLDER, [rangeOf(at("1"), 1, 7)]);
  send("ok", "a range of five, one millisecond before", CITY_HOLDER, [rangeOf(at("1"), 1, 5)]);
  send("RULE_COUNT", "two more", CITY_HOLDER, [issueOf(at("7")), issueOf(at("8"))]);
  next(GENESIS_TIME_MS + 10_000);
  send("RULE_UNTIL", "one more, at that time", CITY_HOLDER, [issueOf(at("7"))]);
  send("ok", "what was issued changes as before", CITY_HOLDER, [updateOf(at("1"))]);
  send("ok", "the city wants check characters", CITY_HOLDER, [
    setRuleOf(CITY, openRule({ checkCharacter: true })),
  ]);
  const checked = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((check) => at(`A7${check}`));
  for (const code of checked) {
    const isRight = code.endsWith(RIGHT_CHECK);
    send(isRight ? "ok" : "RULE_CHECK_CHARACTER", `the check ${code.slice(-1)}`, CITY_HOLDER, [
      issueOf(code),
    ]);
  }
  return finish();
}

/** The check character of ISO 7064 MOD 37,36 over `MA.156.1301.02/60.10000000.1/A7`. */
const RIGHT_CHECK = "V";

/** Histories by their names. */
export const RULE_HISTORIES = {
  "rule-narrowing": narrowing,
  "rule-widening": widening,
  "rule-sequence": sequence,
  "rule-limits": limits,
} as const;
