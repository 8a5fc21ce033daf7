import type { Code } from "@cityroot/codes/ma/code";
import { GENESIS_TIME_MS, issueOf } from "@cityroot/core/ledger.testing";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { proveAnswer } from "@cityroot/core/proof/prove";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { expect, test } from "vitest";
import { auditRegistry } from "../../audit/audit-registry.ts";
import { readHome } from "../../home/home.ts";
import { verifyNative } from "../../signature/native-ed25519.ts";
import { NATION, openStoredNode, signTransaction, withTestHome } from "./stored-node.testing.ts";

const HOUR_MS = 3_600_000;

/** Goal: block times only ever go up, whatever the clock does, also over a restart; and who looks after it is told. */
test("a clock that jumps back or forward never turns the time of blocks round", async () => {
  await withTestHome(async (path) => {
    let now = GENESIS_TIME_MS - HOUR_MS;
    const behind: number[] = [];
    const open = () => openStoredNode(path, { clock: () => now, onClockBack: (ms) => behind.push(ms) });
    let node = await open();
    const times: number[] = [GENESIS_TIME_MS];
    const codes: Code[] = [];
    const block = async (): Promise<void> => {
      const code = `MA.156.1/60.10000000.1/${codes.length}` as Code;
      codes.push(code);
      const bytes = signTransaction(NATION, [issueOf(code)], { lastHeight: 100, nonce: codes.length });
      const [result] = await node.engine.submit([bytes]);
      expect(result!.outcome.ok, code).toBe(true);
      times.push(node.reader.head().checkpoint.timeMs);
    };
    await block();
    expect(behind.splice(0), "before the genesis").toEqual([HOUR_MS]);
    now = GENESIS_TIME_MS + 10 * HOUR_MS;
    for (let count = 0; count < 5; count++) await block();
    expect(behind.splice(0), "a clock that stands still for a moment").toEqual([]);
    now -= 5 * HOUR_MS;
    await block();
    expect(behind.splice(0), "five hours back").toEqual([5 * HOUR_MS + 4]);
    await node.close();
    node = await open();
    await block();
    expect(behind.splice(0), "still back after a restart").toHaveLength(1);
    now += 24 * 365 * HOUR_MS;
    await block();
    expect(times.at(-1), "a year ahead").toBe(now);
    for (const [at, timeMs] of times.slice(1).entries())
      expect(timeMs, `block ${at + 1}`).toBeGreaterThan(times[at]!);

    const head = node.reader.head();
    for (const [height, timeMs] of times.entries()) {
      const asOf = { timeMs };
      for (const [at, code] of codes.entries()) {
        const bundle = encodeBundle(proveAnswer(node.reader.source, code, head, { asOf }));
        const answer = verifyAnswer(bundle, code, {
          policy: node.policy,
          asOf,
          verifySignature: verifyNative,
        });
        const kind = answer.ok ? answer.value.standing.kind : answer.failure.name;
        expect(kind, `${code} at the time of block ${height}`).toBe(
          at < height ? "record" : "not-yet-issued",
        );
      }
    }
    await node.close();
    expect((await auditRegistry(readHome(path), undefined, 0)).height).toBe(codes.length);
  });
});
