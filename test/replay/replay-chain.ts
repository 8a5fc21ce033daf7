// Replays, with core alone, on whichever Node.js runs it: every history of vectors/, and a chain that was recorded. Prints
// what it came to as JSON. Its argument: the file of the chain, a RecordedChain as JSON.
import { readdirSync, readFileSync } from "node:fs";
import { decodeBlock, logEntriesOf } from "@cityroot/core/block";
import { applyGenesis, genesisFromJson } from "@cityroot/core/genesis";
import { sha256 } from "@cityroot/core/hash";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { verify } from "@cityroot/core/key/ed25519";
import { openLedger } from "@cityroot/core/ledger";
import { appendLeaves, EMPTY_FRONTIER, frontierRoot, leafHash } from "@cityroot/core/log/tree";
import { stateRootOf } from "@cityroot/core/proof/trie";
import { memoryState } from "@cityroot/core/state/memory";
import { replayWindow } from "@cityroot/core/state/replay";
import { checkSignatures, decodeTransaction } from "@cityroot/core/transaction";
import { type HistoryFile, judgeHistory } from "../../scripts/vectors/history-case.ts";
import type { RecordedChain, ReplayReport } from "./chain.testing.ts";

const HISTORIES = new URL("../../vectors/histories/", import.meta.url);

/** Names of the histories that come out as they stand in their files, and of those that do not. */
function judgeHistories(): Pick<ReplayReport, "same" | "different"> {
  const files = readdirSync(HISTORIES).sort();
  const isSame = (file: string): boolean => {
    const text = readFileSync(new URL(file, HISTORIES), "utf8");
    return `${JSON.stringify(judgeHistory(JSON.parse(text) as HistoryFile), null, 1)}\n` === text;
  };
  const same = files.filter(isSame);
  return { same: same.length, different: files.filter((file) => !same.includes(file)) };
}

/** Roots after the chain, and a digest over those after each of its blocks. */
function replay({ genesis, blocks }: RecordedChain): Pick<ReplayReport, "stateRoot" | "logRoot" | "digest"> {
  const read = genesisFromJson(genesis);
  if (!read.ok) throw new Error(read.rejection.detail);
  const state = memoryState();
  const network = applyGenesis(state, read.value);
  if (!network.ok) throw new Error(network.rejection.detail);
  const ledger = openLedger(network.value, replayWindow());
  let log = EMPTY_FRONTIER;
  let roots = "";
  for (const text of blocks) {
    const block = decodeBlock(hexToBytes(text)!)!;
    const transactions = block.transactions.map((bytes) => {
      const decoded = decodeTransaction(bytes);
      const checked = decoded.ok ? checkSignatures(decoded.value, verify) : decoded;
      if (!decoded.ok || !checked.ok) throw new Error(`block ${block.height}: a transaction is refused`);
      return decoded.value;
    });
    if (block.height > 0) ledger.applyBlock(state, transactions, block, block.misbehaviour);
    log = appendLeaves(log, logEntriesOf(block).map(leafHash));
    roots += `${bytesToHex(stateRootOf(state.entries())!)}${bytesToHex(frontierRoot(log))}`;
  }
  const digest = bytesToHex(sha256(hexToBytes(roots)!));
  return { stateRoot: roots.slice(-128, -64), logRoot: roots.slice(-64), digest };
}

const chain = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as RecordedChain;
const report: ReplayReport = { version: process.version, ...judgeHistories(), ...replay(chain) };
console.info(JSON.stringify(report));
