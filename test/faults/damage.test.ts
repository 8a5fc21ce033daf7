import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import { issueOf } from "@cityroot/core/ledger.testing";
import { attributesOf, updateOf } from "@cityroot/core/operation/operation.testing";
import { standingOf } from "@cityroot/core/operation/standing";
import { proveAnswer } from "@cityroot/core/proof/prove";
import { codeKey } from "@cityroot/core/state/key";
import { createServer } from "@cityroot/node/api/server";
import { auditRegistry } from "@cityroot/node/audit/audit-registry";
import {
  NATION,
  openStoredNode,
  openStoredReader,
  type StoredNodeOptions,
  signTransaction,
  withTestHome,
} from "@cityroot/node/engine/embedded/stored-node.testing";
import { readHome } from "@cityroot/node/home/home";
import { openLogger } from "@cityroot/node/logger";
import { openPayloads } from "@cityroot/node/open-payloads";
import type { StoredRegistryReader } from "@cityroot/node/resolver/stored-registry-reader";
import { openRegistryStore } from "@cityroot/node/store/registry-store";
import { open } from "lmdb";
import { expect, test } from "vitest";

// Goal: what the disk changed is never taken for what was written: not for an answer, not for the next block. What is
// whole goes on being answered.
// Method: a home with some hundred codes on many pages; bytes of its files are changed; everything is asked again.

const STEM = "MA.156.1301.02/60.10000000.1";
const CODES = Array.from({ length: 240 }, (_, at) => `${STEM}/${String(at).padStart(4, "0")}` as Code);

/** Fills a home with codes in several blocks, one of them with a history. */
async function fill(path: string, options: StoredNodeOptions = {}): Promise<void> {
  const node = await openStoredNode(path, options);
  for (let from = 0; from < CODES.length; from += 40) {
    const operations = CODES.slice(from, from + 40).map((code) => issueOf(code));
    await node.engine.submit([signTransaction(NATION, operations, { lastHeight: 100, nonce: from })]);
  }
  for (let version = 2; version < 6; version++) {
    const change = updateOf(CODES[3]!, { attributes: attributesOf([["name", [["en", `lamp ${version}`]]]]) });
    await node.engine.submit([
      signTransaction(NATION, [change], { lastHeight: 100, nonce: 1_000 + version }),
    ]);
  }
  await node.close();
}

/** Changes a table of a closed store as another program would, without a sum. */
async function rewrite(
  path: string,
  table: string,
  key: number | string,
  change: (bytes: Buffer) => Buffer | undefined,
): Promise<void> {
  const root = open({ path: `${path}/data/registry.mdb`, noSubdir: true, encoding: "binary" });
  const name = { name: table, encoding: "binary" } as const;
  const db = root.openDB<Buffer, number | string>(
    typeof key === "number" ? { ...name, keyEncoding: "uint32" } : name,
  );
  const bytes = change(Buffer.from(db.getBinary(key)!));
  await (bytes === undefined ? db.remove(key) : db.put(key, bytes));
  await root.close();
}

/** How a reader answers for a code: its standing, or that it cannot tell. Never anything that is not so. */
function answerOf(reader: StoredRegistryReader, code: Code): string {
  try {
    const head = reader.head();
    proveAnswer(reader.source, code, head);
    return standingOf(reader.source, code).kind;
  } catch (error) {
    if ((error as Error).name !== "StoreDamagedError") throw error;
    return "damaged";
  }
}

async function pagesOf(path: string): Promise<Buffer[]> {
  const store = openRegistryStore(`${path}/data`, { readOnly: true });
  const pages = Array.from({ length: store.pageCount() }, (_, page) => store.readPage(page));
  await store.close();
  return pages;
}

test("a page whose bytes changed is not answered from, and all others are", async () => {
  await withTestHome(async (path) => {
    await fill(path);
    const file = `${path}/data/registry.mdb`;
    const page = (await pagesOf(path)).find((bytes) => bytes.includes("100\0"))!;
    const whole = readFileSync(file);
    const places: number[] = [];
    for (let at = whole.indexOf(page); at >= 0; at = whole.indexOf(page, at + 1)) places.push(at);
    expect(places.length, "places of the page in the file").toBeGreaterThan(0);
    for (let offset = 0; offset < page.length; offset += Math.ceil(page.length / 60)) {
      const damaged = Buffer.from(whole);
      for (const place of places) damaged[place + offset]! ^= 1 << (offset % 8);
      writeFileSync(file, damaged);
      const reader = openStoredReader(readHome(path));
      const answers = CODES.map((code) => answerOf(reader, code));
      const wrong = CODES.filter((_, at) => !["record", "damaged"].includes(answers[at]!));
      expect(wrong, `never issued, they say, with byte ${offset} changed`).toEqual([]);
      const lost = answers.filter((answer) => answer === "damaged").length;
      expect(lost, `codes that are not answered with byte ${offset} changed`).toBeGreaterThan(0);
      expect(lost, `codes that are not answered with byte ${offset} changed`).toBeLessThan(CODES.length / 4);
      await reader.close();
    }
    await expect(auditRegistry(readHome(path), undefined, 0)).rejects.toThrow(
      /page [0-9]+ of the store is damaged/,
    );
  });
});

