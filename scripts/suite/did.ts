// Runs the public suite of DID Resolution against a node of its own, whose history has an organisation that changed its keys and a
// code that was retired. What is skipped is in docs/suites.md.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Code } from "@cityroot/codes/ma/code";
import { networkOf } from "@cityroot/core/genesis";
import { issueOf, keySetOfSeeds, seedOf, testHolder } from "@cityroot/core/ledger.testing";
import { delegateOf, retireOf, rotateOf } from "@cityroot/core/operation/operation.testing";
import { didOfCode, didOfHolder } from "@cityroot/node/did/did-url";
import {
  makeTestHome,
  NATION,
  STORED_GENESIS,
  signTransaction,
} from "@cityroot/node/engine/embedded/stored-node.testing";
import { type RunningNode, startNode } from "@cityroot/node/start-node";
import { obtainSuite, type Suite } from "./obtain-suite.ts";

const CITY = testHolder("City", 2);
const LAMP = "MA.156.1301/60.10000000.1/000123";
const GONE = "MA.156.1301/60.10000000.1/000124";

/** Submits one transaction of the city or of the nation, and throws unless it entered. */
async function submit(node: RunningNode, nonce: number, holder: typeof CITY, ...operations: Operations) {
  const bytes = signTransaction(holder, operations, { lastHeight: 1_000, nonce });
  const [result] = await node.engine.submit([bytes]);
  if (result?.outcome.ok !== true) throw new Error(`refused: ${JSON.stringify(result?.outcome)}`);
}
type Operations = Parameters<typeof signTransaction>[1];

async function makeHistory(node: RunningNode): Promise<void> {
  const link = {
    rel: "describedby",
    href: "https://example.cn/lamp.pdf",
    type: null,
    lang: null,
    title: null,
  };
  await submit(node, 1, NATION, delegateOf("MA.156.1301", CITY));
  await submit(node, 2, CITY, issueOf(LAMP, { links: [link] }), issueOf(GONE), retireOf(GONE));
  const keys = keySetOfSeeds([seedOf(21), seedOf(22), seedOf(23)]);
  const roles = { ...keys.roles, root: { keys: [0, 1, 2], needed: 2 }, records: { keys: [0], needed: 1 } };
  await submit(node, 3, CITY, rotateOf({ ...keys, roles }));
}

/** What the suite is told of a resolver. */
function describeResolver(address: string): object {
  const network = networkOf(STORED_GENESIS);
  const city = didOfHolder(network, CITY.id);
  const lamp = didOfCode(network, LAMP as Code);
  return {
    id: city,
    endpoint: `${address}/1.0/identifiers`,
    supportedDids: {
      valid: [
        { did: didOfHolder(network, NATION.id), resolutionOptions: {} },
        { did: city, resolutionOptions: {} },
        { did: city, resolutionOptions: { versionId: "1" } },
        { did: lamp, resolutionOptions: {} },
      ],
      notFound: didOfHolder(network, new Uint8Array(20)),
      deactivated: didOfCode(network, GONE as Code),
      derefUrls: [
        { didUrl: city, dereferencingOptions: {} },
        { didUrl: `${lamp}#link-1`, dereferencingOptions: { versionId: "1" } },
        { didUrl: city, dereferencingOptions: { versionId: "1" } },
      ],
      serviceDerefUrls: [{ didUrl: `${lamp}?service=link-1` }, { didUrl: `${lamp}?serviceType=describedby` }],
    },
  };
}

function suiteFor(address: string): Suite {
  const resolver = JSON.stringify(describeResolver(address));
  return {
    name: "did-resolution",
    repository: "https://github.com/w3c-ccg/did-resolution-mocha-test-suite.git",
    commit: "2649fdf719beadbd3c684d358eea23c3c2e514fe",
    variable: "CITYROOT_DID_SUITE",
    packages: ["ajv@8.18.0", "chai@5.3.2", "mocha@11.7.0"],
    modules: {
      "vc-test-suite-implementations": `const settings = { didResolvers: [${resolver}] };
export const filterByTag = () => ({ match: new Map([["Cityroot", { settings }]]), nonMatch: new Map() });
`,
      "mocha-w3c-interop-reporter": `export const helpers = { setupMatrix() {}, setupRow() {} };
`,
    },
  };
}

const home = makeTestHome();
try {
  const node = await startNode({ home, listen: { host: "127.0.0.1", port: 0 }, logLevel: "fatal" });
  try {
    await makeHistory(node);
    const suite = obtainSuite(suiteFor(node.address));
    if ("why" in suite) console.error(`SKIPPED: the suite of DID Resolution was not run: ${suite.why}`);
    else {
      const mocha = join(suite.folder, "node_modules/mocha/bin/mocha.js");
      const args = [mocha, "tests/", "--no-config", "--reporter", "spec"];
      const child = spawn(process.execPath, args, { cwd: suite.folder, stdio: "inherit" });
      const [code] = (await once(child, "exit")) as [number | null];
      process.exitCode = code ?? 1;
    }
  } finally {
    await node.close();
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
