import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Code } from "@cityroot/codes/ma/code";
import { type Genesis, networkOf } from "@cityroot/core/genesis";
import { GENESIS_TIME_MS, type TestHolder, testHolder } from "@cityroot/core/ledger.testing";
import { type Policy, readPolicy } from "@cityroot/core/log/witness-policy";
import type { Operation } from "@cityroot/core/operation/operation";
import { accept } from "@cityroot/core/outcome";
import { encodeBody, encodeTransaction, signedMessageOf, transactionIdOf } from "@cityroot/core/transaction";
import { createHome, type Home, readHome } from "../../home/home.ts";
import { openReader } from "../../resolver/open-reader.ts";
import type { ReaderParts, StoredRegistryReader } from "../../resolver/stored-registry-reader.ts";
import { nativeSigner } from "../../signature/native-ed25519.ts";
import { type SignaturePool, startSignaturePool } from "../../signature/signature-pool.ts";
import { installNativeFunctions } from "../../store/native-functions.ts";
import type { RegistryStore } from "../../store/registry-store.ts";
import type { Engine } from "../engine.ts";
import { ensureGenesis } from "../open-ledger.ts";
import { type EmbeddedOptions, openEmbeddedEngine } from "./open-embedded.ts";

/** Holds `MA.156`, the one root prefix of test homes. */
export const NATION: TestHolder = testHolder("Nation", 1);

export const STORED_GENESIS: Genesis = {
  name: "test",
  timeMs: GENESIS_TIME_MS,
  roots: [
    { prefix: "MA.156" as Code, holder: NATION.declaration, rule: null, class: "country", attributes: [] },
  ],
};

export const STORED_ORIGIN = "registry.test/one";

/** Makes a home in a folder of its own below the system's temporary one, or in the given folder. */
export function makeTestHome(
  path: string = mkdtempSync(`${tmpdir()}/cityroot-`),
  genesis: Genesis = STORED_GENESIS,
): string {
  createHome(path, genesis, { origin: STORED_ORIGIN, workers: 0, signatureProcesses: 0 });
  return path;
}

/** What a test decides about a node. */
export type StoredNodeOptions = Partial<EmbeddedOptions> & {
  /** Puts something between the engine and its store, such as a failing disk. */
  readonly wrapStore?: (store: RegistryStore) => RegistryStore;
  /** Where the reader finds the items of batches; nowhere, when absent. */
  readonly payloads?: ReaderParts["payloads"];
};

/** The durable parts of a node in this process: the engine over its store and a reader beside it. */
export type StoredNode = {
  readonly home: Home;
  readonly store: RegistryStore;
  readonly engine: Engine;
  readonly reader: StoredRegistryReader;
  readonly policy: Policy;
  readonly close: () => Promise<void>;
};

/** Opens the node of a home, with signatures checked in this process. */
export async function openStoredNode(path: string, options: StoredNodeOptions = {}): Promise<StoredNode> {
  installNativeFunctions();
  const home = readHome(path);
  const { wrapStore = (same) => same, payloads, ...engineOptions } = options;
  const store = await ensureGenesis(home);
  const signatures: SignaturePool = options.signatures ?? startSignaturePool(0);
  const engine = openEmbeddedEngine(home, wrapStore(store), {
    clock: Date.now,
    admit: () => accept(undefined),
    onStop: () => {},
    onClockBack: () => {},
    ...engineOptions,
    signatures,
  });
  const reader = openStoredReader(home, payloads);
  const policy = readPolicy(home.policy);
  if (!policy.ok) throw new Error(policy.fault.field);
  return {
    ...{ home, store, engine, reader, policy: policy.value },
    close: async () => {
      await engine.close();
      signatures.close();
      await reader.close();
      await store.close();
    },
  };
}

const NO_ITEMS: ReaderParts["payloads"] = { itemsOf: () => [] };

/** A reader over the store of a home, as a resolver opens it. */
export function openStoredReader(home: Home, payloads = NO_ITEMS): StoredRegistryReader {
  return openReader(home, payloads);
}

/** Runs with a new home and removes it afterwards. */
export async function withTestHome<T>(run: (path: string) => Promise<T>): Promise<T> {
  const path = makeTestHome();
  try {
    return await run(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

const signers = new Map<TestHolder, ReturnType<typeof nativeSigner>[]>();

/** How a test's transaction is made; for the network of {@link STORED_GENESIS} unless another is named. */
export type SignOptions = { readonly lastHeight: number; readonly nonce: number; readonly network?: string };

/** Bytes of a transaction, signed by all keys of its holder. */
export function signTransaction(
  holder: TestHolder,
  operations: readonly Operation[],
  { lastHeight, nonce, network = networkOf(STORED_GENESIS).id }: SignOptions,
): Uint8Array {
  const body = encodeBody({ network, holder: holder.id, lastHeight, nonce, operations });
  const message = signedMessageOf(transactionIdOf(body));
  const own = signers.get(holder) ?? holder.seeds.map(nativeSigner);
  signers.set(holder, own);
  return encodeTransaction(
    body,
    own.map(({ publicKey, sign }) => ({ publicKey, signature: sign(message) })),
  );
}
