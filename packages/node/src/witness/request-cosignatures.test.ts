/**
 * Goal: a log gets the cosignatures of the witnesses that work, whatever the others do, and takes none that does not hold.
 * Method: real witnesses and servers that misbehave, over real HTTP; proofs from the tiles that a log writer stores.
 */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { publicKeyOf } from "@cityroot/core/key/ed25519";
import { encodeBase64 } from "@cityroot/core/log/base64";
import { proveConsistency } from "@cityroot/core/log/consistency";
import { cosignText } from "@cityroot/core/log/cosignature";
import {
  makeVerifierKey,
  type Note,
  parseVerifierKey,
  printSignatureLines,
  SIGNATURE_TYPES,
  signaturesOf,
  signText,
} from "@cityroot/core/log/note";
import type { SignedLog } from "@cityroot/core/log/signed-log.testing";
import { hashAtOfTiles } from "@cityroot/core/log/tile";
import { EMPTY_FRONTIER, frontierRoot } from "@cityroot/core/log/tree";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLogWriter } from "../log/log-writer.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { type AskedWitness, requestCosignatures } from "./request-cosignatures.ts";
import type { RunningWitness } from "./start-witness.ts";
import { ask, bodyOf, forkedLogs, keyOf, makeHome, openFolders, startHere } from "./witness.testing.ts";

const folders = openFolders();
const servers: Server[] = [];
const witnesses: RunningWitness[] = [];
const [log, fork] = forkedLogs(40, 5);
const SEED = new Uint8Array(32).fill(8);
const NAME = "witness.example/false";
const KEY = makeVerifierKey(NAME, SIGNATURE_TYPES.cosignature, publicKeyOf(SEED));

beforeAll(installNativeFunctions);
afterAll(async () => {
  await Promise.all(witnesses.map(({ close }) => close()));
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  folders.remove();
});

async function startTrue(of: SignedLog = log): Promise<RunningWitness> {
  const path = folders.next();
  await makeHome(path, of, { requestsPerSecond: 0 });
  const running = await startHere(path);
  witnesses.push(running);
  return running;
}

/** A server that answers as it is told to, as the witness {@link KEY}. */
async function startFalse(listener: RequestListener): Promise<AskedWitness> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => listener(request, response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { key: KEY, url: `http://127.0.0.1:${port}`, knownSize: 0 };
}

function asked(running: RunningWitness, knownSize = 0): AskedWitness {
  return { key: keyOf(running), url: running.address, knownSize };
}

function requestOf(size: number, asks: readonly AskedWitness[], from: SignedLog = log) {
  return { note: from.noteAt(size), logKey: from.key, witnesses: asks, prove: from.pathOf };
}

async function outcomeOf(witness: AskedWitness, size = 9, more = {}) {
  const { note, outcomes } = await requestCosignatures({ ...requestOf(size, [witness]), ...more });
  expect(note, "what does not hold is not taken").toEqual(log.noteAt(size));
  return outcomes[0]!;
}

test("every witness that works cosigns, from whatever size it has", async () => {
  const running = [await startTrue(), await startTrue(), await startTrue()];
  await ask(running[1]!.address, bodyOf(log, 0, 6));
  await ask(running[2]!.address, bodyOf(log, 0, 9));
  const dead = await startFalse((_, response) => response.destroy());
  const asks = [asked(running[0]!), dead, asked(running[1]!, 3), asked(running[2]!, 9)];
  const { note, outcomes } = await requestCosignatures(requestOf(9, asks));
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true, true]);
  expect(outcomes[0]).toMatchObject({ name: "witness.example/w1", size: 9 });
  expect(note.text).toBe(log.noteAt(9).text);
  for (const one of [0, 2, 3]) expect(signaturesOf(note, asks[one]!.key), `${one}`).toHaveLength(1);
  expect(note.signatures).toHaveLength(4);
  // Asked again with the note that has them, they are renewed and not doubled.
  const again = await requestCosignatures({ ...requestOf(9, asks), note });
  expect(again.note.signatures).toHaveLength(4);
});

test("an address may have a path and a slash at its end", async () => {
  const running = await startTrue();
  const witness = { ...asked(running), url: `${running.address}/` };
  expect((await requestCosignatures(requestOf(4, [witness]))).outcomes).toMatchObject([{ ok: true }]);
});

test("a witness that was shown another history, or a later size, is told from one that fails", async () => {
  const running = await startTrue();
  await ask(running.address, bodyOf(fork, 0, 9));
  expect(await outcomeOf(asked(running), 8)).toMatchObject({ failure: "ahead", size: 9 });
  expect(await outcomeOf(asked(running), 9)).toMatchObject({ failure: "refused", size: 9 });
  expect(await outcomeOf(asked(running), 12)).toMatchObject({ failure: "refused", size: 9 });
});

