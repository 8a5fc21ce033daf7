/**
 * Goal: a witness answers as C2SP tlog-witness says, word for word, over real HTTP, and nothing that is sent to it makes it
 * sign a second history or forget the first.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { parseNote, signaturesOf } from "@cityroot/core/log/note";
import { signedLog } from "@cityroot/core/log/signed-log.testing";
import { afterAll, describe, expect, test } from "vitest";
import { readEvidence } from "./evidence.ts";
import { recordPath } from "./log-record.ts";
import {
  ask,
  bodyOf,
  cosignedAt,
  forkedLogs,
  keyOf,
  makeHome,
  openFolders,
  startHere,
} from "./witness.testing.ts";

const folders = openFolders();
afterAll(folders.remove);

const FORK_AT = 5;
const [log, fork] = forkedLogs(40, FORK_AT);
const ORIGIN = log.key.name;
const HASH = createHash("sha256").update(ORIGIN).digest("hex");

/** Runs a witness of the log for one test. */
async function withWitness(
  act: (running: Awaited<ReturnType<typeof startHere>>, path: string) => Promise<void>,
  options: Parameters<typeof startHere>[1] = {},
  changes: Parameters<typeof makeHome>[2] = {},
): Promise<void> {
  const path = folders.next();
  await makeHome(path, log, { requestsPerSecond: 0, ...changes });
  const running = await startHere(path, options);
  try {
    await act(running, path);
  } finally {
    await running.close();
  }
}

describe("add-checkpoint", () => {
  test("cosigns what continues, under any media type, and says the size that it needs", () =>
    withWitness(async (running) => {
      const { address } = running;
      const key = keyOf(running);
      cosignedAt(await ask(address, bodyOf(log, 0, 3)), log, 3, key);
      const conflict = await ask(address, bodyOf(log, 0, 7));
      expect(conflict).toEqual({ status: 409, type: "text/x.tlog.size", text: "3\n" });
      cosignedAt(await ask(address, bodyOf(log, 3, 7), "application/json"), log, 7, key);
      const answer = await ask(address, bodyOf(log, 7, 7), "application/x-www-form-urlencoded");
      cosignedAt(answer, log, 7, key);
      expect(answer.text).toMatch(/^\u2014 witness\.example\/w1 [A-Za-z0-9+/]+=*\n$/);
    }));

  test("answers each wrong request as the specification says", () =>
    withWitness(async ({ address }) => {
      await ask(address, bodyOf(log, 0, 7));
      const statusOf = async (body: Uint8Array | string) => (await ask(address, body)).status;
      expect(await statusOf("")).toBe(400);
      expect(await statusOf("old 0\n")).toBe(400);
      expect(
        await statusOf(
          Buffer.from(bodyOf(log, 7, 9))
            .toString()
            .replace("old 7", "old 07"),
        ),
      ).toBe(400);
      expect(await statusOf(bodyOf(log, 9, 8, []))).toBe(400);
      expect(await statusOf(bodyOf(signedLog(9, { origin: "log.example/b" }), 0, 9))).toBe(404);
      expect(await statusOf(bodyOf(signedLog(9, { seed: 2 }), 7, 9))).toBe(403);
      expect(await statusOf(bodyOf(log, 7, 9, []))).toBe(422);
      expect(await statusOf(bodyOf(log, 7, 9, log.pathOf(7, 10)))).toBe(422);
      expect(await statusOf(bodyOf(log, 7, 7, log.pathOf(7, 10)))).toBe(422);
      expect(await statusOf(bodyOf(fork, 7, 7))).toBe(422);
      expect(await statusOf(bodyOf(fork, 7, 9))).toBe(422);
      expect(await statusOf(bodyOf(log, 5, 9))).toBe(409);
      expect(await statusOf(bodyOf(log, 7, 9))).toBe(200);
      expect(await statusOf(bodyOf(log, 7, 8)), "an older checkpoint").toBe(409);
    }));

  test("of many that want to continue one size, one history gets through, and it never goes back", () =>
    withWitness(async (running) => {
      const { address } = running;
      await ask(address, bodyOf(log, 0, FORK_AT));
      const sizes = Array.from({ length: 16 }, (_, at) => FORK_AT + 1 + (at % 8));
      const asked = sizes.map(async (size, at) => {
        const from = at % 2 === 0 ? log : fork;
        return { from, size, answer: await ask(address, bodyOf(from, FORK_AT, size)) };
      });
      const signed = (await Promise.all(asked)).filter(({ answer }) => answer.status === 200);
      const [first] = signed;
      expect(first, "somebody gets through").toBeDefined();
      for (const { from, size } of signed)
        expect({ from: from === first!.from, size }).toEqual({ from: true, size: first!.size });
    }));

  test("times never go back, also when the clock does", () => {
    let nowMs = 2_000_000_000_000;
    return withWitness(
      async (running) => {
        const key = keyOf(running);
        const times: number[] = [];
        for (const [size, backMs] of [
          [1, 0],
          [2, 86_400_000],
          [3, -1],
        ] as const) {
          nowMs -= backMs;
          times.push(cosignedAt(await ask(running.address, bodyOf(log, size - 1, size)), log, size, key));
        }
        expect(times).toEqual([2_000_000_000, 2_000_000_000, 2_000_000_000]);
      },
      { clock: () => nowMs },
    );
  });
});

