/**
 * Goal: a server that lies or goes on for ever beside its proofs ends a command with a refusal, and not with what it says.
 * Method: a real registry behind a server that forges some of its answers.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Json } from "@cityroot/core/json";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { EXIT } from "./exit-code.ts";
import { type RunningRegistry, startRegistry } from "./running-registry.testing.ts";

type Answer = { readonly [name: string]: Json };

let registry: RunningRegistry;
let server: Server;
let forge: (path: string, answer: Answer) => Answer = (_, answer) => answer;
let address: string;
beforeAll(async () => {
  registry = await startRegistry("--shape", "any /<n1-50>**");
  const url = readFileSync(join(registry.home, "address"), "utf8").trim();
  server = createServer(async (request, response) => {
    const { method = "GET", headers } = request;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const answer = await fetch(url + request.url, {
      method,
      headers: { accept: headers.accept ?? "*/*", "content-type": headers["content-type"] ?? "" },
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    });
    const type = answer.headers.get("content-type") ?? "";
    const bytes = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, { "content-type": type });
    const isJson = type.startsWith("application/json");
    response.end(isJson ? JSON.stringify(forge(request.url!, JSON.parse(`${bytes}`) as Answer)) : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);
afterEach(() => {
  forge = (_, answer) => answer;
});
afterAll(async () => {
  server.close();
  await registry.close();
});

const list = (...argv: string[]) =>
  registry.call(["prefix", "list", ...argv, "--url", address, "--home", registry.home, "--json"]);

test("a list that goes in circles ends", async () => {
  const lists: { readonly [name: string]: Answer } = {
    "the same part again": { entries: [], next: "MA.156" },
    "a part before": { entries: [], next: "MA.100" },
    "the prefix below itself": { entries: [{ code: "MA.156", isPrefix: true }], next: null },
    "what lies elsewhere": { entries: [{ code: "MA.157", isPrefix: true }], next: null },
  };
  for (const [name, part] of Object.entries(lists)) {
    forge = (path, answer) => (path.startsWith("/v1/lists/") ? { ...answer, ...part } : answer);
    const { exit, problem } = await list("MA.156", "--deep");
    expect(exit, name).toBe(EXIT.unavailable);
    expect(problem(), name).toMatchObject({ code: "TRANSPORT_MALFORMED" });
  }
});

test("roots are those of the genesis that is proven", async () => {
  expect((await list()).json().map(({ prefix }) => prefix)).toEqual(["MA.156"]);
  forge = (path, answer) => (path === "/v1/genesis" ? { ...answer, name: "other" } : answer);
  const { exit, problem } = await list();
  expect(exit).toBe(EXIT.verification);
  expect(problem()).toMatchObject({ code: "PROOF_REFUSED", detail: expect.stringContaining("of other-") });
});

test("what a table keeps of a claim, and so signs, is proven", async () => {
  const target = "MA.156/60.10000000.1/1";
  const call = (...argv: string[]) => registry.call([...argv, "--json"]);
  const evidence = "ab".repeat(32);
  await call("code", "issue", target, "--class", "street-lamp");
  const made = await call("alias", "claim", "mast", "M1", "--target", target, "--evidence", evidence);
  expect(made.exit, made.err).toBe(EXIT.ok);
  forge = (path, answer) => {
    if (path !== "/v1/aliases/lookup") return answer;
    const found = (answer["found"] as unknown as { aliases: object[] }[]).map((one) => ({
      ...one,
      aliases: one.aliases.map((alias) => ({ ...alias, until: "1999-12-31", evidence: null })),
    }));
    return { ...answer, found: found as unknown as Json };
  };
  const table = join(registry.folder, "kept.csv");
  writeFileSync(table, "value,from\nM1,1990\n");
  const claim = ["alias", "claim", "mast", "--target", target, "--file", table, "--url", address];
  const done = await call(...claim, "--home", registry.home);
  expect([done.exit, done.json().at(-1)]).toMatchObject([EXIT.ok, { changed: 1 }]);
  const [found] = (await call("alias", "list", "mast", "M1")).json();
  expect(found).toMatchObject({ aliases: [{ from: "1990-01-01", until: null, evidence }] });
});
