// When a transaction enters: once, in time, on its own network.
import { issueOf } from "@cityroot/core/ledger.testing";
import { EXPIRY_BLOCKS_MAX } from "@cityroot/core/limits";
import { retireOf } from "@cityroot/core/operation/operation.testing";
import type { HistoryFile } from "../history-case.ts";
import { beginHistory, CITY_HOLDER, NATION, STRANGER } from "../history-maker.ts";

function duplicate(): HistoryFile {
  const { send, repeat, next, finish } = beginHistory("a transaction enters once, however often it comes");
  const bytes = send("ok", "a code", NATION, [issueOf("MA.156.1")], { lastHeight: 3 });
  repeat("DUPLICATE", "again in the same block", bytes);
  const refused = send("CODE_NEVER_ISSUED", "one that is refused", NATION, [retireOf("MA.156.2")], {
    lastHeight: 3,
  });
  next();
  repeat("DUPLICATE", "again in the next block", bytes);
  send("ok", "what the refused one needs", NATION, [issueOf("MA.156.2")]);
  repeat("ok", "the refused one may come again", refused);
  repeat("DUPLICATE", "and then no more", refused);
  next();
  repeat("DUPLICATE", "at its last height", bytes);
  next();
  repeat("EXPIRED", "after its last height", bytes);
  send("CODE_TAKEN", "the same under another nonce is another", NATION, [issueOf("MA.156.1")]);
  return finish();
}

function expiry(): HistoryFile {
  const { send, next, height, finish } = beginHistory(
    "a transaction enters up to its last height, which lies within the window",
  );
  const issue = (serial: number) => [issueOf(`MA.156.${serial}`)];
  send("ok", "as far ahead as may be", NATION, issue(1), { lastHeight: height() + EXPIRY_BLOCKS_MAX - 1 });
  send("EXPIRY_TOO_FAR", "one further", NATION, issue(2), { lastHeight: height() + EXPIRY_BLOCKS_MAX });
  send("EXPIRY_TOO_FAR", "as far as numbers go", NATION, issue(2), { lastHeight: Number.MAX_SAFE_INTEGER });
  send("ok", "at this height alone", NATION, issue(3), { lastHeight: height() });
  send("EXPIRED", "before this height", NATION, issue(4), { lastHeight: height() - 1 });
  next();
  send("ok", "what was one too far is not any more", NATION, issue(2), {
    lastHeight: height() + EXPIRY_BLOCKS_MAX - 1,
  });
  send("EXPIRED", "at the height before", NATION, issue(4), { lastHeight: height() - 1 });
  return finish();
}

function otherNetwork(): HistoryFile {
  const { send, finish } = beginHistory(
    "a transaction is for one network, of a holder that is there, and whole",
  );
  send("WRONG_NETWORK", "for another network", NATION, [issueOf("MA.156.1")], { network: "test-00000000" });
  send("WRONG_NETWORK", "for none", NATION, [issueOf("MA.156.1")], { network: "" });
  send("HOLDER_UNKNOWN", "of a holder that nobody declared", CITY_HOLDER, [issueOf("MA.156.1")]);
  send("KEY_UNKNOWN", "of a holder, signed by another", NATION, [issueOf("MA.156.1")], {
    seeds: STRANGER.seeds,
  });
  send("TRANSACTION_MALFORMED", "with a byte too many", NATION, [issueOf("MA.156.1")], {
    damage: (bytes) => Uint8Array.of(...bytes, 0),
  });
  send("TRANSACTION_MALFORMED", "with a byte too few", NATION, [issueOf("MA.156.1")], {
    damage: (bytes) => bytes.slice(0, -1),
  });
  send("CODE_MALFORMED", "with a code that is none", NATION, [issueOf("MA.156.1/x")]);
  send("CODE_MALFORMED", "with a code that is not canonical", NATION, [issueOf("MA.156.1/")]);
  send("ok", "well", NATION, [issueOf("MA.156.1")]);
  return finish();
}

/** Histories by their names. */
export const ENVELOPE_HISTORIES = {
  "duplicate-transaction": duplicate,
  "expiry-edges": expiry,
  "other-network-and-malformed": otherNetwork,
} as const;
