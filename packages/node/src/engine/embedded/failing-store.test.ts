import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import type { Outcome } from "@cityroot/core/outcome";
import { codeKey } from "@cityroot/core/state/key";
import { expect, test } from "vitest";
import type { RegistryStore } from "../../store/registry-store.ts";
import type { Place } from "../engine.ts";
import { NATION, openStoredNode, signTransaction, withTestHome } from "./stored-node.testing.ts";

// Goal: whatever the store does, nothing is acknowledged that is not durable, nothing durable rests on what is not,
// and nobody waits for ever.

const STEM = "MA.156.1301.02/60.10000000.1";
let nonce = 0;

function issue(serial: number): Uint8Array {
  nonce += 1;
  return signTransaction(NATION, [issueOf(`${STEM}/${serial}`)], { lastHeight: 100, nonce });
}

function inOneWord(outcome: Outcome<Place>): string {
  return outcome.ok ? `block ${outcome.value.height}` : outcome.rejection.name;
}

/** A store whose writes wait to be let through or failed, one after the other. */
function heldStore(store: RegistryStore) {
  const waiting: ((error?: Error) => void)[] = [];
  const began: (() => void)[] = [];
  const write: RegistryStore["write"] = async (block) => {
    await new Promise<void>((resolve, reject) => {
      waiting.push((error) => (error === undefined ? resolve() : reject(error)));
      began.shift()?.();
    });
    await store.write(block);
  };
  return {
    store: { ...store, write },
    /** Settles when a write has begun. */
    begun: () =>
      waiting.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => began.push(resolve)),
    next: (error?: Error) => waiting.shift()!(error),
    count: () => waiting.length,
  };
}

function turns(count: number): Promise<void> {
  return count === 0
    ? Promise.resolve()
    : new Promise((resolve) => setImmediate(() => resolve(turns(count - 1))));
}

test("no block is written after one that could not be", async () => {
  await withTestHome(async (path) => {
    const stops: string[] = [];
    let held: ReturnType<typeof heldStore> | undefined;
    const node = await openStoredNode(path, {
      wrapStore: (store) => {
        held = heldStore(store);
        return held.store;
      },
      onStop: (reason) => stops.push(reason),
    });
    const first = node.engine.submit([issue(1)]);
    await held!.begun();
    // The next block is worked out while this one is being written.
    const second = node.engine.submit([issue(2)]);
    await turns(5);
    held!.next(new Error("no space left"));
    await turns(5);
    expect(held!.count(), "writes after the failed one").toBe(0);
    const results = await Promise.all([first, second]);
    expect(results.map(([result]) => inOneWord(result!.outcome))).toEqual([
      "NODE_UNAVAILABLE",
      "NODE_UNAVAILABLE",
    ]);
    expect(stops).toHaveLength(1);
    expect(node.engine.refusesBecause()).toBe(stops[0]);
    expect(node.reader.head().checkpoint.height).toBe(0);
    await node.close();
  });
});

test("what was lost with a failed block is not acknowledged when it comes again", async () => {
  await withTestHome(async (path) => {
    const node = await openStoredNode(path, {
      wrapStore: (store) => ({ ...store, write: () => Promise.reject(new Error("no space left")) }),
    });
    const bytes = issue(1);
    for (const attempt of ["first", "again"]) {
      const [result] = await node.engine.submit([bytes]);
      expect(inOneWord(result!.outcome), attempt).toBe("NODE_UNAVAILABLE");
    }
    await node.close();
    const reopened = await openStoredNode(path);
    const [result] = await reopened.engine.submit([bytes]);
    expect(inOneWord(result!.outcome)).toBe("block 1");
    await reopened.close();
  });
});