test("the engine makes no block out of a damaged page, and stops when it meets one", async () => {
  await withTestHome(async (path) => {
    await fill(path);
    const damaged = (await pagesOf(path)).findIndex((bytes) => bytes.includes("100\0"));
    await rewrite(path, "page", damaged, (bytes) => {
      bytes[bytes.length - 60]! ^= 4;
      return bytes;
    });
    const stops: unknown[] = [];
    const node = await openStoredNode(path, { onStop: (_, cause) => stops.push(cause) });
    const { height } = node.reader.head().checkpoint;
    const submit = (code: Code, nonce: number) =>
      node.engine.submit([
        signTransaction(NATION, [updateOf(code, { attributes: attributesOf([["category", "lamp"]]) })], {
          lastHeight: 100,
          nonce,
        }),
      ]);
    const [elsewhere] = await submit(CODES[200]!, 1);
    expect(elsewhere!.outcome.ok, "a code of a whole page").toBe(true);
    const hit = CODES.find((code) => answerOf(node.reader, code) === "damaged")!;
    const [there] = await submit(hit, 2);
    expect(there!.outcome).toMatchObject({ ok: false, rejection: { name: "NODE_UNAVAILABLE" } });
    expect(String(stops[0])).toMatch(`page ${damaged} of the store is damaged`);
    expect(node.engine.refusesBecause()).not.toBeNull();
    expect(node.reader.head().checkpoint.height).toBe(height + 1);
    expect(answerOf(node.reader, CODES[200]!)).toBe("record");
    await node.close();
  });
});

test("a head that changed, is cut short or is gone is told by that name, and is not taken for a new store", async () => {
  await withTestHome(async (path) => {
    await fill(path);
    const whole = readFileSync(`${path}/data/registry.mdb`);
    const changes: ((bytes: Buffer) => Buffer | undefined)[] = [
      ...[0, 1, 5, 12, 40, 90, 150].map((at) => (bytes: Buffer) => {
        bytes[at]! ^= 1;
        return bytes;
      }),
      (bytes) => bytes.subarray(0, bytes.length - 7),
      () => Buffer.alloc(0),
      () => undefined,
    ];
    for (const [at, change] of changes.entries()) {
      await rewrite(path, "meta", "head", change);
      const name = `change ${at}`;
      await expect(openStoredNode(path), name).rejects.toThrow(/the head .*(damaged|missing)/);
      expect(() => openStoredReader(readHome(path)), name).toThrow(/the head .*(damaged|missing)/);
      writeFileSync(`${path}/data/registry.mdb`, whole);
    }
    const node = await openStoredNode(path);
    expect(answerOf(node.reader, CODES[0]!)).toBe("record");
    await node.close();
  });
});

test("changes that are cut short, damaged or gone are got round, by who starts and by who follows", async () => {
  for (const [name, change] of Object.entries<(bytes: Buffer) => Buffer | undefined>({
    "cut short": (bytes) => bytes.subarray(0, 20),
    empty: () => Buffer.alloc(0),
    damaged: (bytes) => {
      bytes[11]! ^= 255;
      return bytes;
    },
    gone: () => undefined,
  })) {
    await withTestHome(async (path) => {
      await fill(path);
      // Both are open before the damage; the follower looks only afterwards.
      const writer = await openStoredNode(path);
      const follower = openStoredReader(readHome(path));
      const submit = (code: string, nonce: number) =>
        writer.engine.submit([signTransaction(NATION, [issueOf(code)], { lastHeight: 100, nonce })]);
      const { height } = follower.head().checkpoint;
      await submit(`${STEM}/more`, 10);
      await rewrite(path, "delta", height + 1, change);
      expect(answerOf(follower, `${STEM}/more` as Code), `a follower, ${name}`).toBe("record");
      await submit(`${STEM}/most`, 11);
      expect(answerOf(follower, `${STEM}/most` as Code), `a follower afterwards, ${name}`).toBe("record");
      await follower.close();
      await writer.close();
      const started = await openStoredNode(path);
      for (const code of [CODES[100]!, `${STEM}/most` as Code])
        expect(answerOf(started.reader, code), `a start, ${name}`).toBe("record");
      await started.close();
    });
  }
});