test("what a false witness does is an outcome", async () => {
  const text =
    (status: number, body: string, type = "text/plain"): RequestListener =>
    (_, response) => {
      response.writeHead(status, { "content-type": type });
      response.end(body);
    };
  const lines = (...made: Parameters<typeof printSignatureLines>[0]) => text(200, printSignatureLines(made));
  const note = log.noteAt(9);
  const stranger = new Uint8Array(32).fill(77);
  const bad = { ...cosignText(note.text, NAME, SEED, 1), signature: new Uint8Array(72).fill(1) };
  const cases: readonly (readonly [string, RequestListener, string])[] = [
    ["nothing", text(200, ""), "malformed"],
    ["no lines", text(200, "fine\n"), "malformed"],
    ["of strangers alone", lines(cosignText(note.text, "stranger", stranger, 1)), "malformed"],
    ["under its name, by another key", lines(cosignText(note.text, NAME, stranger, 1)), "malformed"],
    ["of another text", lines(cosignText(log.noteAt(8).text, NAME, SEED, 1)), "signature-invalid"],
    ["one good and one bad", lines(cosignText(note.text, NAME, SEED, 1), bad), "signature-invalid"],
    ["of another type", lines(signText(note.text, NAME, SEED)), "malformed"],
    ["too long", text(200, "x".repeat(100_000)), "malformed"],
    ["without end", (_, response) => void endless(response), "malformed"],
    ["a size too large for a log", text(409, "9007199254740993\n", "text/x.tlog.size"), "malformed"],
    ["no size", text(409, "nine\n", "text/x.tlog.size"), "malformed"],
    ["the size that was sent", text(409, "0\n", "text/x.tlog.size"), "refused"],
    ["a size beyond the log's", text(409, "10\n", "text/x.tlog.size"), "ahead"],
    ["unknown", text(404, "no"), "refused"],
    ["busy", text(429, ""), "busy"],
    ["failing", text(503, ""), "busy"],
    ["broken", text(500, "\u001b[31mred"), "refused"],
    ["gone", (_, response) => response.destroy(), "unreachable"],
  ];
  for (const [about, listener, failure] of cases) {
    expect(await outcomeOf(await startFalse(listener)), about).toMatchObject({
      ok: false,
      name: NAME,
      failure,
    });
  }
});

test("sizes that change in every round are not followed for ever", async () => {
  let rounds = 0;
  const witness = await startFalse((_, response) => {
    rounds += 1;
    response.writeHead(409, { "content-type": "text/x.tlog.size" });
    response.end(`${(rounds % 5) + 1}\n`);
  });
  expect(await outcomeOf(witness)).toMatchObject({ failure: "refused" });
  expect(rounds).toBeLessThanOrEqual(3);
});

test("no redirection is followed, and no address but http and https asked", async () => {
  let reached = 0;
  const elsewhere = await startFalse((_, response) => {
    reached += 1;
    response.end();
  });
  const witness = await startFalse((_, response) => {
    response.writeHead(307, { location: `${elsewhere.url}/add-checkpoint` });
    response.end();
  });
  expect(await outcomeOf(witness)).toMatchObject({ failure: "unreachable" });
  expect(reached).toBe(0);
  for (const url of ["file:///etc/passwd", "data:,x", "127.0.0.1", "http://", ""]) {
    expect(await outcomeOf({ ...witness, url }), url).toMatchObject({ failure: "unreachable" });
  }
});

test("one that hangs costs its time and no more, and asking can be ended", async () => {
  const hanging = await startFalse(() => {});
  const running = await startTrue();
  const request = { ...requestOf(9, [hanging, asked(running)]), timeoutMs: 200 };
  const { outcomes } = await requestCosignatures(request);
  expect(outcomes).toMatchObject([{ failure: "timeout" }, { ok: true }]);
  const end = new AbortController();
  const pending = outcomeOf(hanging, 9, { signal: end.signal });
  end.abort();
  expect(await pending).toMatchObject({ failure: "unreachable" });
});

test("a proof that cannot be made is no failure of the others", async () => {
  const running = [await startTrue(), await startTrue()];
  await ask(running[0]!.address, bodyOf(log, 0, 6));
  const request = requestOf(
    9,
    running.map((one) => asked(one)),
  );
  const prove = (oldSize: number): readonly Uint8Array[] => {
    if (oldSize > 0) throw new Error("the store is away");
    return [];
  };
  const { outcomes } = await requestCosignatures({ ...request, prove });
  expect(outcomes).toMatchObject([{ failure: "unproven", size: 6 }, { ok: true }]);
});

test("proofs come from the tiles that a log keeps, also when it has grown since", async () => {
  const tiles = new Map<string, Uint8Array>();
  const writer = openLogWriter(EMPTY_FRONTIER, {
    readTile: (level, index) => tiles.get(`${level}/${index}`),
    readEntryBundle: () => undefined,
  });
  const notes = new Map<number, Note>();
  for (const count of [3, 250, 4, 600, 1]) {
    const entries = Array.from({ length: count }, (_, at) => Buffer.from(`${notes.size} ${at}`));
    const growth = writer.grow(entries);
    for (const [level, index, bytes] of growth.tiles) tiles.set(`${level}/${index}`, bytes.slice());
    const { size } = growth.frontier;
    const text = `${log.key.name}\n${size}\n${encodeBase64(frontierRoot(growth.frontier))}\n`;
    const signature = signText(text, log.key.name, new Uint8Array(32).fill(1));
    notes.set(size, { text, signatures: [signature] });
  }
  const hashAt = hashAtOfTiles((level, index) => tiles.get(`${level}/${index}`)!);
  const running = await startTrue();
  let knownSize = 0;
  for (const [size, note] of notes) {
    const { outcomes } = await requestCosignatures({
      note,
      logKey: log.key,
      witnesses: [asked(running, knownSize)],
      prove: (oldSize, newSize) => proveConsistency(hashAt, oldSize, newSize).path,
    });
    expect(outcomes, `size ${size}`).toMatchObject([{ ok: true, size }]);
    knownSize = size;
  }
  expect(parseVerifierKey(running.key).ok).toBe(true);
});

/** Writes until the other side has enough. */
async function endless(response: Parameters<RequestListener>[1]): Promise<void> {
  response.writeHead(200);
  while (!response.destroyed && response.write(Buffer.alloc(65_536, "x"))) await new Promise(setImmediate);
  response.on("drain", () => response.write(Buffer.alloc(65_536, "x")));
}
