// Who decides over the network itself: its validators, its parameters, and what is recorded of validators.
import { bytesToHex } from "@cityroot/core/hex";
import { issueOf, keySetOfSeeds, seedOf } from "@cityroot/core/ledger.testing";
import {
  BUREAU,
  CHINA,
  CITY,
  delegateOf,
  LAMP,
  reinstateOf,
  retireOf,
  rotateOf,
  setParametersOf,
  setValidatorsOf,
  suspendOf,
  testValidator,
  transferOf,
} from "@cityroot/core/operation/operation.testing";
import { addressOf } from "@cityroot/core/state/validators";
import type { HistoryFile, ReportedMisbehaviour } from "../history-case.ts";
import { BUREAU_HOLDER, beginHistory, CITY_HOLDER, NATION, STRANGER } from "../history-maker.ts";

const ONE = testValidator(1);
const TWO = testValidator(2);
const THREE = testValidator(3);
const FOUR = testValidator(4, 7);

/** What a consensus reports of a validator. */
function report(
  publicKey: Uint8Array,
  kind: ReportedMisbehaviour["kind"],
  height: number,
): ReportedMisbehaviour {
  const timeMs = 1_767_225_600_000 + height;
  return { kind, address: bytesToHex(addressOf(publicKey)), power: 10, height, timeMs, totalPower: 37 };
}

function validators(): HistoryFile {
  const begun = [ONE, TWO, THREE, FOUR];
  const maker = beginHistory("a network changes its validators, and records what they did", null, begun);
  const { send, next, finish } = maker;
  send("NOT_AUTHORISED", "another root prefix's holder removes one", STRANGER, [setValidatorsOf(ONE)]);
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  send("NOT_AUTHORISED", "the city removes one", CITY_HOLDER, [setValidatorsOf(ONE)]);
  next();
  maker.report(report(FOUR.publicKey, "duplicate-vote", 12));
  maker.report(report(FOUR.publicKey, "light-client-attack", 13));
  maker.report(report(testValidator(9).publicKey, "other", 14));
  send("ok", "the nation removes who voted twice", NATION, [setValidatorsOf(ONE, TWO, THREE)]);
  next();
  maker.report(report(FOUR.publicKey, "duplicate-vote", 15));
  next();
  send("ok", "twice in one block: the later one holds", NATION, [setValidatorsOf(ONE)]);
  send("ok", "with another vote and another name", NATION, [
    setValidatorsOf({ ...ONE, name: "first", power: 1 }, TWO, THREE),
  ]);
  next();
  const roles = {
    root: { keys: [0, 1], needed: 2 },
    registrar: { keys: [2], needed: 1 },
    records: { keys: [2], needed: 1 },
  };
  const seeds = [seedOf(30), seedOf(31), seedOf(32)];
  send("ok", "from now on the nation needs two root keys", NATION, [
    rotateOf({ ...keySetOfSeeds(seeds), roles }),
  ]);
  send("BELOW_THRESHOLD", "one of them is not enough", NATION, [setValidatorsOf(ONE)], {
    seeds: [seeds[0]!],
  });
  send("BELOW_THRESHOLD", "nor with the registrar's", NATION, [setValidatorsOf(ONE)], {
    seeds: [seeds[0]!, seeds[2]!],
  });
  send("ok", "both are", NATION, [setValidatorsOf(ONE, TWO, THREE, FOUR)], { seeds: seeds.slice(0, 2) });
  next();
  const both = { seeds: seeds.slice(0, 2) };
  send("ok", "the root prefix is suspended", NATION, [suspendOf(CHINA)], { seeds: [seeds[2]!] });
  send("PREFIX_SUSPENDED", "nothing is delegated below it", CITY_HOLDER, [delegateOf(BUREAU, BUREAU_HOLDER)]);
  send("ok", "who holds it decides over the network all the same", NATION, [setValidatorsOf(TWO)], both);
  send("ok", "it is put back", NATION, [reinstateOf(CHINA)], { seeds: [seeds[2]!] });
  send("ok", "and handed on", NATION, [transferOf(CHINA, CITY_HOLDER)], both);
  send("NOT_AUTHORISED", "which ends that", NATION, [setValidatorsOf(ONE)], both);
  send("ok", "whoever holds it now decides", CITY_HOLDER, [setValidatorsOf(ONE, TWO)]);
  return finish();
}

function parameters(): HistoryFile {
  const { send, next, height, finish } = beginHistory("parameters and versions hold for every node at once");
  const version = (number: number, fromHeight: number) =>
    setParametersOf({ protocol: { version: number, fromHeight } });
  send("PARAMETERS_MALFORMED", "nothing is set", NATION, [setParametersOf({})]);
  send("NOT_AUTHORISED", "a stranger sets one", STRANGER, [setParametersOf({ blockTransactionsMax: 500 })]);
  send("ok", "the nation sets one", NATION, [setParametersOf({ blockTransactionsMax: 500 })]);
  next();
  send("ok", "the other stays", NATION, [setParametersOf({ blockBytesMax: 2_097_152 })]);
  send("PROTOCOL_HEIGHT_PAST", "a version for this block", NATION, [version(2, height())]);
  send("PROTOCOL_VERSION_WRONG", "a version that leaves one out", NATION, [version(3, height() + 100)]);
  send("PROTOCOL_VERSION_WRONG", "a version that is past", NATION, [version(0, height() + 100)]);
  send("ok", "the next version, in a hundred blocks", NATION, [version(2, height() + 100)]);
  next();
  send("ok", "later", NATION, [version(2, height() + 200)]);
  send("ok", "which stays when something else is set", NATION, [
    setParametersOf({ blockTransactionsMax: 501 }),
  ]);
  next();
  send("ok", "not at all", NATION, [version(1, height() + 1)]);
  send("ok", "all of them at once, and the end of the registry", NATION, [
    setParametersOf({
      blockBytesMax: 33_554_432,
      blockTransactionsMax: 20_000,
      protocol: { version: 2, fromHeight: height() + 1_000 },
    }),
    retireOf(CHINA),
  ]);
  send("PREFIX_RETIRED", "nothing is issued any more", NATION, [issueOf(LAMP)]);
  send("ok", "and the network is still decided over", NATION, [
    setParametersOf({ blockTransactionsMax: 5_000 }),
  ]);
  return finish();
}

/** Histories by their names. */
export const NETWORK_HISTORIES = {
  "network-validators": validators,
  "network-parameters": parameters,
} as const;
