import type { Code } from "@cityroot/codes/ma/code";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { verifyList } from "@cityroot/core/proof/verify-list";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CITY_TIME_MS, type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

const LAMP = "MA.156.1301.01/60.10000000.1/000123";
const SUSPENDED = "MA.156.1301.01/60.10000000.1/000124";
const RETIRED = "MA.156.1301.01/60.10000000.1/000125";
const IN_RANGE = "MA.156.1301.01/60.10000000.2/000044";
const IN_BATCH = "MA.156.1301.02/60.10000000.1/900001151";
const NEVER = "MA.156.1301.01/60.10000000.1/999";

let city: City;
let server: Running;
let ask: Ask;

beforeAll(async () => {
  city = await openCity();
  server = await startServer(city.registry);
  ask = await openContract(server);
});
afterAll(() => server.close());

describe("GET /v1/codes", () => {
  test("gives the record, who holds it, and as of when", async () => {
    const { json, headers } = await ask(`/v1/codes/${LAMP}`);
    expect(json).toMatchObject({
      code: LAMP,
      standing: "record",
      asOf: { height: 11, time: "2026-01-01T00:00:11.000Z", ageMs: 500 },
      record: {
        version: 2,
        isCurrent: true,
        status: "active",
        class: "street-lamp",
        attributes: { "height-mm": 9_000, place: [380_428_000, 1_145_149_000] },
        since: { height: 9 },
      },
      interval: null,
      prefix: { prefix: "MA.156.1301.01", holder: { name: { en: "Sample urban management bureau" } } },
      isPrefix: false,
    });
    expect(json.proof).toBeUndefined();
    expect(headers.get("cityroot-height")).toBe("11");
    expect(headers.get("cityroot-time")).toBe("2026-01-01T00:00:11.000Z");
    expect(headers.get("cityroot-network")).toBe(city.registry.reader.network.id);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("gives the record that a range and a batch imply", async () => {
    const range = (await ask(`/v1/codes/${IN_RANGE}`)).json;
    expect(range).toMatchObject({ standing: "in-range", interval: { type: "range", count: 500 } });
    expect(range.record).toMatchObject({ version: 1, within: range.interval.first, class: "bench" });
    const batch = (await ask(`/v1/codes/${IN_BATCH}`)).json;
    expect(batch).toMatchObject({ standing: "in-batch", interval: { type: "batch", count: 3 } });
    expect(batch.record.attributes).toEqual({ name: { zh: "第2站" }, place: [380_000_001, 1_145_000_000] });
  });

  test("gives status, reason and successors", async () => {
    expect((await ask(`/v1/codes/${SUSPENDED}`)).json.record).toMatchObject({
      status: "suspended",
      reason: "under-repair",
    });
    expect((await ask(`/v1/codes/${RETIRED}`)).json.record).toMatchObject({
      status: "retired",
      succession: { kind: "rename", codes: [LAMP] },
    });
  });

  test("says of a prefix that it is one, and who holds it", async () => {
    const { json } = await ask("/v1/codes/MA.156.1301");
    expect(json).toMatchObject({ isPrefix: true, prefix: { prefix: "MA.156.1301", status: "active" } });
    expect(json.prefix.holder.name.zh).toBe("示例石家庄市登记机构");
  });

  test("tells never issued, not yet issued, and not known yet apart", async () => {
    const never = await ask(`/v1/codes/${NEVER}`);
    expect([never.status, never.json.code, never.json.number]).toEqual([404, "CODE_NEVER_ISSUED", 62]);
    expect(never.json.asOf.height).toBe(11);
    const early = await ask(`/v1/codes/${LAMP}?as-of-height=3`);
    expect([early.status, early.json.code]).toEqual([404, "NOT_YET_ISSUED"]);
    const late = await ask(`/v1/codes/${LAMP}?as-of-height=12`);
    expect([late.status, late.json.code, late.json.expected]).toEqual([400, "AS_OF_LATER", "at most 11"]);
    for (const answer of [never, early, late]) expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("answers as of a height, a time in both forms, and a version", async () => {
    for (const query of [
      "as-of-height=8",
      "as-of-time=2026-01-01T00:00:08Z",
      "as-of-time=2026-01-01T08:00:08%2B08:00",
      `as-of-time=${CITY_TIME_MS + 8_999}`,
      "version=1",
    ]) {
      const { json } = await ask(`/v1/codes/${LAMP}?${query}`);
      expect(json.record, query).toMatchObject({
        version: 1,
        isCurrent: false,
        attributes: { "height-mm": 8_500 },
      });
    }
    expect((await ask(`/v1/codes/${LAMP}?as-of-height=9`)).json.record.version).toBe(2);
    expect((await ask(`/v1/codes/${IN_RANGE}?as-of-height=6`)).json.code).toBe("NOT_YET_ISSUED");
    expect((await ask(`/v1/codes/${IN_RANGE}?version=1`)).json.standing).toBe("in-range");
    expect((await ask(`/v1/codes/${IN_RANGE}?version=2`)).json.code).toBe("AS_OF_LATER");
    expect((await ask(`/v1/codes/${NEVER}?version=2`)).json.code).toBe("CODE_NEVER_ISSUED");
  });

  test("refuses parameters that it cannot use, and says which", async () => {
    const refusals: readonly (readonly [string, string])[] = [
      ["as-of-height=-1", "as-of-height"],
      ["as-of-height=1.5", "as-of-height"],
      ["as-of-height=1&version=1", "as-of-height"],
      ["as-of-time=yesterday", "as-of-time"],
      ["as-of-time=2026-01-01", "as-of-time"],
      ["as-of-time=2026-13-01T00:00:00Z", "as-of-time"],
      ["version=0", "version"],
      ["version=1&version=2", "version"],
      ["proof=perhaps", "proof"],
      ["verbose=true", "verbose"],
    ];
    for (const [query, field] of refusals) {
      const { status, json } = await ask(`/v1/codes/${LAMP}?${query}`);
      expect([status, json.code, json.field], query).toEqual([400, "PARAMETER_MALFORMED", field]);
    }
    const { json } = await ask(`/v1/codes/${LAMP}?proof=perhaps`);
    expect(json).toMatchObject({ expected: "true or false", got: "perhaps" });
    expect((await ask("/v1/lists/MA.156?limit=20000")).json).toMatchObject({
      field: "limit",
      expected: "at most 10000",
      got: "20000",
    });
    expect((await ask("/v1/holders/zz")).json).toMatchObject({ field: "id", got: "zz" });
  });

  test("says what is wrong with a code, and where", async () => {
    const { status, json } = await ask("/v1/codes/MA.156.13%301.1/60");
    expect(status, "an escape of a digit is the digit").toBe(404);
    expect(json.code).toBe("CODE_NEVER_ISSUED");
    const wrong = await ask("/v1/codes/MA.15X");
    expect(wrong.json).toMatchObject({
      status: 400,
      code: "CODE_MALFORMED",
      number: 60,
      field: "country",
      at: 5,
      expected: "3 ASCII digits",
      got: "15X",
    });
    const meant = await ask("/v1/codes/ma.156");
    expect(meant.json.fix).toBe('write "MA.156"');
  });

  test("carries the proof when asked, also with a refusal", async () => {
    const { policy } = city.registry;
    const record = await ask(`/v1/codes/${LAMP}?proof=true&delegations=true`);
    const proven = verifyAnswer(Buffer.from(record.json.proof, "base64"), LAMP as Code, { policy });
    expect(proven.ok && proven.value.delegations?.map(({ prefix }) => prefix)).toEqual([
      "MA.156",
      "MA.156.1301",
      "MA.156.1301.01",
    ]);
    const never = await ask(`/v1/codes/${NEVER}?proof=true`);
    const absent = verifyAnswer(Buffer.from(never.json.proof, "base64"), NEVER as Code, { policy });
    expect(absent.ok && absent.value.standing.kind).toBe("never-issued");
  });
});

describe("GET /v1/proofs", () => {
  test("proves every standing, now and at earlier moments", async () => {
    const { policy } = city.registry;
    const questions: readonly (readonly [string, string, string])[] = [
      [LAMP, "", "record"],
      [RETIRED, "", "record"],
      [IN_RANGE, "", "in-range"],
      [IN_BATCH, "", "in-batch"],
      [NEVER, "", "never-issued"],
      ["MA.156.1301.02/60.10000000.1/900001152", "", "in-batch"],
      ["MA.156.1301.02/60.10000000.1/900001120", "", "never-issued"],
      ["MA.999", "", "never-issued"],
    ];
    for (const [code, query, kind] of questions) {
      const { status, bytes, headers } = await ask(`/v1/proofs/${code}${query}`);
      expect(status, code).toBe(200);
      expect(headers.get("content-type")).toBe("application/vnd.cityroot.proof");
      const answer = verifyAnswer(bytes, code as Code, { policy });
      expect(answer.ok ? answer.value.standing.kind : answer.failure, code).toBe(kind);
    }
    const early = await ask(`/v1/proofs/${LAMP}?as-of-height=8`);
    const proven = verifyAnswer(early.bytes, LAMP as Code, { policy, asOf: { height: 8 } });
    expect(proven.ok && proven.value.standing).toMatchObject({ kind: "record", isCurrent: false });
    expect((await ask(`/v1/proofs/${LAMP}?version=3`)).json.code).toBe("AS_OF_LATER");
    expect((await ask(`/v1/proofs/${LAMP}?proof=true`)).json.code).toBe("PARAMETER_MALFORMED");
    expect((await ask("/v1/proofs/MA.1")).json.code).toBe("CODE_MALFORMED");
  });

  test("is 304 to whoever has the one of this block", async () => {
    const etag = (await ask(`/v1/proofs/${LAMP}`)).headers.get("etag")!;
    const again = await ask(`/v1/proofs/${LAMP}`, { headers: { "if-none-match": `W/${etag}, "other"` } });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    const other = await ask(`/v1/proofs/${LAMP}`, { headers: { "if-none-match": '"3"' } });
    expect(other.status).toBe(200);
  });
});

describe("GET /v1/history", () => {
  test("gives every version, newest first, in parts", async () => {
    const { json } = await ask(`/v1/history/${LAMP}`);
    expect(json.versions.map(({ version, isCurrent }: never) => [version, isCurrent])).toEqual([
      [2, true],
      [1, false],
    ]);
    expect(json.next).toBeNull();
    const first = (await ask(`/v1/history/${LAMP}?limit=1`)).json;
    expect([first.versions.length, first.next]).toEqual([1, 2]);
    const second = (await ask(`/v1/history/${LAMP}?limit=1&before=${first.next}`)).json;
    expect([second.versions[0].version, second.next]).toEqual([1, null]);
  });

  test("gives the one version of a code of an interval, and none of one never issued", async () => {
    expect((await ask(`/v1/history/${IN_RANGE}`)).json.versions.length).toBe(1);
    expect((await ask(`/v1/history/${IN_RANGE}?before=1`)).json.versions).toEqual([]);
    expect((await ask(`/v1/history/${NEVER}`)).json.code).toBe("CODE_NEVER_ISSUED");
    expect((await ask(`/v1/history/${LAMP}?limit=0`)).json.field).toBe("limit");
  });
});

describe("GET /v1/lists", () => {
  test("gives all that lies at or below a prefix, in parts that fit together", async () => {
    const whole = (await ask("/v1/lists/MA.156")).json;
    const codes = whole.entries.map((entry: { code: string }) => entry.code);
    expect(codes[0]).toBe("MA.156");
    expect(codes).toContain(LAMP);
    expect(whole.next).toBeNull();
    const parts: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const query: string = after === "" ? "?limit=3" : `?limit=3&after=${after}`;
      const part = (await ask(`/v1/lists/MA.156${query}`)).json;
      parts.push(...part.entries.map((entry: { code: string }) => entry.code));
      after = part.next;
    }
    expect(parts).toEqual(codes);
    expect((await ask("/v1/lists/MA.999")).json.entries).toEqual([]);
  });

  test("gives only the nearest, passing over what lies below them", async () => {
    const { entries } = (await ask("/v1/lists/MA.156?nearest=true")).json;
    expect(entries.map((entry: { code: string }) => entry.code)).toEqual(["MA.156.1301"]);
    const below = (await ask("/v1/lists/MA.156.1301.01?nearest=true&limit=3")).json;
    expect(below.entries.length).toBe(3);
    const rest = (await ask(`/v1/lists/MA.156.1301.01?nearest=true&after=${below.next}`)).json;
    expect(rest.entries).toMatchObject([{ type: "range", interval: { count: 500 }, name: { en: "Bench" } }]);
  });

  test("says which of them are delegated prefixes", async () => {
    const { entries } = (await ask("/v1/lists/MA.156")).json;
    const prefixes = entries.filter((entry: { isPrefix: boolean }) => entry.isPrefix);
    expect(prefixes.map((entry: { code: string }) => entry.code)).toEqual([
      ...["MA.156", "MA.156.1301", "MA.156.1301.01", "MA.156.1301.02"],
    ]);
  });

  test("proves that nothing is left out, in JSON and alone", async () => {
    const { policy } = city.registry;
    const { json } = await ask("/v1/lists/MA.156.1301?limit=4&proof=true");
    const part = verifyList(Buffer.from(json.proof, "base64"), "MA.156.1301" as Code, undefined, { policy });
    expect(part.ok && part.value.entries.map(({ code }) => code)).toEqual(
      json.entries.map((entry: { code: string }) => entry.code),
    );
    const alone = await ask(`/v1/lists/MA.156.1301?limit=100&after=${json.next}`, {
      headers: { accept: "application/vnd.cityroot.proof" },
    });
    const rest = verifyList(alone.bytes, "MA.156.1301" as Code, json.next as Code, { policy });
    expect(rest.ok && rest.value.isLast).toBe(true);
    expect((await ask("/v1/lists/MA.156?proof=true&nearest=true")).json.field).toBe("nearest");
    expect((await ask("/v1/lists/MA.156?limit=10001")).json.field).toBe("limit");
    expect((await ask("/v1/lists/MA.156?after=MA.1")).json.field).toBe("after");
  });
});

describe("prefixes, holders and items", () => {
  test("a prefix with its holder, rules, count and chain", async () => {
    const { json } = await ask("/v1/prefixes/MA.156.1301.01");
    expect(json).toMatchObject({ status: "active", version: 1, bound: null, own: null, issued: 503 });
    expect(json.chain.map(({ prefix }: { prefix: string }) => prefix)).toEqual([
      "MA.156",
      "MA.156.1301",
      "MA.156.1301.01",
    ]);
    const unknown = await ask(`/v1/prefixes/${LAMP}`);
    expect([unknown.status, unknown.json.code]).toEqual([404, "PREFIX_UNKNOWN"]);
    expect(unknown.json.fix).toContain("MA.156.1301.01");
  });

  test("a holder with its keys", async () => {
    const { id } = (await ask("/v1/prefixes/MA.156")).json.holder;
    const { json } = await ask(`/v1/holders/${id.toUpperCase()}`);
    expect(json).toMatchObject({ id, version: 1, pending: null, keys: { root: { needed: 1, keys: [0] } } });
    const unknown = await ask(`/v1/holders/${"0".repeat(40)}`);
    expect([unknown.status, unknown.json.code, unknown.json.status]).toEqual([404, "HOLDER_UNKNOWN", 404]);
    expect((await ask("/v1/holders/xyz")).json.code).toBe("PARAMETER_MALFORMED");
  });

  test("the item of a batch with its way to the root", async () => {
    const { json } = await ask(`/v1/items/${IN_BATCH}`);
    expect(json).toMatchObject({ code: IN_BATCH, index: 1, batch: { type: "batch", count: 3 } });
    expect(json.path.length).toBe(2);
    expect((await ask(`/v1/items/${LAMP}`)).json.code).toBe("NOT_A_BATCH_ITEM");
    expect((await ask(`/v1/items/${IN_RANGE}`)).json.code).toBe("NOT_A_BATCH_ITEM");
    expect((await ask(`/v1/items/${NEVER}`)).json.code).toBe("CODE_NEVER_ISSUED");
  });
});
