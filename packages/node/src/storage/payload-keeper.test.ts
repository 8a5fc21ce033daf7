/**
 * Goal: what the ledger refers to comes to a node from the nodes that its operator named, and nothing else does.
 * Method: real homes with real ledgers; other nodes are real ones, or servers that lie in one way each.
 */
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { bytesToHex } from "@cityroot/core/hex";
import type { ItemBatch } from "@cityroot/core/operation/item-stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeTestHome } from "../engine/embedded/stored-node.testing.ts";
import { type Home, readHome } from "../home/home.ts";
import { codeOf, filesIn } from "../payload/payload.testing.ts";
import { pathsOf } from "../payload/payload-folder.ts";
import { S3_SERVER_MISSING, startS3Server, WHY_NO_S3 } from "../payload/s3-server.testing.ts";
import { type RunningNode, startNode } from "../start-node.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openKeeper, registerPathOf } from "./open-keeper.ts";
import type { PayloadKeeper } from "./payload-keeper.ts";
import { readPayloadRegister } from "./payload-register.ts";
import { batchFrom, issueOfBatch, keptLog, putInto, referTo, startOther } from "./replication.testing.ts";

installNativeFunctions();

let path = "";
let closers: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  path = makeTestHome();
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(path, { recursive: true, force: true });
});

/** The home under test, which asks these nodes. */
function homeWith(replicas: readonly string[], recheckDays = 7): Home {
  const config = JSON.parse(readFileSync(`${path}/config.json`, "utf8")) as object;
  writeFileSync(`${path}/config.json`, JSON.stringify({ ...config, payloads: { replicas, recheckDays } }));
  return readHome(path);
}

/** Begins to keep the payloads of the home; its log is given. */
async function keep(replicas: readonly string[], recheckDays?: number) {
  const log = keptLog();
  const home = homeWith(replicas, recheckDays);
  const keeper: PayloadKeeper = await openKeeper(home, log.logger);
  closers.push(keeper.close);
  return { ...log, keeper, counts: countsOf(home) };
}

function countsOf(home: Home): () => unknown {
  const register = readPayloadRegister(registerPathOf(home));
  closers.push(register.close);
  return () => register.counts();
}

/** A real node that holds payloads, whatever its ledger says. */
async function startHolder(batches: readonly ItemBatch[]): Promise<RunningNode> {
  const other = makeTestHome();
  await putInto(other, batches);
  const node = await startNode({
    home: other,
    listen: { host: "127.0.0.1", port: 0 },
    workers: 0,
    logLevel: "fatal",
  });
  closers.push(async () => {
    await node.close();
    rmSync(other, { recursive: true, force: true });
  });
  return node;
}

const wait = { timeout: 20_000, interval: 50 };

