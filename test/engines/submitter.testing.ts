import type { Code } from "@cityroot/codes/ma/code";
import { issueOf, type TestHolder } from "@cityroot/core/ledger.testing";
import type { Operation } from "@cityroot/core/operation/operation";
import type { RejectionName } from "@cityroot/core/rejection";
import {
  NATION,
  type SignOptions,
  signTransaction,
} from "@cityroot/node/engine/embedded/stored-node.testing";
import type { Place, SubmitResult } from "@cityroot/node/engine/engine";
import type { EngineWorld } from "./engine-worlds.testing.ts";

/** What the nation's own codes hang below. */
export const STEM = "MA.156.1301.02/60.10000000.1";

/** The nation's code of a serial. */
export function codeOf(serial: string): Code {
  return `${STEM}/${serial}` as Code;
}

/** Who submits to a world, in the name of its holders. */
export type Submitter = {
  /** Height of the newest block that can be read. */
  readonly heightNow: () => number;
  /** A new transaction, of the nation and with a thousand blocks to enter in unless something else is said. */
  readonly signed: (
    operations: readonly Operation[],
    options?: Partial<SignOptions> & { readonly holder?: TestHolder },
  ) => Uint8Array;
  /** A transaction that issues the codes of these serials. */
  readonly issuing: (...serials: readonly string[]) => Uint8Array;
  readonly submit: (...transactions: readonly Uint8Array[]) => Promise<readonly SubmitResult[]>;
  /** Submits, and throws unless all of them enter. */
  readonly given: (...transactions: readonly Uint8Array[]) => Promise<readonly Place[]>;
};

/** A submitter to a world that may be opened later. */
export function submitterTo(world: () => EngineWorld): Submitter {
  let nonce = 0;
  const heightNow = (): number => world().reader().head().checkpoint.height;
  const signed: Submitter["signed"] = (operations, { holder = NATION, ...options } = {}) => {
    nonce += 1;
    const { network } = world();
    return signTransaction(holder, operations, {
      network,
      lastHeight: heightNow() + 1_000,
      nonce,
      ...options,
    });
  };
  const submit: Submitter["submit"] = (...transactions) => world().engine().submit(transactions);
  return {
    ...{ heightNow, signed, submit },
    issuing: (...serials) => signed(serials.map((serial) => issueOf(codeOf(serial)))),
    given: async (...transactions) => {
      const results = await submit(...transactions);
      return results.map(({ outcome }) => {
        if (outcome.ok) return outcome.value;
        throw new Error(`${outcome.rejection.name}: ${outcome.rejection.detail}`);
      });
    },
  };
}

/** What became of transactions, in a word each. */
export function outcomesOf(results: readonly SubmitResult[]): readonly (Place | RejectionName)[] {
  return results.map(({ outcome }) => (outcome.ok ? outcome.value : outcome.rejection.name));
}
