import { expect, test } from "vitest";
import type { Check } from "./frame.ts";
import { signatureLane } from "./signature-lane.ts";
import type { SignaturePool } from "./signature-pool.ts";

const checksOf = (count: number, byte: number): Check[] =>
  Array.from({ length: count }, (_, at) => ({
    publicKey: Uint8Array.of(byte),
    signature: Uint8Array.of(at % 7),
    message: new Uint8Array(0),
  }));

type Asked = { readonly checks: readonly Check[]; readonly answer: () => void };

/** Answers all that is asked, until it is stopped. */
function answerAll(asked: Asked[]): () => void {
  const answering = setInterval(() => {
    for (const { answer } of asked.splice(0)) answer();
  }, 1);
  return () => clearInterval(answering);
}

/** A pool that answers when it is told to, and what it was asked for. */
function heldPool() {
  const asked: Asked[] = [];
  const pool: Pick<SignaturePool, "check"> = {
    check: (checks) =>
      new Promise((resolve) => {
        asked.push({ checks, answer: () => resolve(checks.map(({ signature }) => signature[0] !== 0)) });
      }),
  };
  return { pool, asked };
}

test("verdicts come in the order of the checks, however many there are", async () => {
  const { pool, asked } = heldPool();
  const checks = checksOf(2_000, 1);
  const stop = answerAll(asked);
  const verdicts = await signatureLane(pool)(checks);
  stop();
  expect(verdicts).toEqual(checks.map(({ signature }) => signature[0] !== 0));
  expect(await signatureLane(pool)([])).toEqual([]);
});

test("little is with the pool at a time, and whoever asks has a turn", async () => {
  const { pool, asked } = heldPool();
  const check = signatureLane(pool);
  const long = [1, 2, 3].map((byte) => check(checksOf(5_000, byte)));
  const short = check(checksOf(1, 9));
  let parts = 0;
  await expect.poll(() => asked.length, { interval: 1 }).toBeGreaterThan(0);
  for (;;) {
    const here = asked.splice(0);
    const checks = here.reduce((sum, part) => sum + part.checks.length, 0);
    expect(checks, `part ${parts}`).toBeLessThanOrEqual(512);
    parts += here.length;
    for (const { answer } of here) answer();
    if (here.some((part) => part.checks[0]!.publicKey[0] === 9)) break;
    await expect.poll(() => asked.length, { interval: 1 }).toBeGreaterThan(0);
  }
  expect(await short).toEqual([false]);
  expect(parts, "parts before the short one").toBeLessThanOrEqual(6);
  const stop = answerAll(asked);
  for (const verdicts of await Promise.all(long)) expect(verdicts.length).toBe(5_000);
  stop();
});

test("many who ask for little are answered together", async () => {
  const { pool, asked } = heldPool();
  const check = signatureLane(pool);
  const all = Array.from({ length: 600 }, (_, at) => check(checksOf(1, at % 250)));
  await expect.poll(() => asked.length, { interval: 1 }).toBe(2);
  expect(asked.map(({ checks }) => checks.length)).toEqual([256, 256]);
  const stop = answerAll(asked);
  for (const verdicts of await Promise.all(all)) expect(verdicts).toEqual([false]);
  stop();
});

test("a pool that fails is told of to who asked", async () => {
  const check = signatureLane({ check: () => Promise.reject(new Error("the pool is stopped")) });
  await expect(check(checksOf(1, 1))).rejects.toThrow("the pool is stopped");
});
