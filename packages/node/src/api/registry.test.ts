import { connect } from "node:net";
import type { Readable } from "node:stream";
import { decodeBlock } from "@cityroot/core/block";
import { decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import { genesisToCbor } from "@cityroot/core/genesis";
import { sha256 } from "@cityroot/core/hash";
import { bytesToHex } from "@cityroot/core/hex";
import { issueOf } from "@cityroot/core/ledger.testing";
import { proveInclusion, verifyInclusion } from "@cityroot/core/log/inclusion";
import { decodeEntryBundle, hashAtOfTiles, tilePath, tilesForInclusion } from "@cityroot/core/log/tile";
import { leafHash, rootOf } from "@cityroot/core/log/tree";
import { checkPolicy, readPolicy } from "@cityroot/core/log/witness-policy";
import { decodeBundle } from "@cityroot/core/proof/bundle";
import { openBundle } from "@cityroot/core/proof/verify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";
import { joinItems } from "./payloads.testing.ts";

let city: City;
let server: Running;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  const { registry, holders } = city;
  // More leaves than a tile has.
  const transactions = Array.from({ length: 300 }, (_, at) =>
    registry.transaction(holders.works, issueOf(`MA.156.1301.01/60.10000000.9/${at}`)),
  );
  await registry.engine.submit(transactions);
  server = await startServer(registry, { limits: { payloadBytesMax: 500 } });
  ask = await openContract(server);
}, 60_000);
afterAll(() => server.close());

describe("the network", () => {
  test("says which one it is, and whose checkpoints to believe", async () => {
    const { json } = await ask("/v1/network");
    expect(json).toMatchObject({ id: city.registry.reader.network.id, protocol: 1, height: 12 });
    const policy = readPolicy(json.policy);
    const { bytes, headers } = await ask("/log/checkpoint");
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(policy.ok && checkPolicy(bytes, policy.value).ok).toBe(true);
  });

  test("gives its newest checkpoint as clients check it", async () => {
    const { bytes, headers } = await ask("/v1/checkpoint");
    expect(headers.get("content-type")).toBe("application/vnd.cityroot.proof");
    expect(headers.get("cache-control")).toBe("no-store");
    const opened = openBundle(bytes, { policy: city.registry.policy });
    const { checkpoint } = city.registry.reader.head();
    expect(opened.ok && opened.value.seen.checkpoint).toEqual(checkpoint);
    expect(decodeBundle(bytes)?.note).toEqual((await ask("/log/checkpoint")).bytes);
  });

  test("gives its genesis for people, and as the bytes that name it", async () => {
    const { json } = await ask("/v1/genesis");
    expect(json.roots[0].prefix).toBe("MA.156");
    const { bytes } = await ask("/v1/genesis", { headers: { accept: "application/cbor" } });
    expect(bytes).toEqual(encodeCbor(genesisToCbor(city.registry.reader.genesis)));
    expect(bytesToHex(sha256(bytes))).toBe((await ask("/v1/network")).json.genesis);
  });

  test("gives its blocks, which may be kept for ever", async () => {
    const { bytes, headers } = await ask("/v1/blocks/12");
    expect(decodeBlock(bytes)?.transactions.length).toBe(300);
    expect(decodeCbor(bytes)).toBeDefined();
    expect(headers.get("cache-control")).toContain("immutable");
    const none = await ask("/v1/blocks/13");
    expect([none.status, none.json.code]).toEqual([404, "NOT_FOUND"]);
    expect(none.headers.get("cache-control")).toBe("no-store");
    for (const height of ["-1", "x", "1.5", "99999999999999999999"]) {
      expect((await ask(`/v1/blocks/${height}`)).json.code, height).toBe("PARAMETER_MALFORMED");
    }
  });

  test("explains the names of problems", async () => {
    expect((await ask("/problems/CODE_TAKEN")).json).toEqual({
      code: "CODE_TAKEN",
      title: "Code taken",
      status: 409,
      number: 61,
    });
    expect((await ask("/problems/OVERLOADED")).json.number).toBeNull();
    expect((await ask("/problems/lower")).json.code).toBe("PARAMETER_MALFORMED");
  });
});

