// Who has the say: delegation, transfer, prefixes out of use.

import { issueOf } from "@cityroot/core/ledger.testing";
import {
  BUREAU,
  CHINA,
  CITY,
  delegateOf,
  federateOf,
  LAMP,
  LAMPS,
  openRule,
  reinstateOf,
  retireOf,
  setRuleOf,
  suspendOf,
  testFederation,
  transferOf,
  updateOf,
} from "@cityroot/core/operation/operation.testing";
import type { HistoryFile } from "../history-case.ts";
import { BUREAU_HOLDER, beginHistory, CITY_HOLDER, NATION, STRANGER } from "../history-maker.ts";

function delegationChain(): HistoryFile {
  const { send, next, finish } = beginHistory("each holder decides below its own prefix, and nowhere else");
  send("NOT_AUTHORISED", "the city does not stand anywhere yet", STRANGER, [delegateOf(CITY, CITY_HOLDER)]);
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  send("PREFIX_TAKEN", "the nation delegates the city again", NATION, [delegateOf(CITY, BUREAU_HOLDER)]);
  next();
  send("ok", "the city delegates a bureau and issues beside it", CITY_HOLDER, [
    delegateOf(BUREAU, BUREAU_HOLDER, { rule: openRule({ countMax: 2 }) }),
    issueOf(`${CITY}.03`),
  ]);
  send("NOT_AUTHORISED", "the nation issues below the city", NATION, [issueOf(`${CITY}.04`)]);
  send("NOT_AUTHORISED", "the city issues beside itself", CITY_HOLDER, [issueOf("MA.156.1302")]);
  send("NOT_AUTHORISED", "the city issues the start of its own text", CITY_HOLDER, [issueOf("MA.156.13")]);
  send("PREFIX_UNKNOWN", "the city issues where nobody holds anything", CITY_HOLDER, [issueOf("MA.840.1")]);
  next();
  send("ok", "the bureau issues a lamp", BUREAU_HOLDER, [issueOf(LAMP)]);
  send("NOT_AUTHORISED", "the city issues below the bureau", CITY_HOLDER, [issueOf(`${LAMPS}/7`)]);
  send("NOT_AUTHORISED", "the city retires the bureau's lamp", CITY_HOLDER, [retireOf(LAMP)]);
  send("NOT_AUTHORISED", "the nation retires the bureau, which is the city's to do", NATION, [
    retireOf(BUREAU),
  ]);
  send("ok", "the bureau issues its last", BUREAU_HOLDER, [issueOf(`${LAMPS}/8`)]);
  send("RULE_COUNT", "the bureau issues more than its bound", BUREAU_HOLDER, [issueOf(`${LAMPS}/9`)]);
  next();
  send("HOLDER_UNKNOWN", "to a holder that nobody knows", CITY_HOLDER, [
    delegateOf(`${CITY}.05`, new Uint8Array(20)),
  ]);
  send("ok", "to a holder by its id", CITY_HOLDER, [delegateOf(`${CITY}.05`, STRANGER.id)]);
  send("ok", "a code that was issued becomes a prefix", CITY_HOLDER, [
    delegateOf(`${CITY}.03`, BUREAU_HOLDER.id),
  ]);
  send("ok", "who issues on its own there", BUREAU_HOLDER, [issueOf(`${CITY}.03/60`)]);
  return finish();
}

