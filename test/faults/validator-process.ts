// A validator in a process of its own, for a test to disturb. It is told what to do by its parent, and ends with it. Its
// argument: a ValidatorOrder as JSON.
import type { Code } from "@cityroot/codes/ma/code";
import { networkOf } from "@cityroot/core/genesis";
import { issueOf } from "@cityroot/core/ledger.testing";
import { networkNode } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { readHome } from "@cityroot/node/home/home";
import type { RegistryStore } from "@cityroot/node/store/registry-store";
import { childrenOf } from "./processes.testing.ts";
import type { Said, Told, ValidatorOrder } from "./validators.testing.ts";

const LAST_HEIGHT = 10_000;

const { parts, fall } = JSON.parse(process.argv[2]!) as ValidatorOrder;
const say = (said: Said): void => void process.send!(said);

/** Falls at the write that is ordered: a block was worked out by then, and CometBFT has been told its hash. */
function fallAt(store: RegistryStore): RegistryStore {
  if (fall === undefined) return store;
  let writes = 0;
  return {
    ...store,
    write: async (block) => {
      writes += 1;
      if (writes !== fall.write) return store.write(block);
      if (fall.moment === "after") await store.write(block);
      if (fall.withConsensus) for (const pid of childrenOf(process.pid)) process.kill(pid, "SIGKILL");
      process.kill(process.pid, "SIGKILL");
      return new Promise(() => {});
    },
  };
}

const node = networkNode(parts, fallAt);
const network = networkOf(readHome(parts.path).genesis).id;

/** Height at which the code of a serial entered, or the name of the refusal. */
async function issue(serial: number): Promise<number | string> {
  const operation = issueOf(`MA.156.1301.02/60.10000000.1/${serial}` as Code);
  const bytes = signTransaction(NATION, [operation], { network, lastHeight: LAST_HEIGHT, nonce: serial });
  const [result] = await node.engine().submit([bytes]);
  const { outcome } = result!;
  return outcome.ok ? outcome.value.height : outcome.rejection.name;
}

/** Issues one code after the other, without end. */
async function write(from: number, writers: number): Promise<void> {
  let serial = from;
  const writeNext = async (): Promise<never> => {
    for (;;) {
      const own = serial++;
      const height = await issue(own);
      if (typeof height === "number") say({ kind: "acknowledged", serial: own, height });
      // It refuses at once while its CometBFT is away: others have their turn.
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await Promise.all(Array.from({ length: writers }, writeNext));
}

process.on("disconnect", () => process.exit());
process.on("message", async (told: Told) => {
  if (told.kind === "issue") {
    const outcomes = await Promise.all(told.serials.map(issue));
    say({ kind: "answer", id: told.id, outcomes });
  }
  if (told.kind === "write") void write(told.from, told.writers);
  if (told.kind === "reason") say({ kind: "answer", id: told.id, reason: node.stopped() });
  if (told.kind === "close") {
    await node.stop();
    process.exit();
  }
});
try {
  await node.start();
  say({ kind: "started" });
} catch (cause) {
  say({ kind: "failed", reason: (cause as Error).message });
}