describe("payloads that the ledger refers to", () => {
  test("come from another node when they are missing, and after a restart too", async () => {
    const batches = [batchFrom(1, 40), batchFrom(101, 3_000), batchFrom(9_001, 1)];
    await referTo(path, batches.map(issueOfBatch));
    const alone = await keep([]);
    await expect.poll(alone.counts, wait).toMatchObject({ referred: 3, missing: 3, whole: 0 });
    await alone.keeper.close();
    const { address } = await startHolder(batches);
    const { counts } = await keep([address]);
    await expect.poll(counts, wait).toMatchObject({ referred: 3, missing: 0, whole: 3 });
    const files = batches.flatMap(({ digest }) => [
      `${bytesToHex(digest)}.index`,
      `${bytesToHex(digest)}.items`,
    ]);
    const kept = filesIn(`${path}/payloads`).filter((name) => !name.startsWith("register"));
    expect(kept).toEqual(files.sort());
  });

  test("are known from the state where blocks do not tell, and from the blocks since", async () => {
    const batches = [batchFrom(1, 5), batchFrom(101, 5)];
    await referTo(path, [issueOfBatch(batches[0]!)]);
    const first = await keep([]);
    await expect.poll(first.counts, wait).toMatchObject({ referred: 1 });
    await first.keeper.close();
    await referTo(path, [issueOfBatch(batches[1]!)]);
    const second = await keep([]);
    await expect.poll(second.counts, wait).toMatchObject({ referred: 2, height: 2 });
    await second.keeper.close();
    // What is known of another ledger is forgotten.
    rmSync(`${path}/data`, { recursive: true });
    await referTo(path, [issueOfBatch(batchFrom(201, 5))]);
    const third = await keep([]);
    await expect.poll(third.counts, wait).toMatchObject({ referred: 1, height: 1 });
  });

  test("that are damaged are found when they are checked again, and mended", async () => {
    const batch = batchFrom(1, 500);
    await referTo(path, [issueOfBatch(batch)]);
    await putInto(path, [batch]);
    const { items } = pathsOf(`${path}/payloads`, bytesToHex(batch.digest));
    const changed = Buffer.from(batch.bytes);
    changed[5_000]! ^= 1;
    writeFileSync(items, changed);
    // Somebody left word of it.
    const { noteSuspect } = await import("../payload/suspects.ts");
    const found = await keep([]);
    await expect.poll(found.counts, wait).toMatchObject({ whole: 1 });
    noteSuspect(`${path}/payloads`, batch.digest);
    await expect.poll(found.counts, wait).toMatchObject({ whole: 0, damaged: 1 });
    expect(found.lines.filter(({ msg }) => msg === "a payload is damaged")).not.toEqual([]);
    await found.keeper.close();
    const { address } = await startHolder([batch]);
    const { counts } = await keep([address]);
    await expect.poll(counts, wait).toMatchObject({ whole: 1, damaged: 0 });
    expect(readFileSync(items).equals(batch.bytes)).toBe(true);
  });

  test("that no copy can fit are told apart, and not asked for again and again", async () => {
    const batch = batchFrom(1, 10);
    await referTo(path, [issueOfBatch({ ...batch, root: new Uint8Array(32).fill(7) })]);
    const { address } = await startHolder([batch]);
    const { counts, lines } = await keep([address]);
    await expect.poll(counts, wait).toMatchObject({ referred: 1, unfit: 1, missing: 0 });
    expect(lines.find(({ level }) => level === 50)).toMatchObject({
      digest: bytesToHex(batch.digest),
      replica: address,
      msg: "the items of a batch do not make the root on the ledger: nobody can prove them",
    });
  });
});

describe("payloads that the ledger does not refer to", () => {
  test("are taken away a day before the newest block, and no others", async () => {
    const [referred, old, young] = [batchFrom(1, 5), batchFrom(101, 5), batchFrom(201, 5)] as const;
    await putInto(path, [referred, old, young]);
    await referTo(path, [issueOfBatch(referred)]);
    const longAgo = Date.now() / 1_000 - 90_000;
    for (const { digest } of [referred, old]) {
      const { items } = pathsOf(`${path}/payloads`, bytesToHex(digest));
      utimesSync(items, longAgo, longAgo);
    }
    const { counts, lines } = await keep([]);
    await expect
      .poll(() => lines.filter(({ msg }) => msg.includes("was taken away")), wait)
      .toMatchObject([{ digest: bytesToHex(old.digest) }]);
    await expect.poll(counts, wait).toMatchObject({ whole: 1 });
    const kept = filesIn(`${path}/payloads`).filter((name) => name.endsWith(".items"));
    expect(kept).toEqual([referred, young].map(({ digest }) => `${bytesToHex(digest)}.items`).sort());
  });
});

