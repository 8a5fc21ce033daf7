import { afterAll, beforeAll, expect, test } from "vitest";
import { openCity, type Running, startServer } from "./city.testing.ts";

let server: Running;
// biome-ignore lint/suspicious/noExplicitAny: a document of many shapes, looked at in parts.
let document: any;
beforeAll(async () => {
  server = await startServer((await openCity()).registry);
  document = await (await server.get("/openapi.json")).json();
});
afterAll(() => server.close());

test("the document is OpenAPI 3.1 and names every route", () => {
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths).sort()).toEqual([
    "/",
    "/.well-known/gs1resolver",
    "/1.0/identifiers/{did}",
    "/api/handles/{handle}",
    "/assets/{file}",
    "/healthz",
    "/log/checkpoint",
    "/log/tile/{tile}",
    "/metrics",
    "/openapi.json",
    "/problems/{name}",
    "/readyz",
    "/v1/aliases",
    "/v1/aliases/lookup",
    "/v1/aliases/{code}",
    "/v1/blocks/{height}",
    "/v1/catalogue",
    "/v1/catalogue/{prefix}",
    "/v1/checkpoint",
    "/v1/codes/{code}",
    "/v1/coding-systems",
    "/v1/consensus",
    "/v1/genesis",
    "/v1/history/{code}",
    "/v1/holders/{id}",
    "/v1/identify",
    "/v1/items/{code}",
    "/v1/lists/{prefix}",
    "/v1/network",
    "/v1/network/status",
    "/v1/network/validators",
    "/v1/payloads",
    "/v1/payloads/{digest}",
    "/v1/prefixes/{prefix}",
    "/v1/proofs/{code}",
    "/v1/transactions",
    "/{code}",
    "/{key}/{value}",
  ]);
});

test("its addresses are those of the server that gives it, or the ones that the operator names", async () => {
  expect(document.servers).toEqual([{ url: "/" }]);
  const named = await startServer((await openCity()).registry, { publicUrl: "https://id.example.cn/" });
  const { servers } = (await (await named.get("/openapi.json")).json()) as { servers: unknown };
  expect(servers).toEqual([{ url: "https://id.example.cn" }]);
  await named.close();
});

type Operations = {
  readonly [method: string]: {
    readonly operationId: string;
    readonly summary: string;
    readonly tags: readonly string[];
    readonly responses: object;
    readonly parameters?: readonly {
      readonly in: string;
      readonly name: string;
      readonly required: boolean;
    }[];
  };
};

test("every operation has an id of its own, a summary, its parameters and its answers", () => {
  const ids: string[] = [];
  for (const [path, operations] of Object.entries<Operations>(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const name = `${method} ${path}`;
      ids.push(operation.operationId);
      expect(operation.summary, name).toBeTruthy();
      expect(operation.tags, name).toHaveLength(1);
      expect(Object.keys(operation.responses).length, name).toBeGreaterThan(0);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(
        declared.map((parameter) => parameter.name),
        name,
      ).toEqual(inPath);
      for (const parameter of declared) expect(parameter.required, name).toBe(true);
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
});

test("every reference leads to a schema, and every schema is used", () => {
  const names = Object.keys(document.components.schemas);
  const used = new Set(
    [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]),
  );
  expect([...used].sort()).toEqual(names.sort());
});
