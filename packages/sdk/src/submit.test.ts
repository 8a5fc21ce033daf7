import { testHolder } from "@cityroot/core/ledger.testing";
import { decodeTransaction } from "@cityroot/core/transaction";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildTransaction } from "./build-transaction.ts";
import { isRegistryError } from "./error.ts";
import { holderIdOf } from "./holder-id.ts";
import { keySet } from "./key-set.ts";
import { mergeSignatures } from "./merge-signatures.ts";
import { delegate, issue, retire } from "./operation.ts";
import { problem } from "./registry-server.testing.ts";
import { resolve } from "./resolve.ts";
import { reviewTransaction } from "./review-transaction.ts";
import { send } from "./send.ts";
import { readSigned, type SignedTransaction, signTransaction } from "./sign-transaction.ts";
import { generateSeed, type Signer, seedSigner } from "./signer.ts";
import { submit } from "./submit.ts";
import { CITY_ID, CITY_PREFIX, CITY_SIGNER, LAMP, type TestWorld, testWorld } from "./world.testing.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterEach(() => world.server.lie(undefined));
afterAll(() => world.server.close());

let serial = 100;
function nextCode(): string {
  return `MA.156.1301/60.10000000.lamp/${serial++}`;
}

async function signed(code: string = nextCode()): Promise<SignedTransaction> {
  const operations = [issue({ code, class: "lamp" })];
  const built = await buildTransaction(world.client(), { holder: CITY_ID, operations });
  return signTransaction(built, CITY_SIGNER);
}

async function refusalOf(action: Promise<unknown>): Promise<Error & { rejection?: string }> {
  const error = await action.then(
    () => new Error("it was accepted"),
    (caught: Error) => caught,
  );
  return error;
}

describe("building", () => {
  test("counts its last height from the proven checkpoint and says what its bytes say", async () => {
    const client = world.client();
    const code = nextCode();
    const operations = [issue({ code, class: "lamp", attributes: { name: { zh: "路灯" } } })];
    const { review, id, bodyBytes } = await buildTransaction(client, {
      holder: CITY_ID,
      operations,
      nonce: 7,
    });
    expect(review).toEqual({
      id,
      network: world.registry.ledger.ledger.network.id,
      holder: CITY_ID,
      lastHeight: world.registry.ledger.height() + 256,
      nonce: 7,
      operations: [
        {
          type: "issue",
          code,
          class: "lamp",
          attributes: { name: { zh: "路灯" } },
          links: [],
          commitments: [],
        },
      ],
    });
    expect(reviewTransaction(bodyBytes)).toEqual(review);
    const again = await buildTransaction(client, { holder: CITY_ID, operations, lifetimeBlocks: 5 });
    expect(again.id).not.toBe(id);
    expect(again.review.lastHeight).toBe(world.registry.ledger.height() + 5);
  });

  test("refuses what no ledger would take", async () => {
    const client = world.client();
    const operations = [issue({ code: nextCode(), class: "lamp" })];
    const build = (changes: object): Promise<unknown> =>
      buildTransaction(client, { holder: CITY_ID, operations, ...changes });
    expect(await refusalOf(build({ holder: "abc" }))).toMatchObject({ rejection: "TRANSACTION_MALFORMED" });
    expect(await refusalOf(build({ operations: [] }))).toMatchObject({ rejection: "TRANSACTION_MALFORMED" });
    await expect(build({ lifetimeBlocks: 0 })).rejects.toThrow(RangeError);
    await expect(build({ lifetimeBlocks: 16_384 })).rejects.toThrow(RangeError);
    await expect(build({ nonce: -1 })).rejects.toThrow(RangeError);
  });

  test("believes no height that is not proven", async () => {
    const old = world.client();
    await resolve(old, LAMP);
    world.answerAt(2);
    const operations = [issue({ code: nextCode(), class: "lamp" })];
    expect(await refusalOf(buildTransaction(old, { holder: CITY_ID, operations }))).toMatchObject({
      name: "ProofError",
      failure: "checkpoint-old",
    });
    world.answerAt(undefined);
  });
});

