/**
 * Goal: programs that speak the REST form of the Handle system understand what codes are, and never take "not here" for "nowhere".
 * Method: the sample city over a real socket, held against the document.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

const PREFIX = "20.500.12345";
const LAMP = "MA.156.1301.01/60.10000000.1/000123";
const RETIRED = "MA.156.1301.01/60.10000000.1/000125";

let city: City;
let server: Running;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  server = await startServer(city.registry, { publicUrl: "https://id.example.cn", handlePrefix: PREFIX });
  ask = await openContract(server);
});
afterAll(() => server.close());

const pathOf = (code: string, query = ""): string => `/api/handles/${PREFIX}/${code}${query}`;
type Value = { readonly index: number; readonly type: string; readonly data: { readonly value: string } };
const valuesOf = async (code: string, query = ""): Promise<readonly Value[]> =>
  (await ask(pathOf(code, query))).json.values;
const pairsOf = async (code: string, query = ""): Promise<readonly (readonly [number, string, string])[]> =>
  (await valuesOf(code, query)).map(({ index, type, data }) => [index, type, data.value]);

describe("a handle", () => {
  test("has the page of its code, how it stands, its links and its attributes, and no HS_ADMIN", async () => {
    const answer = await ask(pathOf(LAMP));
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ responseCode: 1, handle: `${PREFIX}/${LAMP}` });
    expect(answer.json.values[0]).toEqual({
      ...{ index: 1, type: "URL", data: { format: "string", value: `https://id.example.cn/${LAMP}` } },
      ...{ ttl: 300, timestamp: expect.stringMatching(/^2026-01-01T00:00:\d\dZ$/) },
    });
    const pairs = await pairsOf(LAMP);
    expect(pairs).toEqual(
      expect.arrayContaining([
        [2, "CODE", LAMP],
        [3, "STATUS", "active"],
        [4, "CLASS", "street-lamp"],
        [5, "VERSION", "2"],
        [7, "PREFIX", "MA.156.1301.01"],
        [100, "URL.describedby", "https://example.cn/lamps/000123.pdf"],
        [101, "URL.help", "https://example.cn/report?lamp=000123"],
      ]),
    );
    const byType = new Map(pairs.map(([, type, value]) => [type, value]));
    expect(byType.get("ATTRIBUTE.height-mm")).toBe("9000");
    expect(JSON.parse(byType.get("ATTRIBUTE.name")!)).toEqual({
      en: "Lamp 1, North Street",
      zh: "北街1号路灯",
    });
    expect(byType.get("ATTRIBUTE.located-in")).toBe("MA.156.1301");
    expect(byType.get("HOLDER")).toMatch(/^did:cityroot:/);
    expect(byType.has("HS_ADMIN")).toBe(false);
    expect(new Set(pairs.map(([index]) => index)).size).toBe(pairs.length);
  });

  test("of a code in a range, in a batch, or escaped as a whole is one, too", async () => {
    const names = async (code: string): Promise<readonly string[]> =>
      (await valuesOf(code)).map(({ type }) => type);
    expect(await names("MA.156.1301.01/60.10000000.2/000007")).toContain("ATTRIBUTE.name");
    expect(await names("MA.156.1301.02/60.10000000.1/900001151")).toContain("ATTRIBUTE.place");
    const escaped = await ask(`/api/handles/${encodeURIComponent(`${PREFIX}/${LAMP}`)}`);
    expect(escaped.json).toMatchObject({ responseCode: 1, handle: `${PREFIX}/${LAMP}` });
  });

  test("gives the values of types and indexes that are asked for, or says that there are none", async () => {
    expect((await pairsOf(LAMP, "?type=URL")).map(([index]) => index)).toEqual([1]);
    expect((await pairsOf(LAMP, "?type=URL.")).map(([index]) => index)).toEqual([1, 100, 101]);
    expect((await pairsOf(LAMP, "?index=2&type=STATUS&index=1")).map(([index]) => index)).toEqual([1, 2, 3]);
    const none = await ask(pathOf(LAMP, "?type=EMAIL"));
    expect([none.status, none.json]).toEqual([
      200,
      { responseCode: 200, handle: `${PREFIX}/${LAMP}`, values: [] },
    ]);
  });

  test("is indented where that is asked for, and auth changes nothing", async () => {
    const [plain, pretty, flat] = await Promise.all(
      ["?auth", "?pretty", "?pretty=false"].map((query) => ask(pathOf(LAMP, query))),
    );
    expect(plain!.text).not.toContain("\n");
    expect(pretty!.text).toContain('\n  "responseCode": 1');
    expect(flat!.text).toBe(plain!.text);
    expect(pretty!.json).toEqual(plain!.json);
  });

  test("of a retired code is there, says so, and names the successors", async () => {
    const pairs = await pairsOf(RETIRED);
    expect(pairs).toContainEqual([3, "STATUS", "retired"]);
    expect(pairs).toContainEqual([10, "SUCCESSOR", LAMP]);
  });
});

describe("what is no handle here", () => {
  test.each([
    [pathOf("MA.156.1301.01/60.10000000.1/000999"), 404, 100, "was never issued"],
    [pathOf("MA.156.1301.01/60.10000000.2/000501"), 404, 100, "was never issued"],
    [pathOf("MA.15"), 400, 102, "expected 20.500.12345/ and a code"],
    [pathOf(""), 400, 102, "expected 20.500.12345/ and a code"],
    [`/api/handles/${PREFIX}`, 400, 102, "expected 20.500.12345/ and a code"],
    [`/api/handles/10.1000/${LAMP}`, 400, 301, "20.500.12345 alone"],
    [`/api/handles/20.500.123456/${LAMP}`, 400, 301, "20.500.12345 alone"],
    [pathOf(LAMP, "?callback=run"), 400, 2, "callback"],
    [pathOf(LAMP, "?index=one"), 400, 2, "index"],
    [pathOf(LAMP, `?${"type=URL&".repeat(33)}`), 400, 2, "at most 32"],
  ])("%s answers %i, %i", async (path, status, responseCode, message) => {
    const answer = await ask(path);
    expect([answer.status, answer.json.responseCode]).toEqual([status, responseCode]);
    expect(answer.json.message).toContain(message);
    expect(answer.json).not.toHaveProperty("values");
  });

  test("is another server's, where no prefix is configured", async () => {
    const plain = await startServer(city.registry);
    const answer = await plain.get(pathOf(LAMP));
    expect(await answer.json()).toMatchObject({ responseCode: 301 });
    await plain.close();
  });

  test("is told from what cannot be told", async () => {
    city.registry.failReads(new Error("the disk is gone"));
    const answer = await ask(pathOf(LAMP));
    city.registry.failReads(null);
    expect([answer.status, answer.json.code]).toEqual([503, "UNAVAILABLE"]);
  });
});
