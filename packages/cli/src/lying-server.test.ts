/**
 * Goal: a server that lies or goes on for ever beside its proofs ends a command with a refusal, and not with what it says.
 * Method: a real registry behind a server that forges some of its answers.
 */
import { readFileSync } from "node:fs";
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
  registry = await startRegistry();
  const url = readFileSync(join(registry.home, "address"), "utf8").trim();
  server = createServer(async (request, response) => {
    const answer = await fetch(url + request.url, { headers: { accept: request.headers.accept ?? "*/*" } });
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