function transferred(): HistoryFile {
  const { send, next, finish } = beginHistory(
    "a prefix goes over with all below it, a code that is none goes alone",
  );
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  send("ok", "the city issues two lamps", CITY_HOLDER, [issueOf(LAMP), issueOf(`${LAMPS}/8`)]);
  next();
  send("ok", "the city hands a lamp to the stranger", CITY_HOLDER, [transferOf(LAMP, STRANGER)]);
  send("NOT_AUTHORISED", "the city changes it after that", CITY_HOLDER, [updateOf(LAMP)]);
  send("NOT_AUTHORISED", "the city makes a prefix of it", CITY_HOLDER, [delegateOf(LAMP, CITY_HOLDER.id)]);
  send("ok", "the stranger changes it", STRANGER, [updateOf(LAMP)]);
  send("NOT_AUTHORISED", "the stranger issues below it", STRANGER, [issueOf(`${LAMP}.1`)]);
  send("HOLDER_UNKNOWN", "to a holder that nobody knows", CITY_HOLDER, [
    transferOf(`${LAMPS}/8`, new Uint8Array(20)),
  ]);
  next();
  send("ok", "the city hands its prefix to the stranger", CITY_HOLDER, [transferOf(CITY, STRANGER)]);
  send("NOT_AUTHORISED", "the city issues below it", CITY_HOLDER, [issueOf(`${LAMPS}/9`)]);
  send("ok", "the stranger issues below it, and changes what was there", STRANGER, [
    issueOf(`${LAMPS}/9`),
    updateOf(`${LAMPS}/8`),
  ]);
  send("NOT_AUTHORISED", "the stranger suspends the prefix itself", STRANGER, [suspendOf(CITY)]);
  send("ok", "the nation does, who holds the prefix above", NATION, [suspendOf(CITY)]);
  send("PREFIX_SUSPENDED", "the lamp that was handed on is bound too", STRANGER, [updateOf(LAMP)]);
  next();
  send("ok", "a root prefix is handed on by its holder", NATION, [transferOf(CHINA, CITY_HOLDER)]);
  send("NOT_AUTHORISED", "who has no say there any more", NATION, [reinstateOf(CITY)]);
  send("ok", "the new holder has", CITY_HOLDER, [reinstateOf(CITY)]);
  return finish();
}

function suspendedPrefix(): HistoryFile {
  const { send, next, finish } = beginHistory(
    "below a suspended prefix nothing changes until it is put back",
  );
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  send("ok", "the city delegates the bureau", CITY_HOLDER, [delegateOf(BUREAU, BUREAU_HOLDER)]);
  send("ok", "the bureau issues a lamp", BUREAU_HOLDER, [issueOf(LAMP)]);
  next();
  send("NOT_AUTHORISED", "the city suspends itself", CITY_HOLDER, [suspendOf(CITY)]);
  send("ok", "the nation suspends the city", NATION, [suspendOf(CITY)]);
  send("CODE_SUSPENDED", "again", NATION, [suspendOf(CITY)]);
  send("PREFIX_SUSPENDED", "the city issues", CITY_HOLDER, [issueOf(`${CITY}.03`)]);
  send("PREFIX_SUSPENDED", "the bureau issues, two prefixes below", BUREAU_HOLDER, [issueOf(`${LAMPS}/8`)]);
  send("PREFIX_SUSPENDED", "the bureau changes its lamp", BUREAU_HOLDER, [updateOf(LAMP)]);
  send("PREFIX_SUSPENDED", "the city sets its rule", CITY_HOLDER, [setRuleOf(CITY, openRule())]);
  send("ok", "the nation binds the city", NATION, [setRuleOf(CITY, openRule({ countMax: 2 }), "bound")]);
  next();
  send("ok", "the nation puts the city back", NATION, [reinstateOf(CITY)]);
  send("CODE_NOT_SUSPENDED", "again", NATION, [reinstateOf(CITY)]);
  send("ok", "the bureau issues", BUREAU_HOLDER, [issueOf(`${LAMPS}/8`)]);
  next();
  send("ok", "a root prefix is suspended by its own holder", NATION, [suspendOf(CHINA)]);
  send("PREFIX_SUSPENDED", "and binds everything", BUREAU_HOLDER, [issueOf(`${LAMPS}/9`)]);
  send("ok", "until its holder puts it back", NATION, [reinstateOf(CHINA)]);
  send("ok", "the bureau issues", BUREAU_HOLDER, [issueOf(`${LAMPS}/9`)]);
  return finish();
}