describe("the log", () => {
  test("is served in tiles from which any leaf can be proven", async () => {
    const { size, logRoot } = city.registry.reader.head().checkpoint;
    expect(size).toBeGreaterThan(256);
    for (const index of [0, 5, 255, 256, size - 1]) {
      const tiles = new Map<string, Uint8Array>();
      for (const tile of tilesForInclusion(index, size)) {
        const { status, bytes, headers } = await ask(`/log/${tilePath(tile)}`);
        expect(status, tilePath(tile)).toBe(200);
        expect(headers.get("content-type")).toBe("application/octet-stream");
        expect(headers.get("cache-control")).toBe(
          tile.width === 256 ? "public, max-age=31536000, immutable" : "no-store",
        );
        tiles.set(`${tile.level}/${tile.index}`, bytes);
      }
      const hashAt = hashAtOfTiles((level, at) => tiles.get(`${level}/${at}`)!);
      const proof = proveInclusion(hashAt, index, size);
      const bundle = Math.floor(index / 256);
      const width = Math.min(256, size - 256 * bundle);
      const path = `/log/tile/entries/00${bundle}${width < 256 ? `.p/${width}` : ""}`;
      const entries = decodeEntryBundle((await ask(path)).bytes, width);
      const entry = entries.ok ? entries.value[index % 256]! : new Uint8Array();
      expect(verifyInclusion(leafHash(entry), proof, logRoot), String(index)).toBe(true);
    }
  });

  test("gives an earlier, narrower tile too, and none that it does not have yet", async () => {
    const whole = (await ask("/log/tile/0/000")).bytes;
    expect((await ask("/log/tile/0/000.p/7")).bytes).toEqual(whole.slice(0, 7 * 32));
    expect((await ask("/log/tile/1/000.p/1")).bytes).toEqual(rootOf(chunks(whole)));
    const missing = ["0/001", "0/002", "1/000", "entries/001", "entries/002.p/1", "0/001.p/255", "9/000"];
    const malformed = ["0/1", "64/000", "0/000.p/0", "0/000.p/256", "x", "0/x000/001", "entries/", "-1/000"];
    for (const path of [...missing, ...malformed]) {
      const { status, json } = await ask(`/log/tile/${path}`);
      expect([status, json.code], path).toEqual([404, "NOT_FOUND"]);
    }
  });
});

function chunks(tile: Uint8Array): Uint8Array[] {
  return Array.from({ length: tile.length / 32 }, (_, at) => tile.slice(32 * at, 32 * (at + 1)));
}

