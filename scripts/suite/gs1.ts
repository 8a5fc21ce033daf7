// Runs the public suite of GS1-Conformant resolvers, in Chromium, against a node of its own behind TLS whose ledger has claims about
// numbers of GS1. What is skipped is in docs/suites.md.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Code } from "@cityroot/codes/ma/code";
import { issueOf, testHolder } from "@cityroot/core/ledger.testing";
import {
  claimOf,
  confirmOf,
  delegateOf,
  setCodingSystemOf,
} from "@cityroot/core/operation/operation.testing";
import { makeTestHome, NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { type RunningNode, startNode } from "@cityroot/node/start-node";
import { chromium, type Route } from "playwright-core";
import { answerTester } from "./gs1-tester.ts";
import { installPackages, obtainSource, run, SUITES } from "./obtain-source.ts";
import { startTlsFront } from "./tls-front.ts";

const VARIABLE = "CITYROOT_GS1_SUITE";
const TESTS = {
  name: "gs1-resolver",
  repository: "https://github.com/gs1/GS1DL-resolver-testsuite.git",
  commit: "e3485a5b78bee1efa4e8bc4e0dfd140472d718df",
  has: "GS1DigitalLinkResolverTestSuite.js",
  variable: VARIABLE,
};
const LINKSET = {
  name: "gs1-linkset",
  repository: "https://github.com/gs1/linkset.git",
  commit: "571bb7d3ea6d5190f96e8480e4e645374fdb08e1",
  has: "gs1-linkset-schema.json",
  variable: VARIABLE,
};
const VOCABULARY = {
  name: "gs1-vocabulary",
  repository: "https://github.com/gs1/WebVoc.git",
  commit: "f8f407bf717233c871dca2f62f4e45b0940e8cad",
  has: "v1.16/gs1Voc.jsonld",
  variable: VARIABLE,
};
/** The suite's pages take it from a network of others. */
const VALIDATOR = ["ajv@8.20.0", "esbuild@0.28.2"];

const NAME = "id.example.cn";
const CITY = testHolder("City", 2);
const VOC = "https://ref.gs1.org/voc/";

type Operations = Parameters<typeof signTransaction>[1];

async function submit(node: RunningNode, nonce: number, holder: typeof CITY, ...operations: Operations) {
  const bytes = signTransaction(holder, operations, { lastHeight: 1_000, nonce });
  const [result] = await node.engine.submit([bytes]);
  if (result?.outcome.ok !== true) throw new Error(`refused: ${JSON.stringify(result?.outcome)}`);
}

/** A link of a record to a page of the thing. */
function link(
  rel: string,
  path: string,
  more: { readonly type?: string; readonly lang?: string; readonly title?: string } = {},
) {
  const title = more.title === undefined ? null : ([["en", more.title]] as const);
  return { rel, href: `https://example.cn/${path}`, type: more.type ?? null, lang: more.lang ?? null, title };
}

/** Things with numbers of GS1: the code's last node, what it is claimed to be, and its links. */
const THINGS = [
  {
    node: "000001",
    names: [{ system: "gtin-13", value: "9521234543213" }],
    links: [
      link(`${VOC}certificationInfo`, "certificate/1", { type: "application/pdf", lang: "en" }),
      link(`${VOC}certificationInfo`, "certificate/2", { type: "application/pdf", lang: "en" }),
      link(`${VOC}certificationInfo`, "certificate/3", { type: "text/html", lang: "zh" }),
      link(`${VOC}defaultLink`, "lamp", { title: "Lamp" }),
      link(`${VOC}defaultLinkMulti`, "lamp/en", { type: "text/html", lang: "en", title: "Lamp" }),
      link(`${VOC}defaultLinkMulti`, "lamp/zh", { type: "text/html", lang: "zh", title: "Lamp" }),
      link(`${VOC}instructions`, "lamp/instructions", { type: "text/html" }),
      link(`${VOC}pip`, "lamp/pip/en", { type: "text/html", lang: "en" }),
      link(`${VOC}pip`, "lamp/pip/zh", { type: "text/html", lang: "zh" }),
      link(`${VOC}recallStatus`, "lamp/recall?from=label", { type: "application/json" }),
    ],
  },
  {
    node: "000002",
    names: [{ system: "sgtin", value: "(01)09521234543213(21)12345" }],
    links: [link(`${VOC}dpp`, "lamp/12345/passport", { type: "application/json" })],
  },
  {
    node: "000003",
    names: [{ system: "gln", value: "9521321000018" }],
    links: [link("describedby", "place")],
  },
  { node: "000004", names: [{ system: "sscc", value: "095201234567891235" }], links: [] },
  {
    node: "000005",
    names: [{ system: "giai", value: "95212345678AB" }],
    links: [link(`${VOC}serviceInfo`, "crane")],
  },
];

/** What the suite is run with: a number alone, one with a serial that is known, others with what is not. */
const ADDRESSES = [
  "/01/09521234543213",
  "/01/09521234543213/21/12345",
  "/01/09521234543213/10/LOT/21/12345",
  "/414/9521321000018",
  "/00/095201234567891235",
  "/8004/95212345678AB",
];

async function makeHistory(node: RunningNode): Promise<void> {
  await submit(node, 1, NATION, delegateOf("MA.156.1301", CITY));
  const codeOf = (last: string): Code => `MA.156.1301/60.10000000.1/${last}` as Code;
  const issues = THINGS.map(({ node: last, links }) => issueOf(codeOf(last), { links }));
  const names = THINGS.flatMap(({ node: last, names: own }) =>
    own.map((name) => ({ ...name, claimant: "MA.156.1301" as Code, target: codeOf(last) })),
  );
  await submit(node, 2, CITY, ...issues, ...names.map((name) => claimOf(name)));
  // Links of a record are offered where the authority of the coding system stands for the claim.
  const systems = [...new Set(names.map(({ system }) => system))];
  await submit(node, 3, NATION, ...systems.map((system) => setCodingSystemOf(system, "MA.156")));
  await submit(node, 4, NATION, ...names.map((name) => confirmOf({ ...name, as: "system" })));
}

type Files = {
  readonly tests: string;
  readonly linkset: string;
  readonly vocabulary: string;
  readonly validator: string;
};

/** All that the suite consists of, or why it cannot be had. */
function obtainFiles(): Files | { readonly why: string } {
  const tests = obtainSource(TESTS, "testsuite");
  if ("why" in tests) return tests;
  const linkset = obtainSource(LINKSET, "linkset");
  if ("why" in linkset) return linkset;
  const vocabulary = obtainSource(VOCABULARY, "vocabulary");
  if ("why" in vocabulary) return vocabulary;
  const work = join(SUITES, TESTS.name, "work");
  rmSync(join(work, "validator.js"), { force: true });
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const missing = installPackages(work, VALIDATOR);
  if (missing !== undefined) return { why: missing };
  writeFileSync(join(work, "entry.js"), `import Ajv from "ajv"; window.ajv7 = Ajv.default ?? Ajv;`);
  const esbuild = join(work, "node_modules/esbuild/bin/esbuild");
  const made = run(process.execPath, [esbuild, "entry.js", "--bundle", "--outfile=validator.js"], work);
  if (made !== undefined) return { why: `the validator could not be bundled: ${made}` };
  return {
    tests: tests.folder,
    linkset: linkset.folder,
    vocabulary: vocabulary.folder,
    validator: join(work, "validator.js"),
  };
}

const PAGE = `<!doctype html><meta charset="utf-8"><div id="gs1ResolverTests"></div><img id="rotatingcircle">
<script src="GS1DigitalLinkToolkit.js"></script><script src="validator.js"></script><script src="GS1DigitalLinkResolverTestSuite.js"></script>`;
const SUITE_ORIGIN = "https://suite.example";

/** Link types of the vocabulary by their names, in the form in which GS1 serves them. */
function linkTypesOf(folder: string): object {
  // The file begins with a byte order mark.
  const text = readFileSync(join(folder, VOCABULARY.has), "utf8").replace(/^\ufeff/, "");
  const { "@graph": graph } = JSON.parse(text) as {
    readonly "@graph": readonly {
      readonly "@id": string;
      readonly "rdfs:subPropertyOf"?: { readonly "@id"?: string };
    }[];
  };
  const types = graph.filter((term) => term["rdfs:subPropertyOf"]?.["@id"] === "gs1:linkType");
  return Object.fromEntries(types.map((term) => [term["@id"].replace(/^gs1:/, ""), term]));
}

/** Answers what the page asks of others than the node. */
function answerPage(files: Files, port: number): (route: Route) => Promise<void> {
  return async (route) => {
    const address = new URL(route.request().url());
    const send = (body: string, contentType: string) =>
      route.fulfill({ body, contentType, headers: { "access-control-allow-origin": "*" } });
    if (address.hostname === NAME) return route.continue();
    if (address.pathname.endsWith("/tester.php")) {
      const answer = await answerTester(address.searchParams, { name: NAME, port });
      return send(JSON.stringify(answer), "application/json");
    }
    if (address.href.endsWith(LINKSET.has))
      return send(readFileSync(join(files.linkset, LINKSET.has), "utf8"), "application/json");
    if (address.href === `${VOC}data/linktypes`)
      return send(JSON.stringify(linkTypesOf(files.vocabulary)), "application/json");
    if (address.origin !== SUITE_ORIGIN) {
      // Such as the schema of description files, which is in no repository.
      const answer = await fetch(address, { headers: { accept: "application/json" } }).catch(() => undefined);
      return answer?.ok ? send(await answer.text(), "application/json") : route.abort();
    }
    const file = address.pathname.slice(1);
    if (file === "") return send(PAGE, "text/html");
    const path = file === "validator.js" ? files.validator : join(files.tests, file);
    return send(readFileSync(path, "utf8"), "text/javascript");
  };
}

type Result = { readonly id: string; readonly status: string; readonly test: string; readonly msg: string };

/** Checks that need a file which only GS1's own server has: skipped where that is not to be reached. */
const NEEDS_REFERENCE: ReadonlySet<string> = new Set(["rdFile"]);

async function runSuite(files: Files, port: number): Promise<boolean> {
  const browser = await chromium.launch({
    ...(process.env["CITYROOT_CHROMIUM"] === undefined
      ? { executablePath: "/usr/bin/chromium" }
      : { executablePath: process.env["CITYROOT_CHROMIUM"] }),
    // Its pages would have to ask a person before they may speak with an address of this machine.
    args: [
      "--no-sandbox",
      "--disable-features=LocalNetworkAccessChecks",
      `--host-resolver-rules=MAP ${NAME} 127.0.0.1:${port}`,
    ],
  });
  let isPassed = true;
  try {
    for (const address of ADDRESSES) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      let isReached = true;
      page.on("requestfailed", (request) => {
        if (request.url().includes("description-file-schema")) isReached = false;
      });
      await page.route(() => true, answerPage(files, port));
      await page.goto(`${SUITE_ORIGIN}/`);
      await page.evaluate(`testDL("https://${NAME}${address}")`);
      await page.waitForLoadState("networkidle");
      const results = (await page.evaluate(
        "resultsArray.map(({ id, status, test, msg }) => ({ id, status, test, msg }))",
      )) as readonly Result[];
      await context.close();
      isPassed = report(address, results, isReached) && isPassed;
    }
  } finally {
    await browser.close();
  }
  return isPassed;
}

