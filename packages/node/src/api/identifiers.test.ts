/**
 * Goal: DIDs of organisations and of coded things are resolved as DID Resolution 1.0 has it, each error with its name and status.
 * Method: the sample city over a real socket, with a holder of several keys whose keys were rotated.
 */
import type { Code } from "@cityroot/codes/ma/code";
import { keySetOfSeeds, publicKeyOfSeed, seedOf } from "@cityroot/core/ledger.testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { didOfCode, didOfHolder } from "../did/did-url.ts";
import { multikeyOf } from "../did/multikey.ts";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, type Checked, openContract } from "./contract.testing.ts";

const LAMP = "MA.156.1301.01/60.10000000.1/000123" as Code;
const RETIRED = "MA.156.1301.01/60.10000000.1/000125" as Code;
const BENCH = "MA.156.1301.01/60.10000000.2/000007" as Code;
const RESOLUTION = "application/did-resolution";
const DEREFERENCING = "application/did-url-dereferencing";

let city: City;
let server: Running;
let ask: Ask;
let works: string;
let lamp: string;
let keyBefore: string;
let keyAfter: string;
beforeAll(async () => {
  city = await openCity();
  const { registry, holders } = city;
  const { network } = registry.reader;
  works = didOfHolder(network, holders.works.id);
  lamp = didOfCode(network, LAMP);
  const idOf = (number: number): string =>
    `${works}#${multikeyOf({ algorithm: "ed25519", bytes: publicKeyOfSeed(seedOf(number)) })}`;
  keyBefore = idOf(3);
  keyAfter = idOf(31);
  const keys = keySetOfSeeds([seedOf(31), seedOf(32), seedOf(33)]);
  const roles = { ...keys.roles, root: { keys: [0, 1, 2], needed: 2 }, records: { keys: [0], needed: 1 } };
  await registry.given(holders.works, { type: "rotate-keys", keys: { ...keys, roles } });
  server = await startServer(registry);
  ask = await openContract(server);
});
afterAll(() => server.close());

const get = async (did: string, more = "", accept = RESOLUTION): Promise<Checked> => {
  const answer = await ask(`/1.0/identifiers/${did}${more}`, { headers: { accept } });
  return { ...answer, json: answer.text === "" ? undefined : JSON.parse(answer.text) };
};

function expectError(answer: Checked, status: number, name: string): void {
  expect(answer.status).toBe(status);
  const isResolution = "didResolutionMetadata" in answer.json;
  const { error } = answer.json[isResolution ? "didResolutionMetadata" : "dereferencingMetadata"];
  expect(error).toMatchObject({ type: `https://www.w3.org/ns/did#${name}`, title: expect.any(String) });
  expect(answer.json[isResolution ? "didDocument" : "contentStream"]).toBeNull();
  expect(answer.json[isResolution ? "didDocumentMetadata" : "contentMetadata"]).toEqual({});
}