describe("a running node", () => {
  test("whose copy is damaged does not answer from it, and mends it by itself", async () => {
    const batch = batchFrom(1, 500);
    await referTo(path, [issueOfBatch(batch)]);
    await putInto(path, [batch]);
    const { items } = pathsOf(`${path}/payloads`, bytesToHex(batch.digest));
    const changed = Buffer.from(batch.bytes);
    // In the first item, which is asked for below.
    changed[60]! ^= 1;
    writeFileSync(items, changed);
    const { address } = await startHolder([batch]);
    homeWith([address]);
    const node = await startNode({
      ...{ home: path, listen: { host: "127.0.0.1", port: 0 }, workers: 0, logLevel: "fatal" as const },
    });
    closers.push(node.close);
    const ask = async (): Promise<number> => (await fetch(`${node.address}/v1/codes/${codeOf(1)}`)).status;
    expect(await ask()).toBe(503);
    await expect.poll(ask, wait).toBe(200);
    expect(readFileSync(items).equals(batch.bytes)).toBe(true);
  });

  test("whose copy was taken away gets it again when it is asked for", async () => {
    const batch = batchFrom(1, 500);
    await referTo(path, [issueOfBatch(batch)]);
    await putInto(path, [batch]);
    const { address } = await startHolder([batch]);
    homeWith([address]);
    const node = await startNode({
      ...{ home: path, listen: { host: "127.0.0.1", port: 0 }, workers: 0, logLevel: "fatal" as const },
    });
    closers.push(node.close);
    const standing = async () => (await fetch(`${node.address}/readyz`)).json();
    await expect.poll(standing, wait).toMatchObject({ payloads: { whole: 1 } });
    const { items, index } = pathsOf(`${path}/payloads`, bytesToHex(batch.digest));
    rmSync(items);
    const ask = async (): Promise<number> => (await fetch(`${node.address}/v1/codes/${codeOf(1)}`)).status;
    expect(await ask()).toBe(503);
    await expect.poll(ask, wait).toBe(200);
    expect(readFileSync(items).equals(batch.bytes)).toBe(true);
    expect(existsSync(index)).toBe(true);
  });

  test.skipIf(S3_SERVER_MISSING)(
    `with a bucket answers from it when it let go of its own copy${WHY_NO_S3}`,
    async () => {
      const server = await startS3Server();
      closers.push(server.close);
      const batch = batchFrom(1, 500);
      await referTo(path, [issueOfBatch(batch)]);
      const { endpoint, bucket, prefix } = server.place("node/");
      const { accessKeyId, secretAccessKey } = server.place("node/").credentials();
      const credentialsFile = `${path}/keys/s3`;
      writeFileSync(
        credentialsFile,
        `[default]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`,
        { mode: 0o600 },
      );
      const { address } = await startHolder([batch]);
      const config = JSON.parse(readFileSync(`${path}/config.json`, "utf8")) as object;
      const payloads = { replicas: [address], s3: { endpoint, bucket, prefix, credentialsFile } };
      writeFileSync(`${path}/config.json`, JSON.stringify({ ...config, payloads }));
      const listen = { host: "127.0.0.1", port: 0 };
      const start = { home: path, listen, workers: 0, logLevel: "fatal" } as const;
      const node = await startNode(start);
      closers.push(node.close);
      const ask = async (number: number): Promise<number> =>
        (await fetch(`${node.address}/v1/codes/${codeOf(number)}?proof=true`)).status;
      await expect.poll(() => ask(1), wait).toBe(200);
      expect(server.objects("node")).toEqual([`${bytesToHex(batch.digest)}.items`]);
      await node.close();
      closers.pop();
      const { items, index } = pathsOf(`${path}/payloads`, bytesToHex(batch.digest));
      for (const file of [items, index]) rmSync(file);
      for (const way of ["/v1/codes/", "/v1/proofs/", "/"]) {
        const again = await startNode(start);
        const url = `${again.address}${way}${codeOf(10)}`;
        expect((await fetch(url, { headers: { accept: "text/html, */*" } })).status, url).toBe(200);
        await again.close();
        for (const file of [items, index]) rmSync(file);
      }
    },
  );
});