function report(address: string, results: readonly Result[], isReferenceReached: boolean): boolean {
  const isSkipped = ({ id }: Result): boolean => !isReferenceReached && NEEDS_REFERENCE.has(id);
  const counted = results.filter((result) => !isSkipped(result));
  const passed = counted.filter(({ status }) => status === "pass").length;
  console.log(`${address}: ${passed} of ${counted.length} pass`);
  for (const { id, status, msg } of counted) if (status !== "pass") console.log(`  ${status} ${id}: ${msg}`);
  for (const { id } of results.filter(isSkipped))
    console.log(`  SKIPPED ${id}: its schema is on GS1's own server alone, which was not reached`);
  return counted.length > 0 && counted.every(({ status }) => status === "pass");
}

const files = obtainFiles();
if ("why" in files) console.error(`SKIPPED: the suite of GS1-Conformant resolvers was not run: ${files.why}`);
else {
  const home = makeTestHome();
  try {
    const listen = { host: "127.0.0.1", port: 0 };
    const node = await startNode({ home, listen, logLevel: "fatal", publicUrl: `https://${NAME}` });
    try {
      await makeHistory(node);
      const front = await startTlsFront(NAME, node.address);
      if ("why" in front)
        console.error(`SKIPPED: the suite of GS1-Conformant resolvers was not run: ${front.why}`);
      else {
        process.exitCode = (await runSuite(files, front.port)) ? 0 : 1;
        await front.close();
      }
    } finally {
      await node.close();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