describe("an organisation", () => {
  test("is resolved to its keys, whose relationships are its roles", async () => {
    const { status, json, headers } = await get(works);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe(RESOLUTION);
    expect(json.didResolutionMetadata).toEqual({ contentType: "application/did" });
    expect(json.didDocumentMetadata).toEqual({
      created: "2026-01-01T00:00:02Z",
      updated: expect.stringMatching(/^2026-01-01T00:00:\d\dZ$/),
      versionId: "2",
    });
    const { didDocument: document } = json;
    expect(document).toMatchObject({ id: works, controller: works });
    expect(document["@context"].slice(0, 2)).toEqual([
      "https://www.w3.org/ns/did/v1",
      "https://w3id.org/security/multikey/v1",
    ]);
    expect(document.verificationMethod).toHaveLength(4);
    expect(document.verificationMethod[0]).toEqual({
      id: keyAfter,
      type: "Multikey",
      controller: works,
      publicKeyMultibase: keyAfter.slice(works.length + 1),
    });
    expect(document).toMatchObject({ authentication: [keyAfter], assertionMethod: [keyAfter] });
    expect(document.capabilityDelegation).toHaveLength(3);
    // Two have to sign: no key of the role stands alone.
    expect(document.capabilityInvocation).toEqual([`${works}#root`]);
    expect(document.verificationMethod[3]).toMatchObject({
      ...{ id: `${works}#root`, type: "ConditionalProof2022", threshold: 2 },
      conditionThreshold: document.verificationMethod.slice(0, 3).map(({ id }: { id: string }) => id),
    });
    expect(document).not.toHaveProperty("service");
  });

  test("shows the keys that it had, by version and by time", async () => {
    const first = await get(works, "?versionId=1");
    expect(first.json.didDocument.authentication).toEqual([keyBefore]);
    expect(first.json.didDocumentMetadata).toMatchObject({ versionId: "1", nextVersionId: "2" });
    const { created, nextUpdate } = first.json.didDocumentMetadata;
    const versions = async (time: string): Promise<string> =>
      (await get(encodeURIComponent(works), `?versionTime=${time}`)).json.didDocumentMetadata.versionId;
    expect(await versions(created)).toBe("1");
    expect(await versions(nextUpdate)).toBe("2");
    const inUrl = await get(encodeURIComponent(`${works}?versionId=1`));
    expect(inUrl.json).toEqual(first.json);
  });

  test("and where a version is not, says so", async () => {
    expectError(await get(works, "?versionId=3"), 404, "NOT_FOUND");
    expectError(await get(works, "?versionId=x"), 404, "NOT_FOUND");
    expectError(await get(works, "?versionTime=2026-01-01T00:00:00Z"), 404, "NOT_FOUND");
    expectError(await get(works, "?versionTime=2099-01-01T00:00:00Z"), 400, "INVALID_OPTIONS");
    expectError(await get(works, "?versionTime=yesterday"), 400, "INVALID_OPTIONS");
    expectError(await get(works, "?versionTime=2026-02-30T00:00:00Z"), 400, "INVALID_OPTIONS");
    expectError(await get(works, "?versionId=1&versionTime=2026-01-01T00:00:05Z"), 400, "INVALID_OPTIONS");
    const twice = await get(encodeURIComponent(`${works}?versionId=1`), "?versionId=2");
    expectError(twice, 400, "INVALID_OPTIONS");
  });

  test("is given as a document alone, in each representation", async () => {
    const { didDocument } = (await get(works)).json;
    for (const type of ["application/did", "application/did+ld+json", "application/json"]) {
      const answer = await get(works, "", type);
      expect(answer.headers.get("content-type"), type).toContain(type);
      expect(answer.json, type).toEqual(didDocument);
    }
    const plain = await get(works, "", "application/did+json");
    const { "@context": _, ...rest } = didDocument;
    expect(plain.json).toEqual(rest);
    expect((await get(works, "", "*/*")).headers.get("content-type")).toBe(RESOLUTION);
  });
});

describe("a coded thing", () => {
  test("is resolved to its links as services, controlled by who has the say", async () => {
    const { status, json } = await get(lamp);
    expect(status).toBe(200);
    expect(json.didDocument).toEqual({
      "@context": ["https://www.w3.org/ns/did/v1"],
      id: lamp,
      controller: works,
      service: [
        {
          ...{ id: `${lamp}#link-1`, type: "describedby" },
          serviceEndpoint: "https://example.cn/lamps/000123.pdf",
        },
        { id: `${lamp}#link-2`, type: "help", serviceEndpoint: "https://example.cn/report?lamp=000123" },
      ],
    });
    expect(json.didDocumentMetadata).toMatchObject({ versionId: "2" });
    expect(
      (await get(didOfCode(city.registry.reader.network, BENCH))).json.didDocumentMetadata.versionId,
    ).toBe("1");
  });

  test("that was retired is deactivated, and its earlier versions are told", async () => {
    const retired = didOfCode(city.registry.reader.network, RETIRED);
    const { status, json } = await get(retired);
    expect(status).toBe(410);
    expect(json.didDocument).toBeNull();
    expect(json.didDocumentMetadata).toMatchObject({ deactivated: true, versionId: "2", successors: [lamp] });
    expect((await get(retired, "", "application/did")).status).toBe(410);
    expect((await get(retired, "?versionId=1")).status).toBe(200);
    const dereferenced = await get(`${retired}%23link-1`, "", DEREFERENCING);
    expect(dereferenced.status).toBe(410);
    expect(dereferenced.json.contentStream).toBeNull();
  });
});

