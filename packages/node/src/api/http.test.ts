import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

let city: City;
let server: Running;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  server = await startServer(city.registry, { limits: { headBytesMax: 8_192, urlCharactersMax: 500 } });
  ask = await openContract(server);
});
afterAll(() => server.close());

/** Sends bytes as they are and gives all that comes back until the connection ends. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.base);
    const socket = connect(Number(port), "127.0.0.1");
    let got = "";
    socket.on("data", (chunk) => {
      got += chunk.toString();
    });
    socket.on("close", () => resolve(got));
    socket.on("error", reject);
    socket.write(text);
  });
}

describe("addresses", () => {
  test("that nothing has are told from codes that were never issued", async () => {
    const unknown = [
      "/v1",
      "/v1/",
      "/v1/nope",
      "/v2/codes/MA.156",
      "/V1/codes/MA.156",
      "/favicon.ico",
      "/log/",
      "/assets/nope.css",
      "/assets/../server.ts",
      "/assets/%2e%2e/%2e%2e/etc/passwd",
      "/problems/NOPE",
      "//MA.156",
    ];
    for (const path of unknown) {
      const response = await server.get(path);
      expect([response.status, (await response.json()).code], path).toEqual([404, "NOT_FOUND"]);
      expect(response.headers.get("cache-control"), path).toBe("no-store");
    }
  });

  test("cannot climb, and their escapes mean what they stand for", async () => {
    for (const path of [
      "/v1/codes/../network",
      "/v1/codes/MA.156/../../network",
      "/v1/codes/%2e%2e/network",
      "/v1/codes/MA.156%2F60",
      "/v1/codes/MA.156%00",
      "/v1/codes/MA.156%25",
      "/v1/codes/MA.156\\..",
      "/v1/codes/MA.156;x=1",
      "/v1/codes/%4d%41.156.%C0%AE",
    ]) {
      // Raw, since a client would tidy the path up before it sends it.
      const answer = await sendRaw(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      expect(answer, path).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer, path).toMatch(/"code":"(CODE|REQUEST)_MALFORMED"/);
    }
    const same = await ask("/v1/codes/%4D%41%2e156");
    expect([same.status, same.json.code]).toEqual([200, "MA.156"]);
    const broken = await ask("/v1/history/MA.156%zz");
    expect([broken.status, broken.json.code]).toEqual([400, "REQUEST_MALFORMED"]);
  });

  test("have a longest form", async () => {
    for (const path of ["/v1/codes/", "/v1/history/", "/", "/v1/transactions"]) {
      const response = await server.get(path + "A".repeat(600));
      expect([response.status, (await response.json()).code], path).toEqual([414, "URL_TOO_LONG"]);
    }
  });
});

describe("methods", () => {
  test("that an address does not take are refused with those that it takes", async () => {
    const refused: readonly (readonly [string, string, string])[] = [
      ["POST", "/v1/codes/MA.156", "GET, HEAD, OPTIONS"],
      ["DELETE", "/v1/transactions", "OPTIONS, POST"],
      ["GET", "/v1/transactions", "OPTIONS, POST"],
      ["PUT", "/v1/transactions", "OPTIONS, POST"],
      ["PATCH", "/healthz", "GET, HEAD, OPTIONS"],
      ["POST", "/", "GET, HEAD, OPTIONS"],
      ["POST", "/v1/payloads", "GET, HEAD, OPTIONS, PUT"],
    ];
    for (const [method, path, allow] of refused) {
      const { status, json, headers } = await ask(path, { method });
      expect([status, json.code], `${method} ${path}`).toEqual([405, "METHOD_NOT_ALLOWED"]);
      expect(headers.get("allow"), `${method} ${path}`).toBe(allow);
    }
  });

  test("OPTIONS says what other origins may do", async () => {
    const { status, headers } = await ask("/v1/transactions", { method: "OPTIONS" });
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-methods")).toBe("OPTIONS, POST");
    expect(headers.get("access-control-allow-headers")).toContain("content-type");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });

  test("HEAD gives the head of GET", async () => {
    for (const path of [
      "/v1/codes/MA.156",
      "/v1/proofs/MA.156",
      "/MA.156",
      "/v1/codes/MA.999",
      "/log/checkpoint",
      "/v1/checkpoint",
    ]) {
      const head = await server.get(path).then(() => fetch(server.base + path, { method: "HEAD" }));
      const got = await fetch(server.base + path);
      expect(head.status, path).toBe(got.status);
      for (const name of ["content-type", "content-length", "cityroot-height", "etag", "cache-control"]) {
        expect(head.headers.get(name), `${path} ${name}`).toBe(got.headers.get(name));
      }
      expect((await head.arrayBuffer()).byteLength).toBe(0);
    }
  });
});

describe("every answer", () => {
  test("carries headers that keep browsers from harm, and no cookie", async () => {
    for (const path of [
      "/",
      "/MA.156",
      "/MA.999",
      "/v1/codes/MA.156",
      "/v1/codes/MA.999",
      "/v1/network",
      "/nope",
      "/metrics",
    ]) {
      const { headers } = await fetch(server.base + path, { headers: { accept: "text/html" } });
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(headers.get("referrer-policy"), path).toBe("no-referrer");
      const policy = headers.get("content-security-policy");
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toContain("unsafe");
      expect(headers.get("access-control-allow-origin"), path).toBe("*");
      expect(headers.get("set-cookie"), path).toBeNull();
      expect(headers.get("cityroot-network"), path).toBe(city.registry.reader.network.id);
    }
  });
});

describe("bytes that are no request", () => {
  test("are answered in the form of a problem", async () => {
    const cases: readonly (readonly [string, number, string])[] = [
      ["hello\r\n\r\n", 400, "REQUEST_MALFORMED"],
      ["GET / HTTP/1.1\r\naccept: */*\r\n\r\n", 400, "REQUEST_MALFORMED"],
      [
        "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        400,
        "REQUEST_MALFORMED",
      ],
      [`GET / HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(9_000)}\r\n\r\n`, 431, "HEAD_TOO_LARGE"],
      [
        "POST /v1/transactions HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
        "REQUEST_MALFORMED",
      ],
    ];
    for (const [text, status, code] of cases) {
      const answer = await sendRaw(text);
      expect(answer, text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer, text).toContain(`"code":"${code}"`);
      expect(answer, text).toContain("connection: close");
    }
  });
});

