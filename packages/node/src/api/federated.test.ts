import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { federateOf, testFederation } from "@cityroot/core/operation/operation.testing";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { verifyList } from "@cityroot/core/proof/verify-list";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { didOfCode } from "../did/did-url.ts";
import { checkClaim } from "../page/browser/check.ts";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

/**
 * Goal: of a code that another network serves, a server says which network, proves that, and says nothing else: it sends
 * nobody there and asks nothing there.
 */
const PREFIX = "MA.156.1301.03";
const BELOW = `${PREFIX}/60.10000000.1/000001`;
const ENDPOINTS = ["https://id.example.cn/registry/", "https://second.example.cn"];
const OTHER = testFederation(1, { endpoints: ENDPOINTS });

let city: City;
let server: Running;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  const { registry, holders } = city;
  await registry.given(holders.city, {
    type: "delegate",
    prefix: PREFIX as Code,
    holder: holders.works.id,
    rule: null,
    class: "department",
    attributes: [],
  });
  await registry.given(holders.works, federateOf(PREFIX, OTHER));
  server = await startServer(registry);
  ask = await openContract(server);
});
afterAll(() => server.close());

const referral = {
  prefix: PREFIX,
  status: "active",
  federation: { network: OTHER.network, endpoints: ENDPOINTS, policy: { quorum: 2 } },
};