describe("errors", () => {
  test.each([
    ["not-a-did", 400, "INVALID_DID"],
    ["did:example", 400, "INVALID_DID"],
    ["did:unsupported:123456789abcdefghi", 501, "METHOD_NOT_SUPPORTED"],
    ["did:cityroot:1", 400, "INVALID_DID"],
    [`did:cityroot:${"00".repeat(20)}:${"00".repeat(20)}`, 404, "NOT_FOUND"],
  ])("%s", async (did, status, name) => {
    expectError(await get(did), status, name);
  });

  test("of no DID at all", async () => {
    const answer = await fetch(`${server.base}/1.0/identifiers/`, { headers: { accept: RESOLUTION } });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ didDocument: null });
  });

  test("of what nobody has, of no representation, and of what is not done", async () => {
    const network = works.slice(0, works.lastIndexOf(":"));
    expectError(await get(`${network}:${"00".repeat(20)}`), 404, "NOT_FOUND");
    expectError(await get(`${network}:MA.156.9999`), 404, "NOT_FOUND");
    expectError(await get(works, "", "application/x-other"), 406, "REPRESENTATION_NOT_SUPPORTED");
    expectError(await get(works, "?hl=zQm"), 501, "FEATURE_NOT_SUPPORTED");
    expectError(await get(encodeURIComponent(`${works}#a`)), 400, "INVALID_DID");
    expectError(await get("not-a-did", "", DEREFERENCING), 400, "INVALID_DID_URL");
  });

  test("of a store that cannot be read say nothing about the DID", async () => {
    city.registry.failReads(new Error("the disk is gone"));
    const answer = await get(works);
    city.registry.failReads(null);
    expectError(answer, 500, "INTERNAL_ERROR");
  });
});

describe("a DID URL", () => {
  test("with a fragment leads to a part of the document", async () => {
    const answer = await get(encodeURIComponent(keyAfter), "", DEREFERENCING);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(DEREFERENCING);
    expect(answer.json).toMatchObject({
      dereferencingMetadata: { contentType: "application/did" },
      contentStream: { id: keyAfter, type: "Multikey" },
      contentMetadata: { versionId: "2" },
    });
    expect((await get(encodeURIComponent(keyAfter), "", "application/json")).json.id).toBe(keyAfter);
    const old = await get(encodeURIComponent(keyBefore), "", DEREFERENCING);
    expectError(old, 404, "NOT_FOUND");
    const then = await get(
      encodeURIComponent(`${works}?versionId=1${keyBefore.slice(works.length)}`),
      "",
      DEREFERENCING,
    );
    expect(then.json.contentStream.id).toBe(keyBefore);
    expectError(await get(encodeURIComponent(`${works}/a`), "", DEREFERENCING), 404, "NOT_FOUND");
  });

  test("of a service leads to the address that the record holds, and nowhere else", async () => {
    const help = "https://example.cn/report?lamp=000123";
    const services = ["?service=link-2", "?serviceType=help", "?service=link-2&serviceType=help"];
    for (const query of services) {
      const answer = await get(encodeURIComponent(`${lamp}${query}`), "", DEREFERENCING);
      expect(answer.status, query).toBe(303);
      expect(answer.headers.get("location"), query).toBe(help);
      expect(answer.text, query).toBe("");
      expect((await get(lamp, query, "*/*")).headers.get("location"), query).toBe(help);
    }
    const part = await get(lamp, "?service=link-1&relativeRef=other.pdf", "*/*");
    expect(part.headers.get("location")).toBe("https://example.cn/lamps/other.pdf");
    for (const elsewhere of ["//evil.example/", "https://evil.example/", "javascript:alert(1)"]) {
      const answer = await get(lamp, `?service=link-1&relativeRef=${encodeURIComponent(elsewhere)}`, "*/*");
      expectError(answer, 400, "INVALID_OPTIONS");
    }
    expectError(await get(lamp, "?relativeRef=x", "*/*"), 400, "INVALID_OPTIONS");
    expectError(await get(lamp, "?service=link-3", "*/*"), 404, "NOT_FOUND");
    expectError(await get(works, "?service=link-1", "*/*"), 404, "NOT_FOUND");
  });
});

test("a code leads to the DID of who holds it, or to its own", async () => {
  const locationOf = async (code: string): Promise<unknown> => {
    const { status, headers } = await ask(`/${code}`, { headers: { accept: "application/did" } });
    return [status, headers.get("location")];
  };
  expect(await locationOf("MA.156.1301.01")).toEqual([303, `/1.0/identifiers/${works}`]);
  expect(await locationOf(LAMP)).toEqual([303, `/1.0/identifiers/${lamp}`]);
  expect((await ask("/MA.156.9999", { headers: { accept: "application/did" } })).status).toBe(404);
});
