// What is claimed of legacy codes, and what others think of it.
import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import {
  BUREAU,
  CITY,
  claimOf,
  confirmOf,
  delegateOf,
  disputeOf,
  LAMP,
  LAMPS,
  LEGACY,
  rangeOf,
  retireOf,
  setCodingSystemOf,
  testBatch,
  transferOf,
  withdrawOf,
} from "@cityroot/core/operation/operation.testing";
import type { Day } from "@cityroot/core/state/day";
import type { HistoryFile } from "../history-case.ts";
import { BUREAU_HOLDER, beginHistory, CITY_HOLDER, NATION, STRANGER } from "../history-maker.ts";

const EVIDENCE = new Uint8Array(32).fill(7);
const ITEM = `${LAMPS}/K1` as Code;
const OTHER_LAMP = `${CITY}.03/60.10000000.1/1` as Code;

function claimed(): HistoryFile {
  const { send, next, finish } = beginHistory("a bureau and its city claim one legacy code for two things");
  const batch = testBatch([ITEM, `${LAMPS}/K3`]);
  const as = { claimant: BUREAU as Code };
  const other = { claimant: CITY as Code, target: OTHER_LAMP };
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  send("ok", "the city issues a lamp and delegates a bureau", CITY_HOLDER, [
    issueOf(OTHER_LAMP),
    delegateOf(BUREAU, BUREAU_HOLDER),
  ]);
  send("CODE_NEVER_ISSUED", "the bureau claims something of a lamp to be", BUREAU_HOLDER, [claimOf(as)]);
  send("ok", "the bureau issues a lamp and a batch", BUREAU_HOLDER, [issueOf(LAMP), batch.operation]);
  next();
  send("ok", "the bureau claims that its lamp has a legacy code", BUREAU_HOLDER, [
    claimOf({ ...as, from: "1980-01-01" as Day, evidence: EVIDENCE }),
  ]);
  send("ALIAS_STANDS", "the bureau claims it again", BUREAU_HOLDER, [
    claimOf({ ...as, from: "1980-01-01" as Day, evidence: EVIDENCE }),
  ]);
  send("NOT_AUTHORISED", "the city speaks as the bureau", CITY_HOLDER, [claimOf(as)]);
  send("PREFIX_UNKNOWN", "the city speaks as what is no prefix", CITY_HOLDER, [
    claimOf({ claimant: OTHER_LAMP, target: OTHER_LAMP }),
  ]);
  send("ITEM_PROOF_MISSING", "the bureau claims something of a batch's item", BUREAU_HOLDER, [
    claimOf({ ...as, target: ITEM }),
  ]);
  send("ok", "the same, with the item's proof", BUREAU_HOLDER, [
    claimOf({ ...as, relation: "part-of", target: ITEM, item: batch.proofOf(ITEM) }),
  ]);
  next();
  send("ok", "the city claims that another lamp has the legacy code", CITY_HOLDER, [claimOf(other)]);
  send("PERSONAL_NUMBER", "the city claims a number of a person", CITY_HOLDER, [
    claimOf({ ...other, system: "id", value: "11010519491231002X" }),
  ]);
  send("OPERATION_MALFORMED", "the city claims what ended before it began", CITY_HOLDER, [
    claimOf({ ...other, from: "2000-01-01" as Day, until: "1999-12-31" as Day }),
  ]);
  send("NOT_AUTHORISED", "the city disputes what is about the bureau's lamp", CITY_HOLDER, [disputeOf(as)]);
  send("CODING_SYSTEM_UNKNOWN", "a stranger disputes it as the authority of the coding system", STRANGER, [
    disputeOf({ ...as, as: "system" }),
  ]);
  next();
  send("NOT_AUTHORISED", "the city names the authority of the coding system", CITY_HOLDER, [
    setCodingSystemOf(LEGACY.system, CITY),
  ]);
  send("ok", "the nation names the city", NATION, [setCodingSystemOf(LEGACY.system, CITY)]);
  send("ok", "the city disputes the bureau's claim", CITY_HOLDER, [
    disputeOf({ ...as, as: "system", evidence: EVIDENCE }),
  ]);
  send("ALIAS_STANDS", "the city disputes it again", CITY_HOLDER, [
    disputeOf({ ...as, as: "system", evidence: EVIDENCE }),
  ]);
  send("ALIAS_UNKNOWN", "the city confirms what was never claimed", CITY_HOLDER, [
    confirmOf({ ...other, relation: "replaced-by", as: "system" }),
  ]);
  next();
  send("ok", "the bureau withdraws its claim and hands its lamp to the city", BUREAU_HOLDER, [
    withdrawOf(as),
    transferOf(LAMP, CITY_HOLDER),
  ]);
  send("ALIAS_WITHDRAWN", "the city confirms what was withdrawn", CITY_HOLDER, [confirmOf(as)]);
  send("ok", "the bureau claims it anew", BUREAU_HOLDER, [claimOf(as)]);
  send("ok", "the city, whose lamp it is by now, confirms it", CITY_HOLDER, [confirmOf(as)]);
  send("ok", "the city retires the lamp, and claims something more of it", CITY_HOLDER, [
    retireOf(LAMP),
    claimOf({ relation: "replaced-by" }),
  ]);
  next();
  send("ok", "the city issues sixteen lamps and claims that one legacy code is all of them", CITY_HOLDER, [
    rangeOf(`${CITY}.03/60.10000000.1/20`, 2, 16),
    ...Array.from({ length: 16 }, (_, at) =>
      claimOf({ value: "1", target: `${CITY}.03/60.10000000.1/${at + 20}` as Code }),
    ),
  ]);
  send("ALIAS_CLAIMS_TOO_MANY", "and one more", CITY_HOLDER, [claimOf({ value: "1", target: OTHER_LAMP })]);
  send("ok", "the nation takes the coding system from the city", NATION, [
    setCodingSystemOf(LEGACY.system, null),
  ]);
  return finish();
}

/** Histories by their names. */
export const ALIAS_HISTORIES = { aliases: claimed } as const;
