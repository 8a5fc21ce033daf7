// docs/spec/examples.md: examples whose every byte the code worked out.
import { checkCharacterOf } from "@cityroot/codes/ma/check-character";
import type { Code } from "@cityroot/codes/ma/code";
import { checkMedical } from "@cityroot/codes/ma/medical";
import { qrTextOf } from "@cityroot/codes/ma/qr";
import { type CborValue, encodeCbor } from "@cityroot/core/cbor";
import { bytesToHex } from "@cityroot/core/hex";
import { encodeItem } from "@cityroot/core/operation/batch-item";
import { batchOf } from "@cityroot/core/operation/item-stream";
import { printLedgerExample, wrap } from "./example-ledger.ts";
import { printHistoryExample, printTreeExample } from "./example-tree.ts";
import { GENERATED } from "./index-page.ts";

const VALUES: readonly (readonly [string, CborValue])[] = [
  ["23", 23],
  ["24", 24],
  ["-1", -1],
  ["2^53-1", Number.MAX_SAFE_INTEGER],
  ["-(2^53-1)", -Number.MAX_SAFE_INTEGER],
  ['"MA.156"', "MA.156"],
  ['"石"', "石"],
  ["h'00ff'", Uint8Array.of(0, 255)],
  ["[5, 1]", [5, 1]],
  ["[null, false, true]", [null, false, true]],
];

/** The page. */
export function makeExamplesPage(): string {
  return `# 12 Worked examples

${GENERATED}

Every value below was worked out by the code of this repository. Bytes are in hexadecimal.

## 12.1 Values

| value | bytes (3) |
|---|---|
${VALUES.map(([text, value]) => `| \`${text}\` | \`${bytesToHex(encodeCbor(value))}\` |`).join("\n")}

${printTreeExample()}
${printHistoryExample()}
${printLedgerExample()}
${printBatchExample()}
${printCodeExamples()}`;
}

function printBatchExample(): string {
  const items = ["1", "2", "3"].map((serial) => ({
    code: `MA.156.1301.02/60.10000000.1/${serial}` as Code,
    attributes: [],
    links: [],
  }));
  const batch = batchOf(items);
  if (!batch.ok) throw new Error(batch.rejection.detail);
  return `## 12.5 A batch

**12.5.1** Three items without attributes and links, below \`MA.156.1301.02/60.10000000.1\`: \`1\`, \`2\` and \`3\`. The first
item (6.7.1), and the stream of all (6.8.1):

\`\`\`text
${wrap(encodeItem(items[0]!))}

${wrap(batch.value.bytes)}
\`\`\`

The root is \`${bytesToHex(batch.value.root)}\`,
the digest of the payload \`${bytesToHex(batch.value.digest)}\`,
its length ${batch.value.bytes.length} bytes.
`;
}

const CHECKED = ["MA.156.1301.02/60.10000000.1/00012", "MA.156.1301"] as const;
const SYMBOLS = ["MA.156.1301.02/60.10000000.1/000123", "MA.156.1301.02/60.10000000.lamp/1"] as const;
const DEVICE = "MA.156.M0.100032.00002689" as Code;

function printCodeExamples(): string {
  const checked = CHECKED.map((code) => `| \`${code}\` | \`${checkCharacterOf(code as Code)}\` |`);
  const symbols = SYMBOLS.map((code) => {
    const qr = qrTextOf(code as Code, "id.example.cn");
    if (!qr.ok) throw new Error(qr.fault.expected);
    return `| \`${code}\` | \`${qr.value.text}\` | ${qr.value.mode} | ${qr.value.version} |`;
  });
  if (checkMedical(DEVICE).di?.verdict !== "right") throw new Error("the example's device code is wrong");
  return `## 12.6 Codes

**12.6.1** Check characters (2.7):

| code without it | check character |
|---|---|
${checked.join("\n")}

**12.6.2** Texts of QR symbols at \`id.example.cn\` (2.6):

| code | text | mode | version |
|---|---|---|---|
${symbols.join("\n")}

**12.6.3** \`${DEVICE}\` carries its device digit, ${DEVICE.at(-1)} (2.9).
`;
}