describe("two histories", () => {
  test("of one size are refused and kept as evidence, also from a wrong old size", () =>
    withWitness(async ({ address }, path) => {
      await ask(address, bodyOf(log, 0, 9));
      expect((await ask(address, bodyOf(fork, 0, 9))).status).toBe(409);
      expect((await ask(address, bodyOf(fork, 9, 9))).status).toBe(422);
      const [evidence, ...more] = readEvidence(`${path}/evidence`);
      expect(more).toEqual([]);
      expect(evidence).toMatchObject({ origin: ORIGIN, verdict: "two-roots" });
      const health = await (await fetch(`${address}/healthz`)).json();
      expect(health).toMatchObject({ status: "ok", logs: 1, cosigned: 1, forks: 1 });
    }));

  test("of different sizes are shown by the proof that came with the second", () =>
    withWitness(async ({ address }, path) => {
      await ask(address, bodyOf(log, 0, 9));
      expect((await ask(address, bodyOf(fork, 9, 14))).status).toBe(422);
      expect(readEvidence(`${path}/evidence`)).toMatchObject([{ verdict: "other-beginning" }]);
    }));

  test("are not shown by a proof that somebody made up, of which only so many are kept", () =>
    withWitness(
      async ({ address }, path) => {
        await ask(address, bodyOf(log, 0, 9));
        for (let size = 10; size < 20; size++) {
          expect((await ask(address, bodyOf(log, 9, size, log.pathOf(8, size)))).status).toBe(422);
        }
        const evidence = readEvidence(`${path}/evidence`);
        expect(evidence.map(({ verdict }) => verdict)).toEqual(Array(3).fill("unproven"));
        // The room that strangers can fill is not that of forks.
        await ask(address, bodyOf(fork, 9, 14));
        expect(readEvidence(`${path}/evidence`)[0]).toMatchObject({ verdict: "other-beginning" });
      },
      { limits: { evidenceMax: 3 } },
    ));
});

describe("what is cosigned", () => {
  test("is served with both signatures, and is there after a restart", async () => {
    const path = folders.next();
    const home = await makeHome(path, log);
    const checkpointOf = (address: string) => fetch(`${address}/${HASH}/checkpoint`);
    const first = await startHere(path);
    expect((await checkpointOf(first.address)).status).toBe(404);
    await ask(first.address, bodyOf(log, 0, 9));
    await first.close();
    const second = await startHere(path);
    try {
      const served = await checkpointOf(second.address);
      const note = parseNote(new Uint8Array(await served.arrayBuffer()));
      if (!note.ok) throw new Error(note.fault.field);
      expect(note.value.text).toBe(log.noteAt(9).text);
      expect(signaturesOf(note.value, log.key)).toHaveLength(1);
      expect(signaturesOf(note.value, home.key.verifier)).toHaveLength(1);
      expect((await ask(second.address, bodyOf(fork, 9, 9))).status).toBe(422);
      cosignedAt(await ask(second.address, bodyOf(log, 9, 12)), log, 12, keyOf(second));
    } finally {
      await second.close();
    }
  });

  test("is not begun anew where its record is lost, empty, damaged or another witness's", async () => {
    const path = folders.next();
    const home = await makeHome(path, log);
    const running = await startHere(path);
    await ask(running.address, bodyOf(log, 0, 9));
    await running.close();
    const file = recordPath(home.recordFolder, ORIGIN);
    const good = readFileSync(file, "utf8");
    for (const text of [
      "",
      good.slice(0, -1),
      good.replace("\n9\n", "\n8\n"),
      good.replace(ORIGIN, "log.example/b"),
    ]) {
      writeFileSync(file, text);
      await expect(startHere(path), JSON.stringify(text)).rejects.toThrow(/cannot be used/);
    }
    const other = await makeHome(folders.next(), log);
    const stranger = await startHere(other.path);
    await ask(stranger.address, bodyOf(log, 0, 9));
    await stranger.close();
    writeFileSync(file, readFileSync(recordPath(other.recordFolder, ORIGIN)));
    await expect(startHere(path)).rejects.toThrow(/no cosignature of this witness/);
    rmSync(file);
    await expect(startHere(path)).rejects.toThrow(/cannot be used/);
    writeFileSync(file, good);
    await (await startHere(path)).close();
  });

  test("is the affair of one process", async () => {
    await withWitness(async (_, path) => {
      await expect(startHere(path)).rejects.toThrow(/is in use by process/);
    });
  });

  test("waits for a disk that takes nothing, and is not signed meanwhile", () =>
    withWitness(async (running, path) => {
      const key = keyOf(running);
      cosignedAt(await ask(running.address, bodyOf(log, 0, 3)), log, 3, key);
      // A folder where the new record is to be written: no permission would stop the root user.
      const blocked = `${recordPath(`${path}/records`, ORIGIN)}.new`;
      mkdirSync(`${blocked}/x`, { recursive: true });
      expect((await ask(running.address, bodyOf(log, 3, 7))).status).toBe(503);
      expect((await fetch(`${running.address}/healthz`)).status).toBe(503);
      rmSync(blocked, { recursive: true });
      cosignedAt(await ask(running.address, bodyOf(log, 3, 7)), log, 7, key);
      expect((await fetch(`${running.address}/healthz`)).status).toBe(200);
    }));
});

