// The worked example of a ledger: a genesis, a signed transaction, the block that it makes, its checkpoint.
import type { Code } from "@cityroot/codes/ma/code";
import { type Block, encodeBlock, encodeSeal, logEntriesOf } from "@cityroot/core/block";
import { encodeCbor } from "@cityroot/core/cbor";
import { applyGenesis, type Genesis, genesisToCbor, networkOf } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { publicKeyOf, sign } from "@cityroot/core/key/ed25519";
import { openLedger } from "@cityroot/core/ledger";
import { type Checkpoint, signCheckpoint } from "@cityroot/core/log/checkpoint";
import { pathOfNext } from "@cityroot/core/log/inclusion";
import { encodeNote, makeVerifierKey, printVerifierKey, SIGNATURE_TYPES } from "@cityroot/core/log/note";
import { appendLeaves, EMPTY_FRONTIER, leafHash, rootOf } from "@cityroot/core/log/tree";
import { type HolderDeclaration, holderIdOf } from "@cityroot/core/operation/delegate";
import { encodeBundle, type SealedNote } from "@cityroot/core/proof/bundle";
import { stateRootOf } from "@cityroot/core/proof/trie";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import type { KeySet } from "@cityroot/core/state/holder";
import { codeKey, keyToBytes } from "@cityroot/core/state/key";
import { memoryState } from "@cityroot/core/state/memory";
import { replayWindow } from "@cityroot/core/state/replay";
import {
  decodeTransaction,
  encodeBody,
  encodeTransaction,
  signedMessageOf,
  transactionIdOf,
} from "@cityroot/core/transaction";

const SEED = new Uint8Array(32).fill(1);
const LOG_SEED = new Uint8Array(32).fill(2);
const ORIGIN = "registry.example/test";
const GENESIS_TIME_MS = 1_767_225_600_000;
const CODE = "MA.156.1301" as Code;

