// Who signs: rotation, recovery, thresholds, roles.
import { issueOf, keySetOfSeeds, seedOf } from "@cityroot/core/ledger.testing";
import { RECOVERY_DELAY_MS_MIN } from "@cityroot/core/limits";
import {
  CITY,
  delegateOf,
  LAMP,
  LAMPS,
  openRule,
  recoverOf,
  rotateOf,
  setRuleOf,
  transferOf,
} from "@cityroot/core/operation/operation.testing";
import type { KeySet } from "@cityroot/core/state/holder";
import type { HistoryFile } from "../history-case.ts";
import { beginHistory, CITY_HOLDER, type HistoryMaker, NATION, STRANGER } from "../history-maker.ts";

const SEEDS = [30, 31, 32, 33, 34, 35].map(seedOf);
const NEW_SEED = seedOf(40);
const NEW_KEYS = keySetOfSeeds([NEW_SEED]);

/** Two of the first three keys for every role; two of the last three for recovery. */
const TWO_OF_THREE: KeySet = {
  ...keySetOfSeeds(SEEDS),
  roles: {
    root: { keys: [0, 1, 2], needed: 2 },
    registrar: { keys: [0, 1, 2], needed: 2 },
    records: { keys: [0, 1, 2], needed: 2 },
  },
  recovery: { keys: [3, 4, 5], needed: 2, delayMs: RECOVERY_DELAY_MS_MIN },
};

function signedBy(...positions: readonly number[]): { readonly seeds: readonly Uint8Array[] } {
  return { seeds: positions.map((at) => SEEDS[at]!) };
}

function begin(about: string): HistoryMaker {
  const maker = beginHistory(about);
  maker.send("ok", "the nation delegates the city", NATION, [delegateOf(CITY, CITY_HOLDER)]);
  return maker;
}

function rotation(): HistoryFile {
  const { send, next, finish } = begin("a key that was rotated away signs nothing more");
  const seeds = [NEW_SEED];
  send("KEY_UNKNOWN", "the new key before the rotation", CITY_HOLDER, [issueOf(LAMP)], { seeds });
  send("ok", "the city rotates its keys, and issues with the old one in the same transaction", CITY_HOLDER, [
    rotateOf(NEW_KEYS),
    issueOf(LAMP),
  ]);
  send("KEY_UNKNOWN", "the old key in the same block", CITY_HOLDER, [issueOf(`${LAMPS}/1`)]);
  send("ok", "the new key in the same block", CITY_HOLDER, [issueOf(`${LAMPS}/2`)], { seeds });
  next();
  send("KEY_UNKNOWN", "the old key", CITY_HOLDER, [issueOf(`${LAMPS}/3`)]);
  send("KEY_UNKNOWN", "the old key beside the new one", CITY_HOLDER, [issueOf(`${LAMPS}/3`)], {
    seeds: [NEW_SEED, ...CITY_HOLDER.seeds],
  });
  send("KEY_UNKNOWN", "the old key rotates back", CITY_HOLDER, [rotateOf(CITY_HOLDER.declaration.keys)]);
  send("ok", "the new key rotates back", CITY_HOLDER, [rotateOf(CITY_HOLDER.declaration.keys)], { seeds });
  send("ok", "the old key is the present one again", CITY_HOLDER, [issueOf(`${LAMPS}/3`)]);
  return finish();
}

