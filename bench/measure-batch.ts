import { encodeCbor } from "@cityroot/core/cbor";
import { encodeItem } from "@cityroot/core/operation/batch-item";
import type { Operation } from "@cityroot/core/operation/operation";
import type { Figure } from "./figure.ts";
import { codeOf, newHome, signed } from "./fixture.ts";
import { postRequest, runLoad } from "./http-load.ts";
import { startServer } from "./server.ts";

/** Batches of so many items, from the first byte sent to the durable issue: items a second. */
export async function measureBatch(counts: readonly number[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of counts) {
    const home = newHome(1);
    const server = await startServer(home, 1);
    const body = itemStream(count);
    const begun = performance.now();
    const stored = await fetch(`${server.address}/v1/payloads`, {
      method: "PUT",
      headers: { "content-type": "application/vnd.cityroot.items" },
      body,
    });
    const payload = (await stored.json()) as {
      digest: string;
      root: string;
      sizeBytes: number;
      count: number;
      first: string;
      last: string;
    };
    if (stored.status !== 201) throw new Error(JSON.stringify(payload));
    const operation = {
      type: "issue-batch",
      first: payload.first,
      last: payload.last,
      count: payload.count,
      root: Buffer.from(payload.root, "hex"),
      payloadDigest: Buffer.from(payload.digest, "hex"),
      payloadBytes: payload.sizeBytes,
      class: "street-light",
      attributes: [],
      links: [],
      commitments: [],
    } as unknown as Operation;
    const posts = [postRequest("/v1/transactions", encodeCbor([signed([operation], 1_000)]))];
    const result = await runLoad(server.address, 1, () => posts.pop());
    if (result.failures > 0) throw new Error("the batch was refused");
    const seconds = (performance.now() - begun) / 1000;
    figures.push({
      name: "batch items, hashed and anchored, each provable alone",
      size: `${count} items`,
      value: count / seconds,
      unit: "/s",
      target: 300_000,
    });
    const middle = codeOf(Math.floor(count / 2));
    const answer = (await (await fetch(`${server.address}/v1/codes/${middle}?proof=true`)).json()) as {
      standing: string;
    };
    if (answer.standing !== "in-batch") throw new Error(`${middle} is ${answer.standing}`);
    await server.close();
  }
  return figures;
}

function itemStream(count: number): Uint8Array<ArrayBuffer> {
  const items = Array.from({ length: count }, (_, serial) =>
    encodeItem({
      code: codeOf(serial),
      attributes: [
        ["name", [["zh", `裕华区槐安路路灯 ${serial}`]]],
        ["place", [380_400_000 + (serial % 100_000), 1_145_100_000 + (serial % 90_000)]],
      ],
      links: [],
    }),
  );
  const bytes = new Uint8Array(items.reduce((length, item) => length + 4 + item.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const item of items) {
    view.setUint32(at, item.length);
    bytes.set(item, at + 4);
    at += 4 + item.length;
  }
  return bytes;
}
