// A process that writes into a home until it is killed. Before it submits a transaction it prints its bytes, and
// afterwards what became of it, in lines that are in the pipe before the next thing happens:
//   ready <height> · sent <number> <transaction in base64> · entered <number> <height> <index> · refused <number> <name>
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { issueOf } from "@cityroot/core/ledger.testing";
import type { Operation } from "@cityroot/core/operation/operation";
import { attributesOf, rangeOf, retireOf, updateOf } from "@cityroot/core/operation/operation.testing";
import { NATION, openStoredNode, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { type SeededRandom, seededRandom } from "../seeded-random.testing.ts";

const STEM = "MA.156.1301.02/60.10000000.1";
/** Submissions under way at once, so that one block is worked out while another is being written. */
const WRITERS = 6;

function print(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Operations of the next transaction: of one kind, or several of which the last may be refused. */
function nextOperations(random: SeededRandom, run: number, step: number): Operation[] {
  const serial = `${String(run).padStart(4, "0")}${String(step).padStart(5, "0")}`;
  const scattered = `${STEM.slice(0, -1)}${random.below(40)}/x${random.below(1e9)}`;
  const earlier = `${String(random.below(run + 1)).padStart(4, "0")}${String(random.below(30)).padStart(5, "0")}`;
  const known = `${STEM}/${random.oneIn(3) ? `R${earlier}-00${random.below(3)}` : earlier}`;
  const named = {
    attributes: attributesOf([["name", [["en", `step ${run}-${step}:`.padEnd(random.below(240), "x")]]]]),
  };
  switch (random.below(8)) {
    case 0:
      return Array.from({ length: 1 + random.below(12) }, (_, at) => issueOf(`${STEM}/${serial}.${at}`));
    case 1:
      return [issueOf(scattered, named)];
    case 2:
      return [updateOf(known, named)];
    case 3:
      return [updateOf(`${STEM}/always`, named), updateOf(`${STEM}/always`, named)];
    case 4:
      return [rangeOf(`${STEM}/R${serial}-000`, 3, 1 + random.below(900))];
    case 5:
      return [retireOf(known)];
    case 6:
      // The second is refused, so the first must leave no trace.
      return [issueOf(`${STEM}/half${serial}`), issueOf(`${STEM}/always`)];
    default:
      return [issueOf(`${STEM}/${serial}`, named)];
  }
}

async function writeLoad(home: string, seed: number, run: number): Promise<void> {
  const random = seededRandom(seed);
  const node = await openStoredNode(home, { snapshotBytesMin: 3_000 });
  const height = node.reader.head().checkpoint.height;
  print(`ready ${height}`);
  let step = 0;
  const submitNext = async (): Promise<void> => {
    const sent: { readonly number: number; readonly bytes: Uint8Array }[] = [];
    for (let count = 1 + random.below(random.oneIn(10) ? 40 : 4); count > 0; count--) {
      const number = step++;
      const operations = number === 0 ? [issueOf(`${STEM}/always`)] : nextOperations(random, run, number);
      const bytes = signTransaction(NATION, operations, {
        lastHeight: height + 10_000,
        nonce: run * 1e6 + number,
      });
      print(`sent ${number} ${Buffer.from(bytes).toString("base64")}`);
      sent.push({ number, bytes });
    }
    const results = await node.engine.submit(sent.map(({ bytes }) => bytes));
    for (const [at, { outcome }] of results.entries()) {
      const { number } = sent[at]!;
      if (outcome.ok) print(`entered ${number} ${outcome.value.height} ${outcome.value.index}`);
      else print(`refused ${number} ${outcome.rejection.name}`);
    }
    return submitNext();
  };
  await Promise.all(Array.from({ length: WRITERS }, submitNext));
}

// The modules are loaded by now: the parent says when and what to begin, so that it decides what the kill meets.
createInterface({ input: process.stdin }).once("line", (line) => {
  const [home, seed, run] = line.split(" ") as [string, string, string];
  writeLoad(home, Number(seed), Number(run)).catch((cause: unknown) => {
    console.error(cause);
    process.exit(1);
  });
});
print("loaded");
