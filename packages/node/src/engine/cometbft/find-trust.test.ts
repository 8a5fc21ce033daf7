import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { findTrust, TrustError } from "./find-trust.ts";

// Goal: nodes that differ in what they say of a block are never averaged into something to trust.

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

type Chain = { readonly id?: string; readonly newest: number; readonly hash?: (height: number) => string };

const hashOf = (height: number): string => height.toString(16).toUpperCase().padStart(64, "0");

/** A node as it answers: its newest block, or the one that is asked for. */
async function serve({ id = "net-1", newest, hash = hashOf }: Chain): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { params } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const height = Number(params.height ?? newest);
    const error = { code: -32_603, message: "height must be less", data: "" };
    const header = { chain_id: id, height: String(height), time: "2026-01-01T00:00:00Z" };
    const commit = { height: String(height), block_id: { hash: hash(height) } };
    const answer = height > newest ? { error } : { result: { signed_header: { header, commit } } };
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...answer }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("the newest block that all have is found, or the one that is asked for", async () => {
  const nodes = [await serve({ newest: 9 }), await serve({ newest: 7 }), await serve({ newest: 8 })];
  expect(await findTrust(nodes, "net-1")).toEqual({
    ...{ network: "net-1", height: 7, hash: hashOf(7), time: "2026-01-01T00:00:00Z" },
  });
  expect(await findTrust(nodes, null, 3)).toMatchObject({ height: 3, hash: hashOf(3) });
});

test("what differs is said, with who says what", async () => {
  const good = await serve({ newest: 9 });
  const liar = await serve({ newest: 9, hash: () => "F".repeat(64) });
  const foreign = await serve({ newest: 9, id: "net-2" });
  const noise = await serve({ newest: 9, hash: () => "noise" });
  const cases: readonly (readonly [readonly string[], string | null, number | undefined, RegExp])[] = [
    [[good], "net-1", undefined, /two nodes or more, got 1/],
    [[good, good], "net-1", undefined, /two nodes or more/],
    [[good, liar], "net-1", undefined, /says that block 9 is 0{63}9, .* that it is F{64}: find out/],
    [[good, foreign], "net-1", undefined, /is of the network net-2, expected net-1/],
    [[good, foreign], null, undefined, /is of the network net-1, .* of net-2/],
    [[good, noise], "net-1", undefined, /gives no block at all/],
    [[good, await serve({ newest: 3 })], "net-1", 5, /gives no block 5/],
    [[good, "http://127.0.0.1:1"], "net-1", undefined, /does not answer/],
  ];
  for (const [nodes, network, height, why] of cases) {
    const asked = findTrust(nodes, network, height);
    await expect(asked, String(why)).rejects.toThrow(TrustError);
    await expect(asked, String(why)).rejects.toThrow(why);
  }
});

test("a node that sends elsewhere does not speak for itself", async () => {
  const honest = await serve({ newest: 9 });
  const puppet = createServer((request, response) => {
    response.writeHead(307, { location: `${honest}${request.url}` }).end();
  });
  servers.push(puppet);
  await new Promise<void>((resolve) => puppet.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(puppet.address() as AddressInfo).port}`;
  await expect(findTrust([honest, address], "net-1")).rejects.toThrow("does not answer");
});
