import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { cosignText } from "@cityroot/core/log/cosignature";
import { encodeNote, type Note, type NoteSignature, parseNote } from "@cityroot/core/log/note";
import { attributesOf, updateOf } from "@cityroot/core/operation/operation.testing";
import { type Bundle, decodeBundle, encodeBundle } from "@cityroot/core/proof/bundle";
import { NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import type { RunningNode } from "@cityroot/node/start-node";
import { makeWitnessedHome, type WitnessedHome } from "@cityroot/node/witnessed-node.testing";
import { type Client, createClient } from "@cityroot/sdk/client";
import { isProofError } from "@cityroot/sdk/error";
import { resolve } from "@cityroot/sdk/resolve";
import { afterAll, beforeAll, expect, test } from "vitest";

// Goal: a client that is given a forged answer, an old one, a checkpoint with too few or foreign cosignatures, or the proof
// of another code refuses it, and says why.
// Method: a whole node with three witnesses, of whom two are asked for, and between it and the client a server that hands
// on what the node says, but for one lie.

const STEM = "MA.156.1301.02/60.10000000.1";
const LAMP = `${STEM}/1` as Code;
const OTHER = `${STEM}/2` as Code;

/** Makes of the node's answer another one. */
type Lie = (body: Uint8Array) => Uint8Array | Promise<Uint8Array>;

let home: WitnessedHome;
let node: RunningNode;
let server: Server;
let url = "";
let lie: Lie | undefined;

beforeAll(async () => {
  home = makeWitnessedHome();
  const witnesses = await Promise.all(["w1", "w2", "w3"].map((name) => home.addWitness(name)));
  home.configure(witnesses, 2);
  node = await home.start();
  await submit(1, [issueOf(LAMP), issueOf(OTHER)]);
  server = createServer((request, response) => {
    void (async () => {
      const answer = await fetch(`${node.address}${request.url}`, {
        headers: { accept: request.headers.accept ?? "*/*" },
      });
      const body = new Uint8Array(await answer.arrayBuffer());
      const isProof = request.url!.startsWith("/v1/proofs/");
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(isProof && lie !== undefined ? await lie(body) : body);
    })();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  await home.remove();
});

async function submit(nonce: number, operations: Parameters<typeof signTransaction>[1]): Promise<void> {
  const [result] = await node.engine.submit([
    signTransaction(NATION, operations, { lastHeight: 1_000, nonce }),
  ]);
  expect(result!.outcome).toMatchObject({ ok: true });
}

function client(remember?: Parameters<typeof createClient>[0]["remember"]): Client {
  return createClient({ url, policy: node.policy, ...(remember !== undefined && { remember }) });
}

/** Why the client refuses what it is told; "believed" where it does not. */
async function refusalOf(told: Lie | undefined, by: Client = client()): Promise<string> {
  lie = told;
  try {
    await resolve(by, LAMP);
    return "believed";
  } catch (error) {
    if (isProofError(error)) return error.message;
    throw error;
  } finally {
    lie = undefined;
  }
}

/** A lie about a part of the bundle. */
function inBundle(change: (bundle: Bundle) => Partial<Bundle>): Lie {
  return (body) => {
    const bundle = decodeBundle(body);
    if (bundle === undefined) throw new Error("the node gave no bundle");
    return encodeBundle({ ...bundle, ...change(bundle) });
  };
}

/** A lie about the signatures of the checkpoint. */
function inSignatures(change: (note: Note) => readonly NoteSignature[]): Lie {
  return inBundle(({ note }) => {
    const parsed = parseNote(note);
    if (!parsed.ok) throw new Error(parsed.fault.field);
    return { note: encodeNote({ text: parsed.value.text, signatures: change(parsed.value) }) };
  });
}

const cosignersOf = ({ signatures }: Note): readonly NoteSignature[] =>
  signatures.filter(({ name }) => node.policy.witnesses.some((key) => key.startsWith(`${name}+`)));
const logsOf = ({ signatures }: Note): readonly NoteSignature[] =>
  signatures.filter(({ name }) => node.policy.logKeys.some((key) => key.startsWith(`${name}+`)));

test("what the node says is believed through an honest server", async () => {
  expect(await refusalOf(undefined)).toBe("believed");
  expect(await refusalOf((body) => body)).toBe("believed");
});

test("a forged record, and a forged way to the root", async () => {
  const changed = inBundle(({ runs: [run, ...more] }) => {
    const entries = run!.entries.map(({ key, value }) => ({
      key,
      value: value.with(value.length - 1, value.at(-1)! ^ 1),
    }));
    return { runs: [{ ...run!, entries }, ...more] };
  });
  expect(await refusalOf(changed)).toMatch(/^run-invalid: /);
  const unsealed = inBundle(({ sealPath: [first, ...more] }) => ({
    sealPath: [first!.with(0, first![0]! ^ 1), ...more],
  }));
  expect(await refusalOf(unsealed)).toMatch(
    /^checkpoint-unsealed: the log of \d+ entries is not shown to end/,
  );
});

test("the proof of another code, and one that leaves the code out", async () => {
  const ofOther = async (): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch(`${node.address}/v1/proofs/${OTHER}`)).arrayBuffer());
  expect(await refusalOf(ofOther)).toMatch(/^not-shown: /);
  expect(await refusalOf(inBundle(() => ({ runs: [] })))).toMatch(/^not-shown: /);
});

test("a checkpoint with too few cosignatures, and with those of strangers", async () => {
  const few = inSignatures((note) => [...logsOf(note), ...cosignersOf(note).slice(0, 1)]);
  expect(await refusalOf(few)).toMatch(
    /^checkpoint-refused: too-few-cosignatures, needed 2, found 1, names \["w\d"\]$/,
  );
  expect(await refusalOf(inSignatures(logsOf))).toBe(
    "checkpoint-refused: too-few-cosignatures, needed 2, found 0, names []",
  );
  const twice = inSignatures((note) => [...logsOf(note), cosignersOf(note)[0]!, cosignersOf(note)[0]!]);
  expect(await refusalOf(twice), "one that counts twice").toContain("needed 2, found 1");
  const strangers = inSignatures((note) => [
    ...logsOf(note),
    ...[1, 2, 3].map((seed) =>
      cosignText(note.text, `w${seed}`, new Uint8Array(32).fill(seed), 1_800_000_000),
    ),
  ]);
  expect(await refusalOf(strangers), "witnesses' names under other keys").toContain("needed 2, found 0");
  const borrowed = inSignatures((note) => {
    const [one, ...others] = cosignersOf(note);
    const forged = cosignText(note.text, one!.name, new Uint8Array(32).fill(9), 1_800_000_000);
    return [...logsOf(note), ...others, { ...forged, keyId: one!.keyId }];
  });
  expect(await refusalOf(borrowed), "a witness's key id").toMatch(
    /^checkpoint-refused: cosignature-invalid, name "w\d"$/,
  );
  expect(await refusalOf(inSignatures(cosignersOf)), "not the log's own").toBe(
    "checkpoint-refused: log-signature-missing",
  );
});

test("a checkpoint of another log, and one that the log never signed", async () => {
  const other = inBundle(({ note }) => ({
    note: Buffer.from(Buffer.from(note).toString().replace("registry.test/one", "registry.test/two")),
  }));
  expect(await refusalOf(other)).toMatch(
    /^checkpoint-refused: wrong-origin, expected "registry.test\/one", got "registry.test\/two"$/,
  );
  const longer = inBundle(({ note }) => ({
    note: Buffer.from(
      Buffer.from(note)
        .toString()
        .replace(/height=(\d+)/, "height=9$1"),
    ),
  }));
  expect(await refusalOf(longer)).toBe("checkpoint-refused: log-signature-invalid");
});

test("an answer that was true before, from a client's first question on and over its restarts", async () => {
  let old: Uint8Array | undefined;
  await refusalOf((body) => {
    old = body;
    return body;
  });
  let kept: string | null = null;
  const remember = {
    load: () => kept,
    save: (note: string) => {
      kept = note;
    },
  };
  const known = client(remember);
  await submit(2, [updateOf(LAMP, { attributes: attributesOf([["category", "lamp"]]) })]);
  expect(await refusalOf(undefined, known)).toBe("believed");
  const replay: Lie = () => old!;
  expect(await refusalOf(replay, known)).toMatch(/^checkpoint-old: it is of height 1, .*; wanted height 2 /);
  expect(await refusalOf(replay, client(remember)), "after a restart").toMatch(/^checkpoint-old: /);
  expect(await refusalOf(replay), "a client that saw nothing cannot tell").toBe("believed");
});