describe("signing", () => {
  const [first, second] = [seedSigner(generateSeed()), seedSigner(generateSeed())];

  test("adds signatures, each key's once, in any order, together or apart", async () => {
    const operations = [issue({ code: nextCode(), class: "lamp" })];
    const built = await buildTransaction(world.client(), { holder: CITY_ID, operations });
    const together = await signTransaction(built, [first, second, first]);
    const apart = await Promise.all([first, second].map((signer) => signTransaction(built, signer)));
    const after = await signTransaction(apart[0]!, second);
    expect(together.signatures).toHaveLength(2);
    expect(after.bytes).toEqual(together.bytes);
    expect(mergeSignatures(apart).bytes).toEqual(together.bytes);
    expect(mergeSignatures([...apart].reverse().map(({ bytes }) => bytes)).bytes).toEqual(together.bytes);
    expect(decodeTransaction(together.bytes).ok).toBe(true);
    expect(readSigned(together.bytes)).toEqual(together);
  });

  test("verifies what signers give and what comes from elsewhere", async () => {
    const operations = [issue({ code: nextCode(), class: "lamp" })];
    const built = await buildTransaction(world.client(), { holder: CITY_ID, operations });
    const broken: Signer = { ...first, sign: async () => new Uint8Array(64) };
    expect(await refusalOf(signTransaction(built, broken))).toMatchObject({ rejection: "SIGNATURE_INVALID" });
    const good = await signTransaction(built, first);
    const changed = good.bytes.slice();
    changed[changed.length - 1]! ^= 1;
    expect(() => readSigned(changed)).toThrow("SIGNATURE_INVALID");
    expect(() => readSigned(new Uint8Array([1, 2, 3]))).toThrow("TRANSACTION_MALFORMED");
    const other = await buildTransaction(world.client(), { holder: CITY_ID, operations });
    const otherSigned = await signTransaction(other, second);
    expect(() => mergeSignatures([good, otherSigned])).toThrow("over different transactions");
    expect(() => mergeSignatures([])).toThrow(RangeError);
  });

  test("a seed has 32 bytes, and changing it afterwards changes nothing", async () => {
    expect(() => seedSigner(new Uint8Array(31))).toThrow(RangeError);
    const seed = generateSeed();
    const signer = seedSigner(seed);
    const before = await signer.sign(new Uint8Array(3));
    seed.fill(0);
    expect(await signer.sign(new Uint8Array(3))).toEqual(before);
    expect(generateSeed()).not.toEqual(generateSeed());
  });
});