test("a snapshot that is damaged, cut short, foreign or gone is passed over", async () => {
  for (const [name, damage] of Object.entries<(file: string) => void>({
    gone: (file) => rmSync(file),
    empty: (file) => truncateSync(file, 0),
    "cut short": (file) => truncateSync(file, 100),
    "of a changed hash": (file) => {
      const bytes = readFileSync(file);
      bytes[bytes.length - 5]! ^= 1;
      writeFileSync(file, bytes);
    },
    "of a changed shape": (file) => {
      const bytes = readFileSync(file);
      bytes.writeInt32LE(0, 16);
      writeFileSync(file, bytes);
    },
    "of a later block": (file) => {
      writeFileSync(file.replace(/[0-9]+$/, "9999"), readFileSync(file));
      writeFileSync(file.replace(/[0-9]+$/, "10000.part"), "half");
    },
  })) {
    await withTestHome(async (path) => {
      await fill(path, { snapshotBytesMin: 1 });
      const snapshots = () => readdirSync(`${path}/data`).filter((file) => file.startsWith("upper-"));
      expect(snapshots(), name).toHaveLength(1);
      damage(`${path}/data/${snapshots()[0]}`);
      const node = await openStoredNode(path, { snapshotBytesMin: 1 });
      const more = signTransaction(NATION, [issueOf(`${STEM}/new`)], { lastHeight: 100, nonce: 1 });
      expect((await node.engine.submit([more]))[0]!.outcome.ok, name).toBe(true);
      for (const code of [CODES[0]!, CODES[239]!, `${STEM}/new` as Code])
        expect(answerOf(node.reader, code), `${code}, ${name}`).toBe("record");
      const { height } = node.reader.head().checkpoint;
      await node.close();
      // Where there was a sound one, no other may be due yet.
      const wanted = name === "of a later block" ? [height - 1, height] : [height];
      expect(snapshots(), `snapshots afterwards, ${name}`).toHaveLength(1);
      expect(wanted.map((at) => `upper-${at}`)).toContain(snapshots()[0]);
      const report = await auditRegistry(readHome(path), undefined, 0);
      expect(report.height).toBe(height);
    });
  }
});

test("other damage is named where it is met, and nowhere else", async () => {
  await withTestHome(async (path) => {
    await fill(path);
    const turn = (bytes: Buffer): Buffer => {
      bytes[bytes.length - 10]! ^= 1;
      return bytes;
    };
    await rewrite(path, "version", 1, turn);
    await rewrite(path, "block", 2, turn);
    await rewrite(path, "entries", 0, turn);
    const reader = openStoredReader(readHome(path));
    const head = reader.head();
    expect(answerOf(reader, CODES[3]!)).toBe("record");
    const early = { asOf: { version: 1 } };
    expect(() => proveAnswer(reader.source, CODES[3]!, head, early)).toThrow(
      "version row 1 of the store is damaged",
    );
    expect(() => reader.versions(codeKey(CODES[3]!), 10)).toThrow("version row 1 of the store is damaged");
    expect(() => reader.block(2)).toThrow("block 2 of the store is damaged");
    expect(bytesToHex(reader.block(1)!.subarray(0, 2))).toBe("8501");
    expect(() => reader.entryBundle(0)).toThrow("entry bundle 0 of the store is damaged");
    expect(reader.tile(0, 0)).toBeDefined();
    await reader.close();
    await expect(auditRegistry(readHome(path), undefined, 0)).rejects.toThrow(
      "block 2 of the store is damaged",
    );
  });
});

test("a file that is no store, or is cut short, is refused by name", async () => {
  await withTestHome(async (path) => {
    await fill(path);
    const whole = readFileSync(`${path}/data/registry.mdb`);
    writeFileSync(`${path}/data/registry.mdb`, Buffer.alloc(64 * 1_024, 7));
    await expect(openStoredNode(path)).rejects.toThrow(`the store in ${path}/data cannot be opened`);
    expect(() => openStoredReader(readHome(path))).toThrow(`the store in ${path}/data cannot be opened`);
    for (const size of [1, 9_000, whole.length >> 1]) {
      writeFileSync(`${path}/data/registry.mdb`, whole.subarray(0, size));
      await expect(openStoredNode(path), `cut to ${size} bytes`).rejects.toThrow(/store/);
    }
    rmSync(`${path}/data`, { recursive: true });
    expect(() => openStoredReader(readHome(path))).toThrow(`there is no store in ${path}/data`);
  });
});

test("over HTTP, damage is an answer of its own and never that a code was not issued", async () => {
  await withTestHome(async (path) => {
    await fill(path);
    const damaged = (await pagesOf(path)).findIndex((bytes) => bytes.includes("100\0"));
    await rewrite(path, "page", damaged, (bytes) => {
      bytes[bytes.length - 60]! ^= 4;
      return bytes;
    });
    const node = await openStoredNode(path);
    const { engine, reader } = node;
    const logger = openLogger("silent" as never);
    const payloads = await openPayloads(node.home, logger);
    const server = await createServer({ reader, engine, payloads, logger, clock: Date.now });
    const address = await server.listen({ host: "127.0.0.1", port: 0 });
    const statuses = new Map<number, number>();
    for (const code of CODES) {
      for (const form of ["application/json", "text/html", "application/linkset+json"]) {
        const { status } = await fetch(`${address}/v1/codes/${code}`, { headers: { accept: form } });
        const wanted = answerOf(reader, code) === "record" ? [200, 406] : [503, 406];
        expect(wanted, `${code} as ${form}`).toContain(status);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }
    expect(statuses.get(503), "codes of the damaged page").toBeGreaterThan(0);
    expect(statuses.get(200), "codes of whole pages").toBeGreaterThan(400);
    const problem = await fetch(`${address}/v1/codes/${CODES[100]}`);
    expect(((await problem.json()) as { readonly code: string }).code).toBe("UNAVAILABLE");
    await server.close();
    payloads.close();
    await node.close();
  });
});