test("who submitted for a block that could not be made gets an answer", async () => {
  await withTestHome(async (path) => {
    let isBroken = false;
    const node = await openStoredNode(path, {
      wrapStore: (store) => ({
        ...store,
        readPage: (page) => {
          if (isBroken) throw new Error("the disk does not answer");
          return store.readPage(page);
        },
      }),
    });
    await node.engine.submit([issue(1)]);
    isBroken = true;
    const results = await node.engine.submit([issue(2), issue(3)]);
    expect(results.map(({ outcome }) => inOneWord(outcome))).toEqual([
      "NODE_UNAVAILABLE",
      "NODE_UNAVAILABLE",
    ]);
    expect(node.engine.refusesBecause()).not.toBe(null);
    await node.close();
  });
});

test("closing finishes what is under way and refuses the rest", async () => {
  await withTestHome(async (path) => {
    let held: ReturnType<typeof heldStore> | undefined;
    const node = await openStoredNode(path, {
      wrapStore: (store) => {
        held = heldStore(store);
        return held.store;
      },
    });
    const first = node.engine.submit([issue(1)]);
    await held!.begun();
    const second = node.engine.submit([issue(2)]);
    await turns(5);
    const third = node.engine.submit([issue(3)]);
    const closing = node.close();
    const late = node.engine.submit([issue(4)]);
    held!.next();
    await held!.begun();
    held!.next();
    const results = await Promise.all([first, second, third, late]);
    await closing;
    expect(results.map(([result]) => inOneWord(result!.outcome))).toEqual([
      "block 1",
      "block 2",
      "NODE_UNAVAILABLE",
      "NODE_UNAVAILABLE",
    ]);
  });
});

test("what comes twice at once enters once, whichever copy is checked first", async () => {
  await withTestHome(async (path) => {
    // Signatures of the second copy are checked only when the first copy has long entered.
    const late: (() => void)[] = [];
    let calls = 0;
    const node = await openStoredNode(path, {
      signatures: {
        check: async (checks) => {
          calls += 1;
          if (calls > 1) await new Promise<void>((resolve) => late.push(resolve));
          return checks.map(() => true);
        },
        close: () => {},
      },
    });
    const bytes = issue(1);
    const first = node.engine.submit([bytes]);
    const second = node.engine.submit([bytes]);
    expect(inOneWord((await first)[0]!.outcome)).toBe("block 1");
    for (const resolve of late) resolve();
    expect((await second)[0]!.outcome).toEqual({ ok: true, value: { height: 1, index: 0 } });
    await node.close();
  });
});

test("a copy whose signatures are not enough takes nothing from the one that is", async () => {
  await withTestHome(async (path) => {
    const node = await openStoredNode(path);
    const good = issue(1);
    const stranger = signTransaction(
      { ...NATION, seeds: [new Uint8Array(32).fill(99)] },
      [issueOf(`${STEM}/1`)],
      { lastHeight: 100, nonce },
    );
    const results = await node.engine.submit([stranger, good, good]);
    expect(results.map(({ outcome }) => inOneWord(outcome))).toEqual(["KEY_UNKNOWN", "block 1", "block 1"]);
    expect(node.reader.head().checkpoint.height).toBe(1);
    expect(node.reader.source.get(codeKey(`${STEM}/1` as Code))).toBeDefined();
    await node.close();
  });
});

test("pages that a wholly refused block read are let go", async () => {
  await withTestHome(async (path) => {
    let reads = 0;
    const node = await openStoredNode(path, {
      wrapStore: (store) => ({
        ...store,
        readPage: (page) => {
          reads += 1;
          return store.readPage(page);
        },
      }),
    });
    const taken = Array.from({ length: 50 }, (_, serial) => issueOf(`${STEM}/${serial}`));
    await node.engine.submit([signTransaction(NATION, taken, { lastHeight: 100, nonce: 1 })]);
    const readBefore: number[] = [];
    for (let round = 0; round < 3; round++) {
      reads = 0;
      const [result] = await node.engine.submit([issue(round)]);
      expect(inOneWord(result!.outcome), `round ${round}`).toBe("CODE_TAKEN");
      readBefore.push(reads);
    }
    expect(readBefore[0], "pages read").toBeGreaterThan(0);
    expect(readBefore[2], "pages read again").toBe(readBefore[1]);
    expect(readBefore[1], "pages read again").toBeGreaterThan(0);
    await node.close();
  });
});
