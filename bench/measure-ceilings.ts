// What the parts can do alone: no figure of the whole can be above these.

import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nativeSigner, verifyNative } from "@cityroot/node/signature/native-ed25519";
import { open } from "lmdb";
import { type Figure, median } from "./figure.ts";
import { getRequest, runLoad } from "./http-load.ts";

const isServer = process.argv[2] === "constant-answer";
if (isServer) {
  const body = Buffer.alloc(1_024, "x");
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": body.length });
    response.end(body);
  });
  server.listen(0, "127.0.0.1", () => process.send!({ port: (server.address() as { port: number }).port }));
}

/** The ceilings of this machine as it is now: taken anew at each size, since others on the machine come and go. */
export async function measureCeilings(size: string): Promise<Figure[]> {
  return [
    {
      name: "ceiling: signature checks alone, one core",
      size,
      value: await signatureRate(),
      unit: "/s",
    },
    {
      name: "ceiling: store puts alone (2.5 KB values at random over 100 k, 1,000 a durable commit)",
      size,
      value: await putRate(),
      unit: "/s",
    },
    {
      name: "ceiling: a constant 1 KB answer from node:http, one process",
      size,
      value: await answerRate(),
      unit: "/s",
    },
  ];
}

function signatureRate(): Promise<number> {
  const { publicKey, sign } = nativeSigner(randomBytes(32));
  const message = randomBytes(56);
  const signature = sign(message);
  return median(5, () => {
    const begun = performance.now();
    for (let at = 0; at < 5_000; at++)
      if (!verifyNative(publicKey, message, signature)) throw new Error("bad signature");
    return 5_000 / ((performance.now() - begun) / 1000);
  });
}

async function putRate(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "cityroot-puts-"));
  const root = open({
    path: `${folder}/data.mdb`,
    encoding: "binary",
    cache: false,
    overlappingSync: false,
    keyEncoding: "uint32",
  });
  const value = randomBytes(4_096);
  const batch = (first: number, key: (at: number) => number): Promise<boolean> =>
    root.batch(() => {
      for (let at = 0; at < 1_000; at++)
        root.put(key(first + at), value.subarray(at % 1_000, (at % 1_000) + 2_500));
    });
  for (let first = 0; first < 100_000; first += 1_000) await batch(first, (at) => at);
  const rate = await median(3, async () => {
    const begun = performance.now();
    for (let round = 0; round < 20; round++) await batch(0, () => Math.floor(Math.random() * 100_000));
    return 20_000 / ((performance.now() - begun) / 1000);
  });
  await root.close();
  rmSync(folder, { recursive: true });
  return rate;
}

async function answerRate(): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), ["constant-answer"], {
    execArgv: ["--conditions=source"],
  });
  const { port } = await new Promise<{ port: number }>((resolve) =>
    child.once("message", (message) => resolve(message as { port: number })),
  );
  const rate = await median(3, async () => {
    let left = 60_000;
    const request = getRequest("/");
    const result = await runLoad(`http://127.0.0.1:${port}`, 32, () => (left-- > 0 ? request : undefined));
    return result.requests / result.seconds;
  });
  child.kill();
  return rate;
}