/** Section 12.4. */
export function printLedgerExample(): string {
  const publicKey = publicKeyOf(SEED);
  const role = { needed: 1, keys: [0] };
  const keys: KeySet = {
    keys: [{ algorithm: "ed25519", bytes: publicKey }],
    roles: { root: role, registrar: role, records: role },
    recovery: null,
  };
  const holder: HolderDeclaration = { name: [["en", "Nation"]], keys };
  const genesis: Genesis = {
    name: "test",
    timeMs: GENESIS_TIME_MS,
    roots: [{ prefix: "MA.156" as Code, holder, rule: null, class: "country", attributes: [] }],
  };
  const network = networkOf(genesis);
  const state = memoryState();
  applyGenesis(state, genesis);
  const firstEntries = state.entries();
  const firstRoot = stateRootOf(firstEntries)!;

  const bodyBytes = encodeBody({
    network: network.id,
    holder: holderIdOf(holder),
    lastHeight: 10,
    nonce: 0,
    operations: [
      {
        type: "issue",
        code: CODE,
        class: "division",
        attributes: [["name", [["en", "Shijiazhuang"]]]],
        links: [],
        commitments: [],
      },
    ],
  });
  const id = transactionIdOf(bodyBytes);
  const signature = sign(SEED, signedMessageOf(id));
  const bytes = encodeTransaction(bodyBytes, [{ publicKey, signature }]);
  const transaction = decodeTransaction(bytes);
  if (!transaction.ok) throw new Error(transaction.rejection.detail);
  const moment = { height: 1, timeMs: GENESIS_TIME_MS + 1000 };
  const [outcome] = openLedger(network, replayWindow()).applyBlock(state, [transaction.value], moment);
  if (!outcome!.ok) throw new Error(outcome!.rejection.detail);
  const stateRoot = stateRootOf(state.entries())!;
  const block: Block = { ...moment, transactions: [bytes], results: [0], stateRoot };
  const firstSeal = encodeSeal({ height: 0, timeMs: GENESIS_TIME_MS, stateRoot: firstRoot });
  const log = [firstSeal, ...logEntriesOf(block)];
  const [, entry, lastSeal] = log;
  const leaves = log.map(leafHash);
  const logRoot = rootOf(leaves);
  const sealPath = pathOfNext(appendLeaves(EMPTY_FRONTIER, leaves.slice(0, -1)));
  const checkpoint: Checkpoint = { origin: ORIGIN, size: log.length, logRoot, ...moment, stateRoot };
  const note = signCheckpoint(checkpoint, ORIGIN, LOG_SEED);
  const logKey = makeVerifierKey(ORIGIN, SIGNATURE_TYPES.ed25519, publicKeyOf(LOG_SEED));
  checkBundle(state.entries(), { note: encodeNote(note), sealPath }, logKey);
  return `## 12.4 A ledger of one transaction

**12.4.1** The secret key (seed) is 32 bytes \`01\`; its public key is
\`${bytesToHex(publicKey)}\`. The holder has it alone, in every role, without
recovery, and is called \`Nation\` in English. Its declaration (4.3.1):

\`\`\`text
${wrap(encodeCbor((genesisToCbor(genesis) as readonly never[])[3]![0]![1]))}
\`\`\`

so its id is \`${bytesToHex(holderIdOf(holder))}\`.

**12.4.2** The genesis of the network \`test\` at 2026-01-01T00:00:00Z, with the one root prefix \`MA.156\` of the class
\`country\`, without a rule and attributes:

\`\`\`text
${wrap(encodeCbor(genesisToCbor(genesis)))}
\`\`\`

Its hash is \`${bytesToHex(network.genesis)}\`, so the network is \`${network.id}\`.

**12.4.3** The first state:

\`\`\`text
${printEntries(firstEntries)}
\`\`\`

Its root is \`${bytesToHex(firstRoot)}\`.

**12.4.4** A transaction that issues \`${CODE}\`, of the class \`division\`, named \`Shijiazhuang\` in English; last height 10,
nonce 0. Its body, its id, the signature, and the signed transaction:

\`\`\`text
body
${wrap(bodyBytes)}
id
${wrap(id)}
signature
${wrap(signature)}
transaction
${wrap(bytes)}
\`\`\`

**12.4.5** In block 1, a second after the genesis, it writes the record, the tally and slot 1 of the replay window:

\`\`\`text
${printEntries(state.entries().filter(({ key }) => !firstEntries.some((known) => known.key === key)))}
\`\`\`

The state root is \`${bytesToHex(stateRoot)}\`.
The block, and the entry and the seal that it adds to the log, which began with the seal of block 0:

\`\`\`text
block
${wrap(encodeBlock(block))}
seal of block 0
${wrap(firstSeal)}
log entry
${wrap(entry!)}
seal of block 1
${wrap(lastSeal!)}
\`\`\`

**12.4.6** The checkpoint, signed by the log \`${ORIGIN}\` with the seed of 32 bytes \`02\`, whose verifier key is
\`${printVerifierKey(logKey)}\`:

\`\`\`text
${new TextDecoder().decode(encodeNote(note)).trimEnd()}
\`\`\`

In a bundle it comes with the path of its seal, leaf 2 of 3, which is one hash, the root over the two leaves before:

\`\`\`text
${sealPath.map((hash) => wrap(hash)).join("\n")}
\`\`\`
`;
}

/** The example holds as a client sees it: the record is proven by the one run of all entries. */
function checkBundle(
  entries: ReturnType<ReturnType<typeof memoryState>["entries"]>,
  sealed: SealedNote,
  logKey: ReturnType<typeof makeVerifierKey>,
): void {
  const bundle = encodeBundle({
    ...sealed,
    runs: [{ entries, path: new Uint8Array(0) }],
    items: [],
    versions: [],
  });
  const policy = { origin: ORIGIN, logKeys: [logKey], witnesses: [], quorum: 0 };
  const answer = verifyAnswer(bundle, CODE, { policy });
  if (!answer.ok || answer.value.standing.kind !== "record")
    throw new Error("the example's ledger does not verify");
  if (!entries.some(({ key }) => key === codeKey(CODE))) throw new Error("the example's record is missing");
}

function printEntries(entries: ReturnType<ReturnType<typeof memoryState>["entries"]>): string {
  return entries
    .map(({ key, value }) => `key   ${bytesToHex(keyToBytes(key))}\n${wrap(value, "value ")}`)
    .join("\n");
}

const WIDTH = 96;

/** Bytes in hexadecimal, in lines; `head` stands before the first. */
export function wrap(bytes: Uint8Array, head = ""): string {
  const text = bytesToHex(bytes);
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += WIDTH) {
    lines.push((at === 0 ? head : " ".repeat(head.length)) + text.slice(at, at + WIDTH));
  }
  return lines.join("\n");
}
