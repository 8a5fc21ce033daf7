import { issueOf } from "@cityroot/core/ledger.testing";
import { verifyConsistency } from "@cityroot/core/log/consistency";
import { parseNote } from "@cityroot/core/log/note";
import { parseTreeHead } from "@cityroot/core/log/tree-head";
import { expect, test } from "vitest";
import {
  NATION,
  openStoredNode,
  STORED_ORIGIN,
  signTransaction,
  withTestHome,
} from "../engine/embedded/stored-node.testing.ts";
import { openStoredLog } from "./stored-log.ts";

test("a stored log gives every checkpoint that was published, no other, and proofs between them", async () => {
  await withTestHome(async (path) => {
    const node = await openStoredNode(path);
    const log = openStoredLog(node.store, STORED_ORIGIN);
    const published = new Map<number, string>();
    const publish = (): void => {
      const note = parseNote(node.store.head()!.note);
      if (!note.ok) throw new Error(note.fault.field);
      published.set(log.size(), note.value.text);
    };
    publish();
    // Beyond two bundles of entries and two tiles, with blocks of one to many transactions.
    for (let nonce = 0; log.size() < 600; nonce++) {
      const count = 1 + ((nonce * 7) % 40);
      const transactions = Array.from({ length: count }, (_, at) =>
        signTransaction(NATION, [issueOf(`MA.156.1301.02/60.10000000.1/${nonce}.${at}`)], {
          lastHeight: 1_000,
          nonce: nonce * 100 + at,
        }),
      );
      for (const { outcome } of await node.engine.submit(transactions)) expect(outcome.ok).toBe(true);
      publish();
    }
    for (let size = 1; size <= log.size(); size++)
      expect(log.checkpointAt(size), `at size ${size}`).toBe(published.get(size));
    const heads = [...published.values()].map((text) => parseTreeHead(text));
    for (const old of heads) {
      for (const next of heads) {
        if (!old.ok || !next.ok || old.value.size > next.value.size) continue;
        const [oldSize, newSize] = [old.value.size, next.value.size];
        const proof = { oldSize, newSize, path: log.prove(oldSize, newSize) };
        expect(verifyConsistency(old.value.root, next.value.root, proof), `${oldSize}, ${newSize}`).toBe(
          true,
        );
      }
    }
    await node.close();
  });
});
