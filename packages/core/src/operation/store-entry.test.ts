import { CODE_CHARACTERS_MAX } from "@cityroot/codes/ma/limits";
import { expect, test } from "vitest";
import type { Attributes } from "../attribute/attribute.ts";
import { encodeCbor } from "../cbor.ts";
import { issueOf } from "../ledger.testing.ts";
import {
  DESCRIPTION_BYTES_MAX,
  FEDERATION_BYTES_MAX,
  ITEM_BYTES_MAX,
  RECORD_BYTES_MAX,
  SUCCESSORS_MAX,
} from "../limits.ts";
import { type Federation, federationToCbor } from "../state/federation.ts";
import { encodeInterval } from "../state/interval.ts";
import { codeKey } from "../state/key.ts";
import { encodeRecord } from "../state/record.ts";
import { encodeItem } from "./batch-item.ts";
import {
  attributesOfBytes,
  CITY,
  delegateOf,
  LAMP,
  LAMPS,
  rangeOf,
  reinstateOf,
  retireOf,
  supersedeOf,
  suspendOf,
  testBatch,
  testCity,
  testFederation,
  transferOf,
  updateOf,
} from "./operation.testing.ts";
import type { Operation } from "./operation.ts";

/** Attributes that make a description of the class `asset` exactly so long. */
function attributesMaking(bytes: number): Attributes {
  for (let said = bytes - 500; said <= bytes; said++) {
    const attributes = attributesOfBytes(said);
    if (encodeCbor(["asset", attributes as never, [], []]).length === bytes) return attributes;
  }
  throw new Error(`no attributes make a description of ${bytes} bytes`);
}

const LONGEST = { attributes: attributesMaking(DESCRIPTION_BYTES_MAX) };
const TOO_LONG = { attributes: attributesMaking(DESCRIPTION_BYTES_MAX + 1) };

test.each<[string, (said: { attributes: Attributes }) => Operation]>([
  ["issue", (said) => issueOf(LAMP, said)],
  ["delegate", (said) => delegateOf(`${CITY}.07`, testCity().stranger, { ...said, class: "asset" })],
  ["issue-range", (said) => rangeOf(LAMP, 6, 10, said)],
  ["issue-batch", (said) => testBatch([LAMP, `${LAMPS}/000124`], said).operation],
  ["update", (said) => updateOf(`${LAMPS}/1`, said)],
])("a description is as long as it may be, and no longer: %s", (_, operationOf) => {
  const { ledger, city } = testCity();
  ledger.given(city, issueOf(`${LAMPS}/1`));
  expect(ledger.run(city, operationOf(TOO_LONG))).toMatchObject({
    rejection: {
      name: "RECORD_TOO_LARGE",
      fault: { field: "attributes", got: `${DESCRIPTION_BYTES_MAX + 1} bytes` },
    },
  });
  expect(ledger.attempt(city, operationOf(LONGEST))).toBe("ok");
});

/** Goal: nothing that was said of a code keeps it from being suspended, retired, handed on or superseded. */
test("the longest description leaves room for whatever becomes of the code", () => {
  const { ledger, city, stranger } = testCity();
  const successors = Array.from({ length: SUCCESSORS_MAX }, (_, at) =>
    `${LAMPS}/${at}.${"x".repeat(50)}.${"y".repeat(50)}`.slice(0, CODE_CHARACTERS_MAX),
  );
  ledger.given(city, ...successors.map((code) => issueOf(code)));
  const [handed, retired, split] = [1, 2, 3].map((serial) => `${LAMPS}/${serial}-long`) as [
    string,
    string,
    string,
  ];
  for (const code of [handed, retired, split]) {
    ledger.given(city, issueOf(code, LONGEST));
    for (let change = 0; change < 70; change++) ledger.given(city, suspendOf(code), reinstateOf(code));
    expect(ledger.recordOf(code), code).toMatchObject({ version: 141, ...LONGEST });
  }
  ledger.given(city, transferOf(handed, stranger));
  ledger.given(city, retireOf(retired));
  ledger.given(city, supersedeOf("split", [split], successors));
  expect(ledger.state.get(codeKey(split as never))!.length).toBeLessThanOrEqual(RECORD_BYTES_MAX);
});

test("codes of a range with the longest description can be suspended, its first one too", () => {
  const { ledger, city } = testCity();
  ledger.given(city, rangeOf(LAMP, 6, 10, LONGEST));
  for (const code of [`${LAMPS}/000125`, LAMP]) {
    expect(ledger.attempt(city, suspendOf(code)), code).toBe("ok");
    expect(ledger.attempt(city, updateOf(code)), code).toBe("ok");
    expect(ledger.attempt(city, retireOf(code)), code).toBe("ok");
  }
});

/** Goal: an item that says much beside a batch that says much. Only what an issuer says anew has to be short enough. */
test("an item beside the longest description can be suspended, and updated to less", () => {
  const { ledger, city } = testCity();
  const links = Array.from({ length: 4 }, (_, at) => {
    return [`rel-${at}`, `https://registry.example/${"x".repeat(900)}`, null, null, null];
  });
  const item = { code: LAMP as never, attributes: [], links };
  expect(encodeItem(item).length).toBeLessThanOrEqual(ITEM_BYTES_MAX);
  const batch = testBatch([item, `${LAMPS}/000124`], LONGEST);
  ledger.given(city, batch.operation);
  const proof = batch.proofOf(LAMP);
  ledger.given(city, suspendOf(LAMP, proof), reinstateOf(LAMP));
  expect(ledger.recordOf(LAMP)).toMatchObject({ ...LONGEST, links });
  expect(ledger.attempt(city, updateOf(LAMP, { commitments: [] }))).toBe("RECORD_TOO_LARGE");
  expect(ledger.attempt(city, updateOf(LAMP, { links: [] }))).toBe("ok");
});

test("no record is longer than the longest", () => {
  const code = "x".repeat(CODE_CHARACTERS_MAX) as never;
  const since = { height: Number.MAX_SAFE_INTEGER, timeMs: Number.MAX_SAFE_INTEGER };
  const said = { class: "asset", ...LONGEST, links: [], commitments: [] };
  const batch = {
    ...{ type: "batch" as const, first: code, last: code, count: 2 ** 24, root: new Uint8Array(32), since },
    ...{ payload: { digest: new Uint8Array(32), sizeBytes: Number.MAX_SAFE_INTEGER } },
    ...(said as never as { class: string; attributes: []; links: []; commitments: [] }),
  };
  const record = {
    ...{
      version: Number.MAX_SAFE_INTEGER,
      since,
      peaks: new Uint8Array(53 * 32),
      status: "retired" as const,
    },
    ...{ class: "asset", attributes: LONGEST.attributes as never, links: ["x".repeat(ITEM_BYTES_MAX)] },
    ...{ commitments: [], within: code, interval: encodeInterval(batch), holder: new Uint8Array(20) },
    succession: { kind: "split" as const, codes: new Array(SUCCESSORS_MAX).fill(code) },
    reason: "x".repeat(32),
    federation: longestFederation(),
  };
  expect(encodeCbor(federationToCbor(record.federation)).length).toBe(FEDERATION_BYTES_MAX);
  expect(encodeRecord(record).length).toBeLessThanOrEqual(RECORD_BYTES_MAX);
});

/** A federation of as many bytes as one may have. */
function longestFederation(): Federation {
  const federation = testFederation(1);
  const { length } = encodeCbor(federationToCbor(federation));
  const endpoint = `${federation.endpoints[0]}/${"x".repeat(FEDERATION_BYTES_MAX - length - 2)}`;
  return { ...federation, endpoints: [endpoint] };
}