describe("payloads", () => {
  const put = (body: Uint8Array, type = "application/vnd.cityroot.items"): RequestInit => ({
    method: "PUT",
    headers: { "content-type": type },
    body: body as BodyInit,
  });
  const item = encodeCbor(["MA.156.1301.02/60.10000000.9/1", [], []]);

  test("are stored, and given back by their digest", async () => {
    const bytes = joinItems([item]);
    const { status, json, headers } = await ask("/v1/payloads", put(bytes));
    expect(status).toBe(201);
    expect(json).toMatchObject({
      sizeBytes: bytes.length,
      count: 1,
      first: "MA.156.1301.02/60.10000000.9/1",
    });
    expect(json.digest).toBe(bytesToHex(sha256(bytes)));
    expect(headers.get("location")).toBe(`/v1/payloads/${json.digest}`);
    const stored = await ask(`/v1/payloads/${json.digest}`);
    expect(stored.bytes).toEqual(new Uint8Array(bytes));
    expect(stored.headers.get("cache-control")).toContain("immutable");
    expect((await ask(`/v1/payloads/${"0".repeat(64)}`)).json.code).toBe("NOT_FOUND");
    expect((await ask("/v1/payloads/xyz")).json.code).toBe("PARAMETER_MALFORMED");
  });

  test("are refused when they are too large, of another type, or hold what is no item", async () => {
    expect((await ask("/v1/payloads", put(new Uint8Array(501)))).json.code).toBe("BODY_TOO_LARGE");
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(joinItems(Array.from({ length: 30 }, () => item)));
        controller.close();
      },
    });
    const init = { ...put(item), body: stream, duplex: "half" } as RequestInit;
    expect((await ask("/v1/payloads", init)).json.code).toBe("BODY_TOO_LARGE");
    expect((await ask("/v1/payloads", put(item, "application/cbor"))).json.code).toBe(
      "UNSUPPORTED_MEDIA_TYPE",
    );
    const broken = await ask("/v1/payloads", put(joinItems([encodeCbor(["MA.1", [], []])])));
    expect([broken.status, broken.json.code]).toEqual([400, "CODE_MALFORMED"]);
  });

  test("that break off before the store begins to read them harm nobody", async () => {
    const { payloads } = city.registry;
    let hold: (items: Readable) => void = () => {};
    const begun = new Promise<Readable>((resolve) => {
      hold = resolve;
    });
    let stored: Promise<unknown> | undefined;
    const patient = {
      ...payloads,
      put: async (items: Readable) => {
        hold(items);
        await new Promise((resolve) => items.once("close", resolve));
        const outcome = payloads.put(items);
        stored = outcome;
        return outcome;
      },
    };
    const other = await startServer(city.registry, { payloads: patient });
    const socket = connect(Number(new URL(other.base).port), "127.0.0.1");
    socket.write(
      "PUT /v1/payloads HTTP/1.1\r\nhost: x\r\ncontent-type: application/vnd.cityroot.items\r\ncontent-length: 9\r\n\r\n",
    );
    const items = await begun;
    const closed = new Promise((resolve) => items.once("close", resolve));
    socket.resetAndDestroy();
    await closed;
    await expect(stored).rejects.toThrow(/broke off|aborted/);
    expect((await other.get("/healthz")).status).toBe(200);
    await other.close();
  });
});

describe("figures for operators", () => {
  test("count answers by route, and what waits", async () => {
    await ask("/v1/codes/MA.156");
    await ask("/v1/codes/MA.999");
    await ask("/v1/history/MA.156");
    const { text, headers } = await ask("/metrics");
    expect(headers.get("content-type")).toContain("text/plain");
    expect(text).toMatch(
      /cityroot_http_requests_total\{route="\/v1\/codes\/\*",method="GET",status="200"\} 1/,
    );
    expect(text).toMatch(
      /cityroot_http_requests_total\{route="\/v1\/codes\/\*",method="GET",status="404"\} 1/,
    );
    expect(text).toMatch(
      /cityroot_http_request_duration_seconds_count\{route="\/v1\/history\/\*",method="GET"\} 1/,
    );
    expect(text).toMatch(/cityroot_http_resolve_seconds_total\{route="\/v1\/codes\/\*"\} 0\.0/);
    expect(text).toContain("cityroot_height 12");
    expect(text).toContain("cityroot_submissions_waiting 0");
    expect(text).toContain("cityroot_takes_writes 1");
    const { size } = city.registry.reader.newest();
    expect(text).toContain(`cityroot_checkpoint_size ${size}\n`);
    expect(text).toContain(`cityroot_log_size ${size}\n`);
    expect(text).not.toContain("MA.156");
  });

  test("are given to programs of this machine, and through no proxy", async () => {
    for (const name of ["forwarded", "x-forwarded-for", "x-real-ip", "via"]) {
      const refused = await ask("/metrics", { headers: { [name]: "for=127.0.0.1" } });
      expect([refused.status, refused.json.code], name).toEqual([404, "NOT_FOUND"]);
    }
    const open = await startServer(city.registry, { metricsFor: "public" });
    expect((await open.get("/metrics", { via: "1.1 proxy" })).status).toBe(200);
    await open.close();
  });
});