describe("a code below a federated prefix", () => {
  test.each(["codes", "history", "items", "prefixes"])("/v1/%s answers with the referral", async (route) => {
    const { status, json, headers } = await ask(`/v1/${route}/${BELOW}`);
    expect(status).toBe(421);
    expect(json).toMatchObject({ code: "SERVED_ELSEWHERE", field: "code", got: BELOW, referral });
    expect(headers.get("location")).toBeNull();
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("is no handle of this server, and nobody's DID here", async () => {
    const named = await startServer(city.registry, { handlePrefix: "20.500.12345" });
    const handle = await named.get(`/api/handles/20.500.12345/${BELOW}`);
    expect(await handle.json()).toMatchObject({
      responseCode: 301,
      message: expect.stringContaining(OTHER.network),
    });
    const did = await named.get(`/1.0/identifiers/${didOfCode(city.registry.reader.network, BELOW as Code)}`);
    expect(did.status).toBe(404);
    expect(await did.text()).toContain(OTHER.network);
    await named.close();
  });

  test("the same over the way of few questions and over the router's", async () => {
    const direct = await ask(`/v1/codes/${BELOW}?proof=true`);
    const routed = await ask(`/v1/codes/${BELOW}?proof=true&delegations=false`);
    expect(direct.json).toEqual({ ...routed.json, asOf: direct.json.asOf });
    const bundle = Buffer.from(direct.json.proof, "base64");
    const answer = verifyAnswer(bundle, BELOW as Code, { policy: city.registry.policy });
    expect(answer.ok && answer.value.standing).toMatchObject({ kind: "federated", prefix: PREFIX });
  });

  test("its proof is given as any other, and with the network's entry where asked", async () => {
    const { genesis } = city.registry.reader.network;
    const { policy } = city.registry;
    const plain = await ask(`/v1/proofs/${BELOW}`);
    expect(plain.status).toBe(200);
    const answer = verifyAnswer(plain.bytes, BELOW as Code, { policy });
    expect(answer.ok && answer.value.standing).toMatchObject({
      kind: "federated",
      record: { federation: OTHER },
    });
    expect(verifyAnswer(plain.bytes, BELOW as Code, { policy, genesis }).ok).toBe(false);
    const named = await ask(`/v1/proofs/${BELOW}?network=true&delegations=true`);
    expect(verifyAnswer(named.bytes, BELOW as Code, { policy, genesis }).ok).toBe(true);
    const wanted = await ask(`/v1/proofs/${BELOW}?network=maybe`);
    expect(wanted.json.code).toBe("PARAMETER_MALFORMED");
  });

  test("a list of what lies below is the other network's", async () => {
    const list = await ask(`/v1/lists/${BELOW}?proof=true`);
    expect(list.status).toBe(421);
    expect(list.json).toMatchObject({ code: "SERVED_ELSEWHERE", referral });
    const proof = await ask(`/v1/lists/${BELOW}`, { headers: { accept: "application/vnd.cityroot.proof" } });
    for (const bytes of [proof.bytes, Buffer.from(list.json.proof, "base64")]) {
      const part = verifyList(bytes, BELOW as Code, undefined, { policy: city.registry.policy });
      expect(part.ok && part.value).toMatchObject({ entries: [], referral: { prefix: PREFIX } });
    }
    expect((await ask(`/v1/lists/${PREFIX}`)).json.entries).toMatchObject([{ code: PREFIX }]);
  });

  test("is refused to whoever issues it here", async () => {
    const transaction = city.registry.transaction(city.holders.works, issueOf(BELOW));
    const body = JSON.stringify({ transactions: [Buffer.from(transaction).toString("base64")] });
    const headers = { "content-type": "application/json" };
    const { status, json } = await ask("/v1/transactions", { method: "POST", body, headers });
    expect(status).toBe(409);
    expect(json).toMatchObject({ code: "PREFIX_FEDERATED", number: 53 });
  });
});

test("the prefix itself is answered here, with who serves what lies below", async () => {
  const { status, json } = await ask(`/v1/codes/${PREFIX}`);
  expect(status).toBe(200);
  expect(json).toMatchObject({ isPrefix: true, record: { federation: referral.federation } });
  const other = await ask("/v1/codes/MA.156.1301.01/60.10000000.1/000123");
  expect(other.json.record.federation).toBeNull();
  expect((await ask("/v1/codes/MA.156.1301.04")).json.code).toBe("CODE_NEVER_ISSUED");
});

describe("the page", () => {
  const open = (path: string, language = "en") =>
    server.get(path, { accept: "text/html", "accept-language": language });

  test.each([
    ["en", "Another network serves this code"],
    ["zh", "该编码由另一网络提供服务"],
  ])("says in %s where to ask, and sends nobody there", async (language, title) => {
    const response = await open(`/${BELOW}`, language);
    expect(response.status).toBe(421);
    expect(response.headers.get("location")).toBeNull();
    const text = await response.text();
    expect(text).toContain(title);
    expect(text).toContain(`href="https://id.example.cn/registry/${BELOW}" rel="noreferrer external"`);
    expect(text).toContain(`href="https://second.example.cn/${BELOW}"`);
    expect(text).not.toContain("http-equiv");
  });

  test("is checked in the browser as every page is", async () => {
    const text = await (await open(`/${BELOW}`)).text();
    const read = (name: string): string => new RegExp(`data-${name}="([^"]*)"`).exec(text)?.[1] ?? "";
    const { bytes } = await ask(read("proof"));
    const { json: network } = await ask("/v1/network");
    const claim = {
      ...{ code: read("code"), kind: read("kind"), version: read("version"), status: read("status") },
      ...{ moment: "", height: Number(read("height")), title: undefined, holder: undefined },
    };
    expect(checkClaim(claim, bytes, network).state).toBe("verified");
    expect(checkClaim({ ...claim, kind: "never-issued" }, bytes, network).state).toBe("failed");
    expect(checkClaim({ ...claim, status: "other-00000000" }, bytes, network).state).toBe("failed");
  });

  test("negotiates as for every code", async () => {
    const json = await ask(`/${BELOW}`, { headers: { accept: "application/json" } });
    expect(json.json).toMatchObject({ code: "SERVED_ELSEWHERE", referral });
    const links = await ask(`/${BELOW}`, { headers: { accept: "application/linkset+json" } });
    expect(links.json.code).toBe("SERVED_ELSEWHERE");
    const proof = await ask(`/${BELOW}`, { headers: { accept: "application/vnd.cityroot.proof" } });
    expect(proof.status).toBe(200);
  });
});
