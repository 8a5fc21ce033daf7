// A validator in a process of its own, which issues codes without end and says what was acknowledged: to be killed. Its
// arguments: what it is started with as JSON, the first serial.
import type { Code } from "@cityroot/codes/ma/code";
import { networkOf } from "@cityroot/core/genesis";
import { issueOf } from "@cityroot/core/ledger.testing";
import { networkNode } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { readHome } from "@cityroot/node/home/home";

const [parts = "", from = ""] = process.argv.slice(2);
const node = networkNode(JSON.parse(parts) as Parameters<typeof networkNode>[0]);
const network = networkOf(readHome(node.parts.path).genesis).id;
await node.start();
let serial = Number(from);
await Promise.all(
  Array.from({ length: 16 }, async () => {
    for (;;) {
      const own = serial++;
      const operation = issueOf(`MA.156.1301.02/60.10000000.1/${own}` as Code);
      const bytes = signTransaction(NATION, [operation], { network, lastHeight: 5_000, nonce: own });
      const [result] = await node.engine().submit([bytes]);
      if (result!.outcome.ok) process.stdout.write(`${own} ${result!.outcome.value.height}\n`);
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }),
);