test("a request that expects what is not known is answered like any other", async () => {
  for (const path of ["/v1/codes/MA.156", "/v1/network"]) {
    const head = `GET ${path} HTTP/1.1\r\nhost: x\r\nexpect: 200-ok\r\nconnection: close\r\n\r\n`;
    expect(await sendRaw(head), path).toMatch(/^HTTP\/1\.1 200 /);
  }
});

test("HTTP/1.0 needs no host", async () => {
  expect(await sendRaw("GET /v1/network HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);
});

describe("a registry that cannot be read", () => {
  test("is never taken for one that says no", async () => {
    city.registry.failReads(new Error("the disk is gone"));
    const paths = [
      "/v1/codes/MA.999",
      "/v1/proofs/MA.999",
      "/v1/history/MA.999",
      "/v1/lists/MA.999",
      "/v1/prefixes/MA.999",
      `/v1/holders/${"0".repeat(40)}`,
      "/v1/items/MA.999",
      "/v1/network",
      "/v1/blocks/1",
      "/log/checkpoint",
      "/v1/checkpoint",
      "/readyz",
    ];
    for (const path of paths) {
      const { status, json, headers } = await ask(path);
      expect([status, json.code], path).toEqual([503, "UNAVAILABLE"]);
      expect(headers.get("retry-after"), path).toBe("1");
      expect(headers.get("cache-control"), path).toBe("no-store");
      expect(JSON.stringify(json), `${path}: the reason stays in the log`).not.toContain("disk");
    }
    const page = await server.get("/MA.999", { accept: "text/html", "accept-language": "en" });
    expect(page.status).toBe(503);
    expect(await page.text()).toContain("That says nothing about the code");
    expect((await ask("/healthz")).status).toBe(200);
    expect((await ask("/metrics")).text).toContain("cityroot_height Nan");
    city.registry.failReads(null);
  });

  test("nor is a batch whose items are elsewhere", async () => {
    const blind = await startServer({
      ...city.registry,
      reader: {
        ...city.registry.reader,
        source: { ...city.registry.reader.source, itemsOf: () => [] },
      },
    });
    for (const code of ["900001151", "900001120"]) {
      for (const route of ["codes", "proofs", "history", "items"]) {
        const response = await blind.get(`/v1/${route}/MA.156.1301.02/60.10000000.1/${code}`);
        const { code: name, detail } = await response.json();
        expect([response.status, name], `${route} ${code}`).toEqual([503, "UNAVAILABLE"]);
        expect(detail).toContain("not on this machine");
      }
    }
    const page = await blind.get("/MA.156.1301.02/60.10000000.1/900001151", { accept: "text/html" });
    expect(page.status).toBe(503);
    expect((await blind.get("/v1/codes/MA.156.1301.02")).status, "the rest is served").toBe(200);
    await blind.close();
  });
});
