import type { Home } from "../../home/home.ts";
import type { SignaturePool } from "../../signature/signature-pool.ts";
import type { RegistryStore } from "../../store/registry-store.ts";
import type { Engine } from "../engine.ts";
import { openStoredLedger } from "../open-ledger.ts";
import { blockMaker } from "./block-maker.ts";
import { type EmbeddedEngineParts, startEmbeddedEngine } from "./embedded-engine.ts";

/** What an embedded engine needs from around it. */
export type EmbeddedOptions = Pick<EmbeddedEngineParts, "admit" | "onStop"> & {
  readonly signatures: SignaturePool;
  readonly clock: () => number;
  readonly onClockBack: (behindMs: number) => void;
  /** Least bytes of changes between two snapshots of the upper tree. */
  readonly snapshotBytesMin?: number;
};

/** Opens the embedded engine of a home over its store. */
export function openEmbeddedEngine(home: Home, store: RegistryStore, options: EmbeddedOptions): Engine {
  const { snapshotBytesMin, clock, onClockBack, signatures, admit, onStop } = options;
  const ledger = openStoredLedger(home, store, snapshotBytesMin);
  const maker = blockMaker({ ...ledger, write: store.write, clock, onClockBack });
  return startEmbeddedEngine({ maker, signatures, admit, onStop });
}
