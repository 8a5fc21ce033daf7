import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { hexToBytes } from "@cityroot/core/hex";
import { publicKeyOf, sign, verify } from "@cityroot/core/key/ed25519";
import { ED25519_EDGE_CASES } from "@cityroot/core/key/ed25519.testing";
import { signedMessageOf } from "@cityroot/core/transaction";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { CHECK_BYTES, type Check, encodeRequest, frameReader } from "./frame.ts";
import { nativeSigner, verifyNative } from "./native-ed25519.ts";
import { type SignaturePool, startSignaturePool } from "./signature-pool.ts";

// Goal: whoever checks a signature, the verdict is the core's, and every request is answered whatever becomes of the
// processes.

const SEED = new Uint8Array(32).fill(7);
const MESSAGE = signedMessageOf(new Uint8Array(32).fill(9));
const SIGNATURE = sign(SEED, MESSAGE);
const PUBLIC_KEY = publicKeyOf(SEED);
/** Order of the group: added to the second half of a signature, it makes another encoding of the same. */
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

let pool: SignaturePool | undefined;
afterEach(() => pool?.close());

/** Checks with the processes that were started for them. */
function startPool(count: number, spawns: (() => ChildProcess)[] = []): ChildProcess[] {
  const children: ChildProcess[] = [];
  pool = startSignaturePool(count, () => {
    const child = (spawns.shift() ?? spawnChecks)();
    children.push(child);
    return child;
  });
  return children;
}

function spawnChecks(): ChildProcess {
  const path = fileURLToPath(new URL("./check-process.ts", import.meta.url));
  return spawn(process.execPath, ["--conditions=source", path], { stdio: ["pipe", "pipe", "inherit"] });
}

function addToScalar(signature: Uint8Array, times: bigint): Uint8Array {
  let scalar =
    BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + times * GROUP_ORDER;
  const raised = signature.slice();
  for (let at = 32; at < 64; at++, scalar >>= 8n) raised[at] = Number(scalar & 255n);
  return raised;
}

/** Good and bad signatures over a message as transactions have it. */
function someChecks(count: number): { readonly checks: Check[]; readonly verdicts: boolean[] } {
  const checks = Array.from({ length: count }, (_, at): Check => {
    const signature = SIGNATURE.slice();
    if (at % 3 === 1) signature[at % 64]! ^= 1 << (at % 8);
    return { publicKey: PUBLIC_KEY, signature, message: MESSAGE };
  });
  return { checks, verdicts: checks.map((_, at) => at % 3 !== 1) };
}

test("the native check gives the core's verdict at every edge", () => {
  for (const { name, publicKey, message, signature, accepted } of ED25519_EDGE_CASES) {
    const bytes = Buffer.from(message, "utf8");
    expect(verifyNative(hexToBytes(publicKey)!, bytes, hexToBytes(signature)!), name).toBe(accepted);
  }
});

test("a native signer makes the core's signatures", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ maxLength: 100 }),
      (seed, message) => {
        const signer = nativeSigner(seed);
        expect(signer.publicKey).toEqual(publicKeyOf(seed));
        expect(signer.sign(message)).toEqual(sign(seed, message));
      },
    ),
    { numRuns: 10 },
  );
});

test("verdicts come back in their order, and are the core's also at the edges", async () => {
  startPool(2);
  const edges = ED25519_EDGE_CASES.map(({ publicKey, signature }) => ({
    publicKey: hexToBytes(publicKey)!,
    signature: hexToBytes(signature)!,
    message: MESSAGE,
  }));
  const raised = [0n, 1n, 2n, 8n, 14n].map((times) => ({
    publicKey: PUBLIC_KEY,
    signature: addToScalar(SIGNATURE, times),
    message: MESSAGE,
  }));
  const { checks, verdicts } = someChecks(50);
  const all = [...edges, ...raised, ...checks];
  const wanted = [
    ...[...edges, ...raised].map(({ publicKey, message, signature }) =>
      verify(publicKey, message, signature),
    ),
    ...verdicts,
  ];
  expect(await pool!.check(all)).toEqual(wanted);
  expect(wanted.slice(edges.length, edges.length + 5)).toEqual([true, false, false, false, false]);
  const many = await Promise.all(Array.from({ length: 40 }, (_, at) => pool!.check(checks.slice(at))));
  for (const [at, some] of many.entries()) expect(some, `request ${at}`).toEqual(verdicts.slice(at));
  expect(await pool!.check([])).toEqual([]);
});

test("no request is lost with the processes that had it", async () => {
  const children = startPool(2);
  const { checks, verdicts } = someChecks(200);
  const answers: Promise<readonly boolean[]>[] = [];
  for (let round = 0; round < 2; round++) {
    for (let count = 0; count < 10; count++) answers.push(pool!.check(checks));
    if (round > 0) await answers[round * 10 - 1];
    for (const child of children.slice(-2)) child.kill("SIGKILL");
  }
  for (const [at, some] of (await Promise.all(answers)).entries()) {
    expect(some, `request ${at}`).toEqual(verdicts);
  }
  expect(children.length, "processes started").toBeGreaterThan(2);
});

test("a process that cannot be started, or falls at once, is tried again", async () => {
  const missing = (): ChildProcess => spawn("/nowhere/at/all", [], { stdio: ["pipe", "pipe", "inherit"] });
  const falling = (): ChildProcess =>
    spawn(process.execPath, ["-e", "process.exit(3)"], { stdio: ["pipe", "pipe", "inherit"] });
  const children = startPool(1, [missing, falling]);
  const { checks, verdicts } = someChecks(3);
  expect(await pool!.check(checks)).toEqual(verdicts);
  expect(children).toHaveLength(3);
});

test("whoever waits is told when the pool closes", async () => {
  const stuck = (): ChildProcess =>
    spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], { stdio: ["pipe", "pipe", "inherit"] });
  startPool(1, [stuck]);
  const { checks } = someChecks(1);
  const waiting = expect(pool!.check(checks)).rejects.toThrow("stopped");
  pool!.close();
  await waiting;
  await expect(pool!.check(checks)).rejects.toThrow("stopped");
});

test("frames are read whole wherever the stream is cut", () => {
  const requests = [3, 1, 2].map((count, number) => encodeRequest(number, someChecks(count).checks));
  const stream = Buffer.concat(requests);
  const wanted = requests.map((bytes, number) => [number, bytes.subarray(8).toString("hex")]);
  const readAll = (chunks: readonly Buffer[]): unknown[] => {
    const found: unknown[] = [];
    const read = frameReader(CHECK_BYTES, (number, count, body) => {
      expect(body.length).toBe(count * CHECK_BYTES);
      found.push([number, body.toString("hex")]);
    });
    for (const chunk of chunks) read(chunk);
    return found;
  };
  for (let at = 0; at <= stream.length; at++) {
    expect(readAll([stream.subarray(0, at), stream.subarray(at)]), `cut at ${at}`).toEqual(wanted);
  }
  const single = Array.from({ length: stream.length }, (_, at) => stream.subarray(at, at + 1));
  expect(readAll(single), "byte by byte").toEqual(wanted);
  expect(readAll([stream.subarray(0, stream.length - 1)]), "cut short").toEqual(wanted.slice(0, 2));
});