function retiredPrefix(): HistoryFile {
  const { send, next, finish } = beginHistory("below a retired prefix nothing changes ever again");
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  send("ok", "the city issues a lamp", CITY_HOLDER, [issueOf(LAMP)]);
  next();
  send("ok", "the nation retires the city", NATION, [retireOf(CITY)]);
  send("PREFIX_RETIRED", "the city issues", CITY_HOLDER, [issueOf(`${LAMPS}/8`)]);
  send("PREFIX_RETIRED", "the city retires its lamp", CITY_HOLDER, [retireOf(LAMP)]);
  send("PREFIX_RETIRED", "the city delegates", CITY_HOLDER, [delegateOf(BUREAU, BUREAU_HOLDER)]);
  send("PREFIX_RETIRED", "the city hands its prefix on", CITY_HOLDER, [transferOf(CITY, STRANGER)]);
  next();
  send("CODE_RETIRED", "the nation puts it back", NATION, [reinstateOf(CITY)]);
  send("CODE_RETIRED", "the nation suspends it", NATION, [suspendOf(CITY)]);
  send("PREFIX_TAKEN", "the nation delegates it anew", NATION, [delegateOf(CITY, CITY_HOLDER.id)]);
  send("CODE_TAKEN", "the nation issues its code anew", NATION, [issueOf(CITY)]);
  send("ok", "the city goes on elsewhere", NATION, [delegateOf("MA.156.1399", CITY_HOLDER.id)]);
  return finish();
}

function federatedPrefix(): HistoryFile {
  const { send, next, finish } = beginHistory(
    "another network serves what lies below a prefix, until that ends",
  );
  const other = testFederation(1);
  send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  send("NOT_AUTHORISED", "the nation federates it", NATION, [federateOf(CITY, other)]);
  send("PREFIX_NOT_FEDERATED", "the city ends what was not begun", CITY_HOLDER, [federateOf(CITY, null)]);
  send("PREFIX_UNKNOWN", "the city federates a code that is no prefix", CITY_HOLDER, [
    federateOf(BUREAU, other),
  ]);
  send("PREFIX_NOT_EMPTY", "the nation federates what has the city below it", NATION, [
    federateOf(CHINA, other),
  ]);
  next();
  send("ok", "the city federates its prefix", CITY_HOLDER, [federateOf(CITY, other)]);
  send("PREFIX_FEDERATED", "the city issues below it", CITY_HOLDER, [issueOf(LAMP)]);
  send("PREFIX_FEDERATED", "the city delegates below it", CITY_HOLDER, [delegateOf(BUREAU, BUREAU_HOLDER)]);
  send("PREFIX_FEDERATED", "the city speaks of a code below it", CITY_HOLDER, [retireOf(LAMP)]);
  send("ok", "the city describes its prefix", CITY_HOLDER, [updateOf(CITY)]);
  next();
  send("ok", "the city names other endpoints and another policy", CITY_HOLDER, [
    federateOf(CITY, {
      ...other,
      endpoints: ["https://a.example:8443/registry", "https://b.example"],
      policy: { ...other.policy, witnesses: [], quorum: 0 },
    }),
  ]);
  send("PREFIX_FEDERATED", "begun and issued in one transaction", CITY_HOLDER, [
    federateOf(CITY, null),
    federateOf(CITY, other),
    issueOf(LAMP),
  ]);
  next();
  send("ok", "the city ends it and issues", CITY_HOLDER, [federateOf(CITY, null), issueOf(LAMP)]);
  send("PREFIX_NOT_EMPTY", "the city federates it again", CITY_HOLDER, [federateOf(CITY, other)]);
  return finish();
}

/** Histories by their names. */
export const AUTHORITY_HISTORIES = {
  "delegation-chain": delegationChain,
  transfer: transferred,
  "suspended-prefix": suspendedPrefix,
  "retired-prefix": retiredPrefix,
  "federated-prefix": federatedPrefix,
} as const;