function thresholds(): HistoryFile {
  const { send, next, finish } = begin("two of three keys sign, for each role");
  send("ok", "the city sets its thresholds", CITY_HOLDER, [rotateOf(TWO_OF_THREE)]);
  next();
  const issue = (serial: number) => [issueOf(`${LAMPS}/${serial}`)];
  send("BELOW_THRESHOLD", "one key", CITY_HOLDER, issue(1), signedBy(0));
  send("BELOW_THRESHOLD", "one key and one of another role", CITY_HOLDER, issue(1), signedBy(0, 3));
  send("BELOW_THRESHOLD", "all keys of another role", CITY_HOLDER, issue(1), signedBy(3, 4, 5));
  send("ok", "the first and the third", CITY_HOLDER, issue(1), signedBy(0, 2));
  send("ok", "all three, and one of another role", CITY_HOLDER, issue(2), signedBy(0, 1, 2, 3));
  send("BELOW_THRESHOLD", "one root key", CITY_HOLDER, [transferOf(`${LAMPS}/1`, STRANGER)], signedBy(1));
  send("ok", "two root keys", CITY_HOLDER, [transferOf(`${LAMPS}/1`, STRANGER)], signedBy(1, 2));
  send(
    "BELOW_THRESHOLD",
    "root keys begin a recovery",
    CITY_HOLDER,
    [recoverOf("begin", NEW_KEYS)],
    signedBy(0, 1, 2),
  );
  send("SIGNATURE_INVALID", "a good signature and a damaged one", CITY_HOLDER, issue(3), {
    ...signedBy(0, 1),
    damage: (bytes) => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
  });
  return finish();
}

function roles(): HistoryFile {
  const { send, next, finish } = begin(
    "each role does what is its own, and a rule says whose it is to issue",
  );
  const one = (at: number) => ({ keys: [at], needed: 1 });
  const keys: KeySet = {
    ...keySetOfSeeds(SEEDS.slice(0, 3)),
    roles: { root: one(0), registrar: one(1), records: one(2) },
  };
  send("ok", "the city gives each role a key of its own", CITY_HOLDER, [rotateOf(keys)]);
  next();
  send("ok", "records issues", CITY_HOLDER, [issueOf(`${LAMPS}/1`)], signedBy(2));
  send("ok", "the registrar may issue too", CITY_HOLDER, [issueOf(`${LAMPS}/2`)], signedBy(1));
  send("BELOW_THRESHOLD", "root does not issue", CITY_HOLDER, [issueOf(`${LAMPS}/3`)], signedBy(0));
  send(
    "BELOW_THRESHOLD",
    "records does not delegate",
    CITY_HOLDER,
    [delegateOf(`${CITY}.03`, STRANGER.id)],
    signedBy(2),
  );
  send("ok", "the registrar delegates", CITY_HOLDER, [delegateOf(`${CITY}.03`, STRANGER.id)], signedBy(1));
  send("BELOW_THRESHOLD", "the registrar does not rotate", CITY_HOLDER, [rotateOf(keys)], signedBy(1));
  next();
  send(
    "ok",
    "a rule leaves issuing to the registrar",
    CITY_HOLDER,
    [setRuleOf(CITY, openRule({ issuer: "registrar" }))],
    signedBy(1),
  );
  send("RULE_ROLE", "records issues", CITY_HOLDER, [issueOf(`${LAMPS}/3`)], signedBy(2));
  send("ok", "the registrar issues", CITY_HOLDER, [issueOf(`${LAMPS}/3`)], signedBy(1));
  return finish();
}

