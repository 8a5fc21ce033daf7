import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, type CreateClientParameters, createClient } from "./client.ts";
import type { TransportError } from "./error.ts";
import { isTransportError } from "./error.ts";
import { fetchPolicy } from "./fetch-policy.ts";
import { getNetwork } from "./get-network.ts";
import { ANSWER_BYTES_MAX } from "./request.ts";
import { resolve } from "./resolve.ts";

/**
 * Goal: a request ends, in bounded time and memory, whoever answers it.
 * Method: a server that misbehaves as the test says; times are short, and nothing waits for them but the client.
 */
let url = "";
let misbehave: (response: ServerResponse, path: string) => void;
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  misbehave(response, request.url ?? "");
});
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function clientOf(parameters: Partial<CreateClientParameters> = {}): Client {
  return createClient({ url, policy: TEST_POLICY, ...parameters });
}

async function failed(action: Promise<unknown>): Promise<TransportError> {
  const error = await action.then(
    () => "an answer",
    (caught: unknown) => caught,
  );
  if (!isTransportError(error)) throw new Error(`expected a TransportError, got ${error}`);
  return error;
}

test("an answer that never begins, and one that goes on for ever, end with the time", async () => {
  misbehave = () => {};
  expect((await failed(resolve(clientOf({ timeoutMs: 50 }), "MA.156"))).failure).toBe("timeout");
  let timer: NodeJS.Timeout | undefined;
  misbehave = (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    timer = setInterval(() => response.write(" "), 5);
    response.on("close", () => clearInterval(timer));
  };
  const error = await failed(getNetwork(clientOf({ timeoutMs: 80 })));
  expect(error).toMatchObject({ failure: "timeout", url: `${url}/v1/network` });
  clearInterval(timer);
});

test("an answer that is too large ends early, whether it says so or not", async () => {
  misbehave = (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "99999999999" });
    response.write("{");
  };
  expect((await failed(getNetwork(clientOf()))).failure).toBe("too-large");
  let isClosed: Promise<unknown> = Promise.resolve();
  let sentBytes = 0;
  misbehave = (response) => {
    isClosed = new Promise((closed) => response.on("close", closed));
    response.writeHead(200, { "content-type": "application/json" });
    const part = Buffer.alloc(65_536, 32);
    const pour = (): void => {
      while (!response.destroyed && response.write(part)) sentBytes += part.length;
    };
    response.on("drain", pour);
    pour();
  };
  expect((await failed(getNetwork(clientOf()))).failure).toBe("too-large");
  await isClosed;
  expect(sentBytes).toBeLessThan(8 * ANSWER_BYTES_MAX);
});

test("a connection that breaks, before the answer and within it", async () => {
  misbehave = (response) => response.destroy();
  const before = await failed(getNetwork(clientOf()));
  expect(before.failure).toBe("network");
  expect(before.cause).toBeInstanceOf(Error);
  misbehave = (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write("{", () => response.destroy());
  };
  expect((await failed(getNetwork(clientOf()))).failure).toBe("network");
  expect((await failed(getNetwork(clientOf({ url: "http://127.0.0.1:1" })))).failure).toBe("network");
});

test("a redirect is not followed, not even by a fetch that would", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    misbehave = (response, path) => {
      if (path !== "/elsewhere") response.writeHead(status, { location: "/elsewhere" });
      response.end("{}");
    };
    asked.length = 0;
    const error = await failed(resolve(clientOf(), "MA.156"));
    expect({ failure: error.failure, asked }, `${status}`).toEqual({
      failure: "redirect",
      asked: ["/v1/proofs/MA.156?delegations=true"],
    });
    const eager: typeof fetch = (input, init) => fetch(input, { ...init, redirect: "follow" });
    expect((await failed(resolve(clientOf({ fetch: eager }), "MA.156"))).failure, `${status}`).toBe(
      "redirect",
    );
  }
});

test("an answer of another media type, or of another shape, is malformed", async () => {
  misbehave = (response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<h1>Welcome to our guest network</h1>");
  };
  const error = await failed(resolve(clientOf(), "MA.156"));
  expect(error).toMatchObject({ failure: "malformed", status: 200 });
  expect(error.message).toContain("expected application/vnd.cityroot.proof, got text/html");
  expect((await failed(getNetwork(clientOf()))).message).toContain("answer: expected an object");
  expect((await failed(fetchPolicy({ url }))).failure).toBe("malformed");
  misbehave = (response) => response.end(JSON.stringify({ origin: TEST_POLICY.origin, id: 7 }));
  expect((await failed(getNetwork(clientOf()))).message).toContain("answer.id: expected text");
  expect((await failed(fetchPolicy({ url }))).message).toContain("answer.policy");
});

test("a status that is no refusal keeps its name and how long to wait", async () => {
  misbehave = (response) => {
    response.writeHead(503, { "content-type": "application/problem+json", "retry-after": "7" });
    response.end(JSON.stringify({ code: "OVERLOADED", detail: "Too much is waiting already" }));
  };
  expect(await failed(resolve(clientOf(), "MA.156"))).toMatchObject({
    failure: "status",
    status: 503,
    code: "OVERLOADED",
    retryAfterMs: 7000,
    message: expect.stringContaining("Too much is waiting already"),
  });
  misbehave = (response) => {
    response.writeHead(502);
    response.end("<html>");
  };
  expect(await failed(resolve(clientOf(), "MA.156"))).toMatchObject({ status: 502, code: undefined });
});

test("the caller can end a request, before it and within it, with its own reason", async () => {
  misbehave = () => {};
  const early = new AbortController();
  early.abort(new Error("not any more"));
  await expect(resolve(clientOf(), "MA.156", { signal: early.signal })).rejects.toThrow("not any more");
  const within = new AbortController();
  const action = resolve(clientOf(), "MA.156", { signal: within.signal });
  setTimeout(() => within.abort(new Error("enough")), 20);
  await expect(action).rejects.toThrow("enough");
});

test("neither cookies nor a path of the address are lost or added", async () => {
  misbehave = (response) => response.end("{}");
  asked.length = 0;
  const seen: RequestInit[] = [];
  const spy: typeof fetch = (input, init) => {
    seen.push(init ?? {});
    return fetch(input, init);
  };
  await failed(getNetwork(clientOf({ url: `${url}/registry`, fetch: spy })));
  await failed(getNetwork(clientOf({ url: `${url}/registry/?x=1#y`, fetch: spy })));
  expect(asked).toEqual(["/registry/v1/network", "/registry/v1/network"]);
  for (const init of seen) expect(init, "request").toMatchObject({ credentials: "omit", redirect: "manual" });
  expect(() => clientOf({ url: "ftp://registry.example" })).toThrow(TypeError);
});