describe("a node that does not give the payload", () => {
  const batch = batchFrom(1, 2_000);
  const name = bytesToHex(batch.digest);
  const other = batchFrom(1, 1_999);
  const flipped = Buffer.from(batch.bytes);
  flipped[flipped.length - 3]! ^= 1;

  const LIES: Record<
    string,
    (send: { end: (bytes: Uint8Array) => void; endless: () => void; cut: () => void }) => void
  > = {
    "gives another payload": ({ end }) => end(other.bytes),
    "gives it with a bit changed": ({ end }) => end(flipped),
    "gives more than it": ({ end }) => end(Buffer.concat([batch.bytes, batch.bytes])),
    "gives no end of bytes": ({ endless }) => endless(),
    "gives nothing": ({ end }) => end(new Uint8Array(0)),
    "breaks off": ({ cut }) => cut(),
  };

  test.each(Object.keys(LIES))("but %s is told of, and another one is asked", async (how) => {
    await referTo(path, [issueOfBatch(batch)]);
    const liar = await startOther((_request, response) => {
      response.on("error", () => {});
      LIES[how]!({
        end: (bytes) => response.end(bytes),
        endless: () => {
          const piece = Buffer.from(batch.bytes);
          const write = (): void => {
            while (!response.destroyed && response.write(piece));
          };
          response.on("drain", write);
          write();
        },
        cut: () => {
          response.writeHead(200, { "content-length": batch.bytes.length });
          response.write(batch.bytes.subarray(0, 10_000), () => response.destroy());
        },
      });
    });
    closers.push(liar.close);
    const alone = await keep([liar.address]);
    const told =
      how === "breaks off" ? "a node did not give a payload" : "a node gave a wrong copy of a payload";
    await expect
      .poll(() => alone.lines.find(({ msg }) => msg === told), wait)
      .toMatchObject({ replica: liar.address, digest: name });
    expect(alone.counts()).toMatchObject({ missing: 1, whole: 0 });
    await alone.keeper.close();
    // Nothing of what it gave is kept, under any name.
    expect(filesIn(`${path}/payloads`).filter((file) => !file.startsWith("register"))).toEqual([]);
    const { address } = await startHolder([batch]);
    const { counts } = await keep([liar.address, address]);
    await expect.poll(counts, wait).toMatchObject({ missing: 0, whole: 1 });
    expect(liar.asked.every((url) => url === `/v1/payloads/${name}`)).toBe(true);
  });

  test("but sends elsewhere is not followed", async () => {
    await referTo(path, [issueOfBatch(batch)]);
    const { address } = await startHolder([batch]);
    const liar = await startOther((request, response) => {
      response.writeHead(307, { location: `${address}${request.url}` }).end();
    });
    closers.push(liar.close);
    const { lines, counts } = await keep([liar.address]);
    await expect
      .poll(() => lines.find(({ msg }) => msg === "a node did not give a payload"), wait)
      .toMatchObject({ replica: liar.address, digest: name });
    expect(counts()).toMatchObject({ missing: 1 });
  });

  test("but gives its bytes one by one keeps nobody from giving theirs", async () => {
    const batches = Array.from({ length: 16 }, (_, at) => batchFrom(1 + 100 * at, 10));
    await referTo(path, batches.map(issueOfBatch));
    const dripping: NodeJS.Timeout[] = [];
    const slow = await startOther((request, response) => {
      const { bytes } = batches.find(({ digest }) => request.url!.endsWith(bytesToHex(digest)))!;
      let at = 0;
      const drip = (): void => void response.write(bytes.subarray(at, ++at));
      response.writeHead(200, { "content-length": bytes.length }).flushHeaders();
      dripping.push(setInterval(drip, 5_000));
    });
    closers.push(slow.close);
    const { address } = await startHolder(batches);
    // Each of them is asked first for some.
    expect(new Set(batches.map(({ digest }) => digest[0]! % 2)).size).toBe(2);
    expect(batches.filter(({ digest }) => digest[0]! % 2 === 0).length).toBeGreaterThan(5);
    const { counts } = await keep([slow.address, address]);
    await expect.poll(counts, wait).toMatchObject({ whole: 14, missing: 2 });
    for (const timer of dripping) clearInterval(timer);
  });

  test("but comes back is asked again", async () => {
    await referTo(path, [issueOfBatch(batch)]);
    let isUp = false;
    const other = await startOther((_request, response) => {
      if (isUp) response.end(batch.bytes);
      else response.writeHead(503).end();
    });
    closers.push(other.close);
    const { counts } = await keep([other.address]);
    await expect.poll(() => other.asked.length, wait).toBeGreaterThan(0);
    expect(counts()).toMatchObject({ missing: 1 });
    isUp = true;
    await expect.poll(counts, wait).toMatchObject({ missing: 0, whole: 1 });
  });
});