function recoveryAtTheDelay(): HistoryFile {
  const { send, next, timeMs, finish } = begin(
    "a recovery completes at its delay, and not one millisecond before",
  );
  send("RECOVERY_NOT_SET", "the city forwent recovery", CITY_HOLDER, [recoverOf("begin", NEW_KEYS)]);
  send("ok", "it sets recovery keys", CITY_HOLDER, [rotateOf(TWO_OF_THREE)]);
  next();
  send(
    "RECOVERY_NOT_PENDING",
    "nothing to complete yet",
    CITY_HOLDER,
    [recoverOf("complete")],
    signedBy(3, 4),
  );
  send(
    "BELOW_THRESHOLD",
    "one recovery key begins",
    CITY_HOLDER,
    [recoverOf("begin", NEW_KEYS)],
    signedBy(3),
  );
  send("ok", "two recovery keys begin", CITY_HOLDER, [recoverOf("begin", NEW_KEYS)], signedBy(3, 5));
  send("RECOVERY_PENDING", "and again", CITY_HOLDER, [recoverOf("begin", NEW_KEYS)], signedBy(4, 5));
  send(
    "RECOVERY_TOO_EARLY",
    "complete in the same block",
    CITY_HOLDER,
    [recoverOf("complete")],
    signedBy(3, 4),
  );
  const readyAtMs = timeMs() + RECOVERY_DELAY_MS_MIN;
  next(readyAtMs - 1);
  send("RECOVERY_TOO_EARLY", "one millisecond before", CITY_HOLDER, [recoverOf("complete")], signedBy(3, 4));
  send("ok", "until then the old keys work", CITY_HOLDER, [issueOf(LAMP)], signedBy(0, 1));
  next(readyAtMs);
  send("ok", "at the very moment", CITY_HOLDER, [recoverOf("complete")], signedBy(4, 5));
  send("KEY_UNKNOWN", "the old keys are gone", CITY_HOLDER, [issueOf(`${LAMPS}/1`)], signedBy(0, 1));
  send("ok", "the new ones are the city's", CITY_HOLDER, [issueOf(`${LAMPS}/1`)], { seeds: [NEW_SEED] });
  return finish();
}

function recoveryContested(): HistoryFile {
  const { send, next, timeMs, finish } = begin("root keys contest a recovery, which then begins anew");
  send("ok", "the city sets recovery keys", CITY_HOLDER, [rotateOf(TWO_OF_THREE)]);
  send("RECOVERY_NOT_PENDING", "nothing to contest yet", CITY_HOLDER, [recoverOf("contest")], signedBy(0, 1));
  send("ok", "recovery keys begin", CITY_HOLDER, [recoverOf("begin", NEW_KEYS)], signedBy(3, 4));
  const readyAtMs = timeMs() + RECOVERY_DELAY_MS_MIN;
  next(readyAtMs);
  send("BELOW_THRESHOLD", "recovery keys contest", CITY_HOLDER, [recoverOf("contest")], signedBy(3, 4, 5));
  send("ok", "root keys contest, also after the delay", CITY_HOLDER, [recoverOf("contest")], signedBy(0, 2));
  send(
    "RECOVERY_NOT_PENDING",
    "nothing to complete any more",
    CITY_HOLDER,
    [recoverOf("complete")],
    signedBy(3, 4),
  );
  send("ok", "recovery keys begin again", CITY_HOLDER, [recoverOf("begin", NEW_KEYS)], signedBy(3, 4));
  next(readyAtMs + RECOVERY_DELAY_MS_MIN - 1);
  send(
    "RECOVERY_TOO_EARLY",
    "the whole delay passes again",
    CITY_HOLDER,
    [recoverOf("complete")],
    signedBy(3, 4),
  );
  send(
    "ok",
    "a rotation leaves the recovery",
    CITY_HOLDER,
    [rotateOf({ ...TWO_OF_THREE, recovery: { keys: [3], needed: 1, delayMs: RECOVERY_DELAY_MS_MIN } })],
    signedBy(0, 1),
  );
  next(readyAtMs + RECOVERY_DELAY_MS_MIN);
  send(
    "BELOW_THRESHOLD",
    "recovery keys of before complete it",
    CITY_HOLDER,
    [recoverOf("complete")],
    signedBy(4, 5),
  );
  send("ok", "the present one does", CITY_HOLDER, [recoverOf("complete")], signedBy(3));
  return finish();
}

/** Histories by their names. */
export const KEY_HISTORIES = {
  "rotation-and-retired-key": rotation,
  "below-threshold": thresholds,
  "roles-and-issuer": roles,
  "recovery-at-exactly-the-delay": recoveryAtTheDelay,
  "recovery-contested": recoveryContested,
} as const;
