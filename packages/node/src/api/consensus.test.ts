import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsensusQuestion } from "../engine/consensus-question.ts";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

// Goal: of what CometBFT can be asked, three questions pass, and nothing else.

let city: City;
let alone: Running;
let server: Running;
let ask: Ask;
const asked: ConsensusQuestion[] = [];
let answers = true;

beforeAll(async () => {
  city = await openCity();
  const { registry } = city;
  alone = await startServer(registry);
  server = await startServer({
    ...registry,
    engine: {
      ...registry.engine,
      askConsensus: async (question) => {
        if (!answers) throw new Error("CometBFT does not answer");
        asked.push(question);
        return { result: { of: question.method } };
      },
    },
  });
  ask = await openContract(server);
}, 60_000);
afterAll(async () => {
  await alone.close();
  await server.close();
});

const post = (body: unknown, headers = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const question = { jsonrpc: "2.0", id: 7, method: "commit", params: { height: "12" } };

test("questions of a light client are handed on, and nothing of them but what they ask", async () => {
  const { json } = await ask("/v1/consensus", post(question));
  expect(json).toEqual({ jsonrpc: "2.0", id: 7, result: { of: "commit" } });
  await ask("/v1/consensus", post({ ...question, id: "a", params: { height: null } }));
  const { json: third } = await ask(
    "/v1/consensus",
    post({ ...question, method: "validators", params: { height: 12, page: "1", per_page: "100" } }),
  );
  expect(third.result).toEqual({ of: "validators" });
  expect(asked).toEqual([
    { method: "commit", params: { height: "12" } },
    { method: "commit", params: {} },
    { method: "validators", params: { height: "12", page: "1", per_page: "100" } },
  ]);
});

test("everything else is refused before it reaches the consensus", async () => {
  asked.length = 0;
  const refused: readonly (readonly [unknown, number])[] = [
    [{ ...question, method: "broadcast_tx_sync", params: { tx: "AA==" } }, 400],
    [{ ...question, method: "dump_consensus_state", params: {} }, 400],
    [{ ...question, params: { height: "12; drop" } }, 400],
    [{ ...question, params: { height: "-1" } }, 400],
    [{ ...question, params: { page: "1" } }, 400],
    [{ ...question, params: ["12"] }, 400],
    [{ ...question, more: 1 }, 400],
    [[question], 400],
    ["no JSON", 400],
    [{ ...question, id: "x".repeat(5_000) }, 413],
  ];
  for (const [body, status] of refused) {
    const answer = await ask("/v1/consensus", post(body));
    expect(answer.status, JSON.stringify(body).slice(0, 80)).toBe(status);
  }
  expect(
    (await ask("/v1/consensus", { ...post(question), headers: { "content-type": "text/plain" } })).status,
  ).toBe(415);
  expect(asked).toEqual([]);
});

test("a consensus that does not answer is told as that, and a node without one has no such address", async () => {
  answers = false;
  const { status, json } = await ask("/v1/consensus", post(question));
  expect([status, json.code]).toEqual([503, "UNAVAILABLE"]);
  const none = await (await openContract(alone))("/v1/consensus", post(question));
  expect([none.status, none.json.code]).toEqual([404, "NOT_FOUND"]);
});