describe("submitting", () => {
  test("one transaction gives its place, again and again", async () => {
    const transaction = await signed();
    const client = world.client();
    const place = await submit(client, transaction);
    expect(place).toEqual({ id: transaction.id, height: world.registry.ledger.height(), index: 0 });
    await submit(client, await signed());
    expect(await submit(client, transaction.bytes)).toEqual(place);
  });

  test("one that is refused throws what the registry said", async () => {
    const transaction = await signed(LAMP);
    const error = await refusalOf(submit(world.client(), transaction));
    expect(isRegistryError(error)).toBe(true);
    expect(error).toMatchObject({
      name: "RegistryError",
      rejection: "CODE_TAKEN",
      number: 61,
      field: "code",
      expected: expect.any(String),
      got: expect.any(String),
      operation: 0,
    });
  });

  test("several give a result each, in order; also a list of one", async () => {
    const client = world.client();
    const [good, bad, last] = [await signed(), await signed(LAMP), await signed()];
    const results = await submit(client, [good, bad, new Uint8Array([7]), last]);
    expect(results).toMatchObject([
      { status: "committed", id: good.id },
      { status: "refused", id: bad.id, error: { rejection: "CODE_TAKEN" } },
      { status: "refused", id: null, error: { rejection: "TRANSACTION_MALFORMED" } },
      { status: "committed", id: last.id },
    ]);
    expect(await submit(client, [bad])).toMatchObject([
      { status: "refused", error: { rejection: "CODE_TAKEN" } },
    ]);
    expect(await submit(client, [])).toEqual([]);
  });

  test("many go in several requests, and their results stay in order", async () => {
    const transaction = await signed();
    await submit(world.client(), transaction);
    const asked = world.server.questions.length;
    const results = await submit(world.client(), Array(501).fill(transaction.bytes));
    expect(results).toHaveLength(501);
    expect(world.server.questions.length - asked).toBe(2);
  });

  test("network failures and 503 are tried again, with the very same bytes", async () => {
    const transaction = await signed();
    const bodies: string[] = [];
    world.server.lie(({ body }, response) => {
      bodies.push(Buffer.from(body).toString("hex"));
      if (bodies.length === 1) response.destroy();
      if (bodies.length === 1) return "written";
      return bodies.length < 4 ? problem({ status: 503, code: "OVERLOADED", detail: "busy" }) : undefined;
    });
    await submit(world.client(), transaction, { waitMs: 1 });
    expect(bodies).toHaveLength(4);
    expect(new Set(bodies).size).toBe(1);
  });

  test("one whose answer was lost is reported with its place of then", async () => {
    const transaction = await signed();
    const direct = await submit(world.client(), transaction);
    let tries = 0;
    world.server.lie((_, response) => {
      tries += 1;
      if (tries > 1) return undefined;
      response.destroy();
      return "written";
    });
    expect(await submit(world.client(), transaction, { waitMs: 1 })).toEqual(direct);
  });

  test("nothing else is tried again, and trying ends", async () => {
    const transaction = await signed();
    const answers = [
      problem({ status: 500, code: "INTERNAL", detail: "broken" }),
      problem({ status: 413, code: "BODY_TOO_LARGE", detail: "too large" }),
      { body: "{}" },
    ];
    for (const answer of answers) {
      const asked = world.server.questions.length;
      world.server.lie(() => answer);
      expect(await refusalOf(submit(world.client(), transaction, { waitMs: 1 }))).toMatchObject({
        name: "TransportError",
      });
      expect(world.server.questions.length - asked, String(answer.body)).toBe(1);
    }
    const asked = world.server.questions.length;
    world.server.lie(() => problem({ status: 503, code: "READ_ONLY", detail: "full disk" }));
    expect(await refusalOf(submit(world.client(), transaction, { waitMs: 1, attempts: 3 }))).toMatchObject({
      status: 503,
      code: "READ_ONLY",
    });
    expect(world.server.questions.length - asked).toBe(3);
  });

  test("waiting for another try can be ended", async () => {
    const transaction = await signed();
    const controller = new AbortController();
    world.server.lie(() => {
      setTimeout(() => controller.abort(new Error("enough")), 10);
      return problem({ status: 503, code: "OVERLOADED", detail: "busy" });
    });
    const action = submit(world.client(), transaction, { waitMs: 60_000, signal: controller.signal });
    await expect(action).rejects.toThrow("enough");
  });

  test("an answer about other transactions is malformed", async () => {
    const [one, other] = [await signed(), await signed()];
    const committed = { status: "committed", height: 1, index: 0 };
    const lies = [
      { results: [{ ...committed, id: other.id }] },
      { results: [] },
      {
        results: [
          { ...committed, id: one.id },
          { ...committed, id: other.id },
        ],
      },
      { results: [{ ...committed, id: one.id, height: "1" }] },
      { results: [{ id: one.id, status: "fine" }] },
      {},
    ];
    for (const lie of lies) {
      world.server.lie(() => ({ body: JSON.stringify({ height: 1, ...lie }) }));
      expect(await refusalOf(submit(world.client(), one)), JSON.stringify(lie)).toMatchObject({
        failure: "malformed",
      });
    }
  });

  test("a refusal of a newer registry keeps its name and has no number", async () => {
    const [one, other] = [await signed(), await signed()];
    const results = [one, other].map(({ id }) => ({
      id,
      status: "refused",
      problem: { code: "MOON_FULL", detail: "not today" },
    }));
    world.server.lie(() => ({ body: JSON.stringify({ height: 1, results }) }));
    expect(await submit(world.client(), [one, other])).toMatchObject([
      { error: { name: "RegistryError", rejection: "MOON_FULL", number: undefined } },
      { error: { rejection: "MOON_FULL" } },
    ]);
  });
});

describe("sending", () => {
  test("builds, signs and submits, and what it changed can be resolved", async () => {
    const client = world.client();
    const code = nextCode();
    const issued = await send(client, {
      holder: CITY_ID,
      signers: CITY_SIGNER,
      operations: [issue({ code, class: "lamp" })],
    });
    const { verified } = await resolve(client, code);
    expect(verified.height).toBe(issued.height);
    await send(client, {
      holder: CITY_ID,
      signers: CITY_SIGNER,
      operations: [retire({ code, reason: "demolished" })],
    });
    expect(await resolve(client, code)).toMatchObject({
      record: { status: "retired", reason: "demolished" },
    });
  });

  test("a holder that is declared with a delegation acts under the id that follows from it", async () => {
    const client = world.client();
    const bureau = seedSigner(generateSeed());
    const declared = { name: { en: "Bureau" }, keys: keySet({ keys: [bureau.publicKey] }) };
    await send(client, {
      holder: CITY_ID,
      signers: CITY_SIGNER,
      operations: [delegate({ prefix: `${CITY_PREFIX}.02`, holder: declared, class: "department" })],
    });
    const holder = holderIdOf(declared);
    expect(holderIdOf(holder)).toBe(holder);
    const operations = [issue({ code: `${CITY_PREFIX}.02/60`, class: "lamp" })];
    await send(client, { holder, signers: [bureau], operations });
    const stranger = { holder, signers: CITY_SIGNER, operations };
    expect(await refusalOf(send(client, stranger))).toMatchObject({ rejection: "KEY_UNKNOWN", number: 22 });
    const unknown = { holder: testHolder("Nobody", 77).id, signers: bureau, operations };
    expect(await refusalOf(send(client, unknown))).toMatchObject({ rejection: "HOLDER_UNKNOWN" });
  });
});
