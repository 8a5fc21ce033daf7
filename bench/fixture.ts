// The registry that is measured: one root prefix, one holder, serials below one model.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Code } from "@cityroot/codes/ma/code";
import { type Genesis, networkOf } from "@cityroot/core/genesis";
import { type HolderDeclaration, holderIdOf } from "@cityroot/core/operation/delegate";
import type { Operation } from "@cityroot/core/operation/operation";
import type { LegacyCode } from "@cityroot/core/state/alias";
import { encodeBody, encodeTransaction, signedMessageOf, transactionIdOf } from "@cityroot/core/transaction";
import { createHome } from "@cityroot/node/home/home";
import { nativeSigner } from "@cityroot/node/signature/native-ed25519";

const signer = nativeSigner(new Uint8Array(32).fill(1));
const role = { keys: [0], needed: 1 };
const HOLDER: HolderDeclaration = {
  name: [["en", "Bench"]],
  keys: {
    keys: [{ algorithm: "ed25519", bytes: signer.publicKey }],
    roles: { root: role, registrar: role, records: role },
    recovery: null,
  },
};
export const GENESIS: Genesis = {
  name: "bench",
  timeMs: 1_767_225_600_000,
  roots: [{ prefix: "MA.156" as Code, holder: HOLDER, rule: null, class: "country", attributes: [] }],
};
export const ORIGIN = "registry.bench/one";
const NETWORK = networkOf(GENESIS).id;
const HOLDER_ID = holderIdOf(HOLDER);
export const PARENT = "MA.156.1301.02/60.10000000.1" as Code;

/** The code of a serial. */
export function codeOf(serial: number): Code {
  return `${PARENT}/${String(serial).padStart(9, "0")}` as Code;
}

const folders: string[] = [];

/** Path for a new home, in a folder of its own below the system's temporary folder. */
export function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "cityroot-bench-"));
  if (folders.push(folder) === 1) {
    process.once("exit", () => {
      for (const one of folders) rmSync(one, { recursive: true, force: true });
    });
  }
  return join(folder, "home");
}

/** A new home of a registry of its own. */
export function newHome(workers: number): string {
  const home = newPath();
  createHome(home, GENESIS, { origin: ORIGIN, workers, logLevel: "error" });
  return home;
}

let nonce = 1;

/** A signed transaction, for the registry of {@link newHome} unless another network is named. */
export function signed(
  operations: readonly Operation[],
  lastHeight: number,
  network: string = NETWORK,
): Uint8Array {
  const body = encodeBody({ network, holder: HOLDER_ID, lastHeight, nonce: nonce++, operations });
  const signature = signer.sign(signedMessageOf(transactionIdOf(body)));
  return encodeTransaction(body, [{ publicKey: signer.publicKey, signature }]);
}

/** An issue of a serial with a name and a place: a record of about 200 bytes. */
export function issueOf(serial: number): Operation {
  return {
    type: "issue",
    code: codeOf(serial),
    class: "street-light",
    attributes: [
      ["legacy", [["lamp", `SJZ-${String(serial).padStart(8, "0")}`]]],
      ["name", [["zh", `裕华区槐安路路灯 ${serial}`]]],
      ["place", [380_400_000 + (serial % 100_000), 1_145_100_000 + (serial % 90_000)]],
    ],
    links: [],
    commitments: [],
  };
}

/** The system and value of a serial's legacy code. */
export function legacyOf(serial: number): LegacyCode {
  return { system: "lamp-number", value: `SJZ-${String(serial).padStart(9, "0")}` };
}

/** The claim that a serial's legacy code is its code, with evidence. */
export function claimOf(serial: number): Operation {
  return {
    type: "claim-alias",
    ...legacyOf(serial),
    claimant: GENESIS.roots[0]!.prefix,
    relation: "same-as",
    target: codeOf(serial),
    from: null,
    until: null,
    evidence: EVIDENCE,
    item: null,
  };
}

const EVIDENCE = new Uint8Array(32).fill(7);

/** A change of a serial's name. */
export function updateOf(serial: number, mark: number): Operation {
  const attributes = [["name", [["zh", `裕华区槐安路路灯 ${serial} / ${mark}`]]]] as const;
  return {
    type: "update",
    code: codeOf(serial),
    attributes,
    links: null,
    commitments: null,
    version: null,
    item: null,
  };
}
