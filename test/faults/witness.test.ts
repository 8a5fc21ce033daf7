import { type ChildProcess, fork as forkProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { printVerifierKey } from "@cityroot/core/log/note";
import { type SignedLog, signedLogOf } from "@cityroot/core/log/signed-log.testing";
import {
  ask,
  bodyOf,
  cosignedAt,
  keyOf,
  makeHome,
  openFolders,
} from "@cityroot/node/witness/witness.testing";
import { afterAll, expect, test } from "vitest";

/**
 * Goal: however often a witness is killed, it never signs two roots of one size, and never goes back behind a signature
 * that has left.
 * Method: in every round two histories that part right there want to go on at once, and the witness is killed with signal 9
 * when so many of their requests are answered. What was answered is held against what it says after the next start; the
 * histories go on from whichever it took.
 */
const PATH = fileURLToPath(
  new URL("../../packages/node/src/witness/witness-process.testing.ts", import.meta.url),
);
const ROUNDS = Number(process.env["CITYROOT_KILLS"] ?? 12);

const folders = openFolders();
afterAll(folders.remove);

async function start(home: string): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = forkProcess(PATH, [home], { execArgv: ["--conditions=source"], stdio: "inherit" });
  const [address] = (await once(child, "message")) as [string];
  return { child, address };
}

type History = { readonly entries: readonly string[]; readonly log: SignedLog };

/** Two histories that go on from one, each by three entries of its own. */
function partFrom(entries: readonly string[], round: number): readonly [History, History] {
  const make = (name: string): History => {
    const longer = [...entries, ...[1, 2, 3].map((at) => `${name} ${round} ${at}`)];
    return { entries: longer, log: signedLogOf(longer) };
  };
  return [make("one"), make("other")];
}

test(
  "a witness that is killed keeps to one history",
  async () => {
    const path = folders.next();
    const home = await makeHome(path, signedLogOf([]), { requestsPerSecond: 0 });
    const key = keyOf({ key: printVerifierKey(home.key.verifier) });
    const signed = new Map<number, string>();
    let histories = partFrom([], 0);
    let largest = 0;
    let cutOff = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { child, address } = await start(path);
      const exited = once(child, "exit");
      try {
        // A size that no request names is told with a 409, which is how a log finds out.
        const told = await ask(address, bodyOf(histories[0].log, 1, 1));
        const size = told.status === 409 ? Number(told.text) : 1;
        expect(size, `round ${round}: what was signed is not forgotten`).toBeGreaterThanOrEqual(largest);
        const again = await Promise.all(histories.map(({ log }) => ask(address, bodyOf(log, size, size))));
        const taken = histories[again.findIndex(({ status }) => status === 200)];
        expect(taken, `round ${round}: it knows one of the histories at size ${size}`).toBeDefined();
        note(taken!.log, size);
        histories = partFrom(taken!.entries.slice(0, size), round + 1);
        const bodies = [1, 3, 2].flatMap((more) =>
          histories.map(({ log }) => ({ log, goal: size + more, body: bodyOf(log, size, size + more) })),
        );
        let answers = 0;
        const countDown = (): void => {
          if (answers++ === round % bodies.length) child.kill("SIGKILL");
        };
        const asked = bodies.map(async ({ log, goal, body }) => {
          const answer = await ask(address, body).catch(() => undefined);
          countDown();
          if (answer === undefined) cutOff += 1;
          if (answer?.status !== 200) return;
          cosignedAt(answer, log, goal, key);
          note(log, goal);
        });
        if (round % bodies.length === bodies.length - 1) child.kill("SIGKILL");
        await Promise.all(asked);
      } finally {
        child.kill("SIGKILL");
        await exited;
      }
    }
    expect(signed.size, "something was signed in most rounds").toBeGreaterThan(ROUNDS / 3);
    expect(cutOff, "some requests were under way when it was killed").toBeGreaterThan(0);

    function note(log: SignedLog, size: number): void {
      const root = Buffer.from(log.rootAt(size)).toString("hex");
      expect(signed.get(size) ?? root, `root of size ${size}`).toBe(root);
      signed.set(size, root);
      largest = Math.max(largest, size);
    }
  },
  30_000 + 3_000 * ROUNDS,
);
