import { mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import type { IssueBatch } from "@cityroot/core/operation/issue-batch";
import type { ItemBatch } from "@cityroot/core/operation/item-stream";
import type { Operation } from "@cityroot/core/operation/operation";
import { LAMP, retireOf, testCity } from "@cityroot/core/operation/operation.testing";
import type { Outcome } from "@cityroot/core/outcome";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installNativeFunctions } from "../store/native-functions.ts";
import { admitPayloads } from "./admit-payloads.ts";
import { openFolderPayloadStore } from "./folder-payload-store.ts";
import { codeOf, lamps, makeBatch, PARENT, streamOf } from "./payload.testing.ts";
import { pathsOf } from "./payload-folder.ts";
import type { PayloadStore } from "./payload-store.ts";

installNativeFunctions();

let folder = "";
let store: PayloadStore;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/cityroot-admit-`);
  store = openFolderPayloadStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function issueOf({ bytes, digest, ...said }: ItemBatch): IssueBatch & { type: "issue-batch" } {
  const description = { class: "lamp", attributes: [], links: [], commitments: [] };
  return { type: "issue-batch", ...said, payloadDigest: digest, payloadBytes: bytes.length, ...description };
}

function admit(...operations: readonly Operation[]): Outcome<void> {
  const { ledger, city } = testCity();
  return admitPayloads(store, ledger.transaction(city, operations));
}

test("a batch is admitted with its payload alone", async () => {
  const batch = makeBatch(lamps(100));
  const operation = issueOf(batch);
  expect(admit(retireOf(LAMP), operation)).toMatchObject({
    rejection: { name: "PAYLOAD_MISSING", operation: 1, fault: { field: "payloadDigest" } },
  });
  await store.put(streamOf(batch.bytes));
  expect(admit(retireOf(LAMP), operation)).toEqual({ ok: true, value: undefined });
});

test("a batch that says something else of its payload is refused by the field", async () => {
  const batch = makeBatch(lamps(100));
  await store.put(streamOf(batch.bytes));
  const operation = issueOf(batch);
  const other = Uint8Array.from(batch.root, (byte) => byte ^ 1);
  const cases: readonly (readonly [field: string, said: Partial<IssueBatch>, expected: string])[] = [
    ["first", { first: codeOf(1) }, batch.first],
    ["first", { first: `${PARENT}1/0000002` as Code, last: `${PARENT}1/0000200` as Code }, batch.first],
    ["last", { last: codeOf(199) }, batch.last],
    ["count", { count: 99 }, "100"],
    ["root", { root: other }, bytesToHex(batch.root)],
    ["payloadBytes", { payloadBytes: batch.bytes.length + 1 }, `${batch.bytes.length}`],
  ];
  for (const [field, said, expected] of cases) {
    expect(admit(operation, { ...operation, ...said }), field).toMatchObject({
      rejection: { name: "PAYLOAD_MISMATCH", operation: 1, fault: { field, expected } },
    });
  }
});

test("a payload whose files do not fit together is missing, until it is sent again", async () => {
  const batch = makeBatch(lamps(100));
  await store.put(streamOf(batch.bytes));
  truncateSync(pathsOf(folder, bytesToHex(batch.digest)).items, batch.bytes.length - 1);
  expect(admit(issueOf(batch))).toMatchObject({ rejection: { name: "PAYLOAD_MISSING" } });
  await store.put(streamOf(batch.bytes));
  expect(admit(issueOf(batch)).ok).toBe(true);
});
