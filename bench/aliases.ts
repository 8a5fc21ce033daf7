// How fast legacy codes are claimed, and resolved beside codes.
// Run: npm run bench:aliases, or with -- --quick for smaller sizes, or with -- --write for
// docs/figures/aliases.md
import { parseArgs } from "node:util";
import { verifyAliases } from "@cityroot/core/proof/aliases";
import { verifyNative } from "@cityroot/node/signature/native-ed25519";
import { installNativeFunctions } from "@cityroot/node/store/native-functions";
import { type Figure, medianOf, tableOf } from "./figure.ts";
import { pageOfFigures, writePage } from "./figures-page.ts";
import { fill } from "./fill.ts";
import { claimOf, codeOf, legacyOf, newHome } from "./fixture.ts";
import { getRequest, postRequest, runLoad } from "./http-load.ts";
import { policyOf } from "./measure-reads.ts";
import { type BenchServer, startServer } from "./server.ts";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
});
/** Legacy codes that one request looks up, as a table's rows are. */
const TOGETHER = 1_000;

installNativeFunctions();
const sizes = options.quick ? [20_000, 100_000] : [100_000, 300_000, 1_000_000];
const requests = options.quick ? 10_000 : 40_000;
const figures: Figure[] = [];
const home = newHome(1);
let filled = 0;
for (const size of sizes) {
  const name = `${size.toLocaleString("en-US")} aliases`;
  const issuing = await fill(home, filled, size);
  const claiming = await fill(home, filled, size, { what: "claiming aliases", operationOf: claimOf });
  const [issued, claimed] = [issuing, claiming].map((seconds) => (size - filled) / seconds) as [
    number,
    number,
  ];
  filled = size;
  figures.push(
    { name: "codes issued, 1 000 a transaction", size: name, value: issued, unit: "/s" },
    { name: "aliases claimed, 1 000 a transaction", size: name, value: claimed, unit: "/s", target: 20_000 },
    { name: "the second against the first", size: name, value: claimed / issued, unit: "" },
  );
  const server = await startServer(home, 1);
  figures.push(...(await readFigures(server, size, name)));
  await server.close();
}
console.log(tableOf(figures));
if (options.write) {
  const notes = `A claim is one operation of a transaction of 1,000, signed and durable, of a registry on one machine; one worker answers over HTTP. What a
legacy code is claimed to be comes with every claim about it and what they come to, and its proof shows that no claim was left out: the
entries on both sides of the list are in it, so that three leaves and two paths are shown where a code's proof has one of each. The SDK
and the command line ask for both with who has the say: a code's proof with the chain of its delegations, a legacy code's with the
authority of its coding system.`;
  const taken = ", load generator on the same machine";
  const command = "npm run bench:aliases -- --write";
  writePage("aliases.md", pageOfFigures({ title: "Figures of aliases", command, taken, figures, notes }));
}

/** A code's resolution and a legacy code's, in turns: as JSON and as proof. */
async function readFigures(server: BenchServer, count: number, size: string): Promise<Figure[]> {
  const pick = (): number => Math.floor(Math.random() * count);
  const query = (serial: number): string => {
    const { system, value } = legacyOf(serial);
    return `system=${system}&value=${value}`;
  };
  const proofHead = ["accept: application/vnd.cityroot.proof"];
  const kinds: readonly (readonly [what: string, code: () => Buffer, alias: () => Buffer])[] = [
    [
      "as JSON",
      () => getRequest(`/v1/codes/${codeOf(pick())}`),
      () => getRequest(`/v1/aliases?${query(pick())}`),
    ],
    [
      "as proof",
      () => getRequest(`/v1/proofs/${codeOf(pick())}`),
      () => getRequest(`/v1/aliases?${query(pick())}`, proofHead),
    ],
    [
      "as the SDK asks",
      () => getRequest(`/v1/proofs/${codeOf(pick())}?delegations=true`, proofHead),
      () => getRequest(`/v1/aliases?${query(pick())}&exact=true&authority=true&limit=1000`, proofHead),
    ],
  ];
  const found: Figure[] = [];
  for (const [what, code, alias] of kinds) {
    const rates: (readonly [code: number, alias: number])[] = [];
    for (let round = 0; round <= 3; round++) {
      const pair = [await rateOf(server, code), await rateOf(server, alias)] as const;
      // The first round warms the process up and does not count.
      if (round > 0) rates.push(pair);
    }
    found.push(
      { name: `a code resolved ${what}`, size, value: medianOf(rates.map(([one]) => one)), unit: "/s" },
      {
        name: `a legacy code resolved ${what}`,
        size,
        value: medianOf(rates.map(([, one]) => one)),
        unit: "/s",
      },
      {
        name: `the second against the first, ${what}`,
        ...{ size, value: medianOf(rates.map(([one, other]) => other / one)), unit: "", target: 1 },
      },
    );
  }
  found.push(...(await lookupFigures(server, pick, size)));
  const legacy = legacyOf(pick());
  const address = `${server.address}/v1/aliases?system=${legacy.system}&value=${legacy.value}`;
  const answer = await fetch(address, { headers: { accept: "application/vnd.cityroot.proof" } });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const shown = verifyAliases(bytes, legacy, undefined, {
    policy: await policyOf(server),
    verifySignature: verifyNative,
  });
  if (!shown.ok || shown.value.aliases.length !== 1) throw new Error("the claim is not proven");
  found.push({ name: "proof of all claims about a legacy code", size, value: bytes.length, unit: "bytes" });
  return found;
}

/** Legacy codes that are looked up together, beside those that are asked for one by one. */
async function lookupFigures(server: BenchServer, pick: () => number, size: string): Promise<Figure[]> {
  const { system } = legacyOf(0);
  const together = (): Buffer => {
    const values = Array.from({ length: TOGETHER }, () => legacyOf(pick()).value);
    const body = Buffer.from(JSON.stringify({ system, values, exact: true }));
    return postRequest("/v1/aliases/lookup", body, [], "application/json");
  };
  const alone = (): Buffer => getRequest(`/v1/aliases?system=${system}&value=${legacyOf(pick()).value}`);
  const rates: (readonly [together: number, alone: number])[] = [];
  for (let round = 0; round <= 3; round++) {
    const pair = [
      TOGETHER * (await rateOf(server, together, { count: requests / TOGETHER, connections: 4 })),
      await rateOf(server, alone),
    ] as const;
    if (round > 0) rates.push(pair);
  }
  return [
    {
      name: "legacy codes looked up, 1 000 a request",
      size,
      value: medianOf(rates.map(([one]) => one)),
      unit: "/s",
    },
    {
      name: "the same against one a request",
      ...{ size, value: medianOf(rates.map(([one, other]) => one / other)), unit: "" },
    },
  ];
}

async function rateOf(
  server: BenchServer,
  make: () => Buffer,
  { count = requests, connections = 32 }: { readonly count?: number; readonly connections?: number } = {},
): Promise<number> {
  const all = Array.from({ length: count }, make);
  const result = await runLoad(server.address, connections, () => all.pop());
  if (result.failures > 0) throw new Error(`${result.failures} requests failed: ${result.failure}`);
  return result.requests / result.seconds;
}