describe("bounds", () => {
  test("a body that is too long is refused", () =>
    withWitness(async ({ address }) => {
      const answer = await ask(address, Buffer.alloc(200_000, "a"));
      expect(answer.status).toBe(413);
    }));

  test("a request that does not arrive is cut off", () =>
    withWitness(
      async ({ address }) => {
        const { port } = new URL(address);
        const socket = connect(Number(port), "127.0.0.1");
        socket.write("POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 100\r\n\r\nold");
        const [head] = await new Promise<string[]>((resolve) => {
          let text = "";
          socket.on("data", (part) => (text += part));
          socket.on("close", () => resolve(text.split("\r\n")));
        });
        expect(head).toContain("408");
      },
      { limits: { headTimeoutMs: 100, requestTimeoutMs: 200 } },
    ));

  test("an address and a log have so many requests in a second", async () => {
    await withWitness(
      async ({ address }) => {
        const answers = await Promise.all(Array.from({ length: 12 }, () => ask(address, "")));
        const statuses = answers.map(({ status }) => status);
        expect(statuses.filter((status) => status === 400).length).toBeGreaterThanOrEqual(4);
        expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
      },
      {},
      { requestsPerSecond: 2 },
    );
    await withWitness(
      async ({ address }) => {
        const statuses: number[] = [];
        for (let size = 0; size < 6; size++)
          statuses.push((await ask(address, bodyOf(log, size, size + 1))).status);
        expect(statuses.slice(0, 2)).toEqual([200, 200]);
        expect(statuses).toContain(429);
        // What others send in the log's name is not counted against it.
        expect((await ask(address, bodyOf(signedLog(9, { seed: 2 }), 0, 9))).status).toBe(403);
      },
      { limits: { checkpointsPerSecond: 1 } },
    );
  });

  test("whoever sends old checkpoints of a log again uses up nothing of what it may ask", () =>
    withWitness(
      async ({ address }) => {
        expect((await ask(address, bodyOf(log, 0, 1))).status).toBe(200);
        const again = Array.from({ length: 20 }, (_, at) => bodyOf(log, at % 2, 1));
        const statuses = await Promise.all(again.map(async (body) => (await ask(address, body)).status));
        expect(new Set(statuses)).toEqual(new Set([200, 409]));
        expect((await ask(address, bodyOf(log, 1, 2))).status).toBe(200);
      },
      { limits: { checkpointsPerSecond: 1 } },
    ));

  test("other addresses and methods are nothing, and connections are kept", () =>
    withWitness(async ({ address }) => {
      expect((await fetch(`${address}/`)).status).toBe(404);
      expect((await fetch(`${address}/add-checkpoint`)).status).toBe(404);
      expect((await fetch(`${address}/${"0".repeat(64)}/checkpoint`)).status).toBe(404);
      const header = await new Promise((resolve, reject) => {
        const asked = request(`${address}/add-checkpoint`, { method: "POST" }, (response) => {
          response.resume();
          resolve(response.headers["connection"]);
        });
        asked.on("error", reject);
        asked.end(bodyOf(log, 0, 2));
      });
      expect(header).not.toBe("close");
    }));
});

test("the key is drawn anew for every witness, and nobody else can read it", async () => {
  const homes = [await makeHome(folders.next(), log), await makeHome(folders.next(), log)];
  expect(homes[0]!.key.seed).not.toEqual(homes[1]!.key.seed);
  for (const { path } of homes) {
    expect(statSync(`${path}/keys/witness.json`).mode & 0o777, path).toBe(0o600);
    expect(readdirSync(path).sort(), path).toEqual(["evidence", "keys", "records", "witness.json"]);
  }
});
