import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Code } from "@cityroot/codes/ma/code";
import { equalBytes } from "@cityroot/core/hex";
import type { Outcome } from "@cityroot/core/outcome";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { proveAnswer } from "@cityroot/core/proof/prove";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { codeOfKey, KEY_KINDS } from "@cityroot/core/state/key";
import { auditRegistry } from "@cityroot/node/audit/audit-registry";
import {
  makeTestHome,
  openStoredNode,
  STORED_GENESIS,
  type StoredNode,
} from "@cityroot/node/engine/embedded/stored-node.testing";
import type { Place } from "@cityroot/node/engine/engine";
import { readHome } from "@cityroot/node/home/home";
import { verifyNative } from "@cityroot/node/signature/native-ed25519";
import { rebuildUpperTree } from "@cityroot/node/store/upper-snapshot";
import { expect, test } from "vitest";
import { type BlockModel, blockModel } from "../block-model.testing.ts";
import { type SeededRandom, seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";

// Goal: whenever a node is killed, what it acknowledged is there afterwards, and what it did not acknowledge is there
// whole or not at all.
// Method: a process writes into a home and says what it submits and what was acknowledged; it is killed after a random
// time, over and over in the same home. After each kill the blocks are applied again in memory and compared with what
// the store holds, all that was under way is submitted again, and proofs are verified.
// Replay: CITYROOT_SEED repeats the choices, though not the moments at which a process was hit. CITYROOT_KILLS is how
// often to kill.

const KILLS = Number(process.env["CITYROOT_KILLS"] ?? 12);
const SEED = seedFromEnvironment("CITYROOT_SEED");

/** What the killed process said. */
type Testimony = {
  readonly sent: Map<number, Uint8Array>;
  readonly entered: Map<number, Place>;
  readonly refused: Map<number, string>;
};

/** Starts the next writer ahead of time, so that it has loaded its modules when its turn comes. */
function startWriter(): ChildProcess {
  const path = fileURLToPath(new URL("./write-load.ts", import.meta.url));
  return spawn(process.execPath, ["--conditions=source", path], { stdio: ["pipe", "pipe", "inherit"] });
}

/** Lets a writer write and kills it at a random moment; gives what it said until then. */
async function killWriter(child: ChildProcess, order: string, random: SeededRandom): Promise<Testimony> {
  const testimony: Testimony = { sent: new Map(), entered: new Map(), refused: new Map() };
  const kill = (delayMs: number): void => {
    setTimeout(() => child.kill("SIGKILL"), delayMs);
  };
  // Some are killed while they open the store, most while they write, some right after an acknowledgement.
  const way = random.below(8);
  const acknowledgements = way < 4 ? 1 + random.below(200) : Number.POSITIVE_INFINITY;
  const delayMs = way < 4 ? random.below(4) : random.below(way === 7 ? 60 : 250);
  if (way === 7) kill(delayMs);
  let heard = 0;
  const hear = (line: string): void => {
    const [word, name, ...rest] = line.split(" ");
    const number = Number(name);
    if (word === "ready" && way > 3 && way < 7) kill(delayMs);
    if (word === "sent") testimony.sent.set(number, Buffer.from(rest[0]!, "base64"));
    if (word === "entered")
      testimony.entered.set(number, { height: Number(rest[0]), index: Number(rest[1]) });
    if (word === "refused") testimony.refused.set(number, rest[0]!);
    if ((word === "entered" || word === "refused") && ++heard === acknowledgements) kill(delayMs);
  };
  const lines = createInterface({ input: child.stdout! });
  lines.on("line", hear);
  child.stdin!.write(`${order}\n`);
  const [code, signal] = await once(child, "close");
  expect([code, signal], "how the writer ended").toEqual([null, "SIGKILL"]);
  return testimony;
}

/** Nothing acknowledged is lost, nothing is in a block that was not sent, and the store is what its blocks make. */
function checkStore(
  { reader, store }: StoredNode,
  model: BlockModel,
  { sent, entered, refused }: Testimony,
): void {
  const { checkpoint } = reader.head();
  const added = model.follow(reader.block, checkpoint.height);
  expect(equalBytes(model.root(), checkpoint.stateRoot), "the state root over all entries").toBe(true);
  expect(equalBytes(rebuildUpperTree(store).rehash(), checkpoint.stateRoot), "the root of the pages").toBe(
    true,
  );
  expect(model.newest()!.timeMs).toBe(checkpoint.timeMs);
  let found = 0;
  for (const [number, bytes] of sent) {
    const place = model.placeOf(bytes);
    const wanted = entered.get(number);
    if (wanted !== undefined) expect(place, `the acknowledged transaction ${number}`).toEqual(wanted);
    if (refused.has(number)) expect(place, `the refused transaction ${number}`).toBeUndefined();
    if (place !== undefined) found += 1;
  }
  expect(added, "transactions in the new blocks").toBe(found);
}

/** What entered is told to have entered where it did; what did not enters now or is refused, and then stays so. */
async function submitAgain(node: StoredNode, model: BlockModel, sent: Iterable<Uint8Array>): Promise<void> {
  const transactions = [...sent];
  const before = model.height();
  const wanted = transactions.map((bytes) => model.placeOf(bytes));
  const first = await node.engine.submit(transactions);
  const { checkpoint } = node.reader.head();
  model.follow(node.reader.block, checkpoint.height);
  for (const [at, { outcome }] of first.entries()) {
    if (wanted[at] !== undefined) expect(outcome, `again ${at}`).toEqual({ ok: true, value: wanted[at] });
    else expect(placeOf(outcome), `new ${at}`).toEqual(model.placeOf(transactions[at]!));
  }
  if (wanted.every((place) => place !== undefined)) expect(checkpoint.height, "the height").toBe(before);
  const entered = transactions.filter((bytes) => model.placeOf(bytes) !== undefined);
  const second = await node.engine.submit(entered);
  expect(second.map(({ outcome }) => placeOf(outcome))).toEqual(entered.map((bytes) => model.placeOf(bytes)));
  expect(node.reader.head().checkpoint.height, "the height after a repetition").toBe(checkpoint.height);
  expect(equalBytes(model.root(), checkpoint.stateRoot), "the state root after a repetition").toBe(true);
}

function placeOf(outcome: Outcome<Place>): Place | undefined {
  return outcome.ok ? outcome.value : undefined;
}

/** Codes at random, and one that nobody issued, resolve with proofs that hold, now and as of an earlier block. */
function checkProofs({ reader, policy }: StoredNode, model: BlockModel, random: SeededRandom): void {
  const head = reader.head();
  const { checkpoint } = head;
  const issued = model.state.entries().filter(({ key }) => key.charCodeAt(0) === KEY_KINDS.code);
  const codes = Array.from({ length: 6 }, () => codeOfKey(random.pick(issued).key)!);
  const seen = new Map();
  for (const code of [...codes, "MA.156.1301.02/60.10000000.1/nobody" as Code]) {
    for (const asOf of [undefined, { height: random.below(checkpoint.height + 1) }]) {
      const options = asOf === undefined ? {} : { asOf };
      const bundle = encodeBundle(proveAnswer(reader.source, code, head, options));
      const answer = verifyAnswer(bundle, code, { policy, verifySignature: verifyNative, seen, ...options });
      const name = `${code} as of ${asOf?.height ?? "now"}`;
      if (!answer.ok) throw new Error(`${name}: ${answer.failure.name}, ${answer.failure.detail}`);
      const isNever = answer.value.standing.kind === "never-issued";
      expect(isNever, name).toBe(!codes.includes(code));
    }
  }
}

test(
  `what was acknowledged survives ${KILLS} kills`,
  async () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    const random = seededRandom(SEED);
    const path = makeTestHome();
    const model = blockModel(STORED_GENESIS);
    let next = startWriter();
    const total = { sent: 0, entered: 0, halfway: 0 };
    try {
      for (let run = 0; run < KILLS; run++) {
        const child = next;
        const testimony = await killWriter(child, `${path} ${random.below(2 ** 32)} ${run}`, random);
        if (run + 1 < KILLS) next = startWriter();
        const node = await openStoredNode(path, { snapshotBytesMin: 3_000 });
        checkStore(node, model, testimony);
        const { sent, entered, refused } = testimony;
        total.sent += sent.size;
        total.entered += entered.size;
        for (const [number, bytes] of sent) {
          const isUnheard = !entered.has(number) && !refused.has(number);
          if (isUnheard && model.placeOf(bytes) !== undefined) total.halfway += 1;
        }
        await submitAgain(node, model, sent.values());
        checkProofs(node, model, random);
        await node.close();
      }
      const report = await auditRegistry(readHome(path), undefined, 0);
      expect(report.height).toBe(model.height());
      console.info(
        `${KILLS} kills: ${total.sent} sent, ${total.entered} acknowledged, ${total.halfway} entered unheard, ${report.height} blocks, ${report.entries} entries, ${report.versions} earlier versions`,
      );
    } finally {
      next.kill("SIGKILL");
      rmSync(path, { recursive: true, force: true });
    }
  },
  30_000 + KILLS * 5_000,
);
