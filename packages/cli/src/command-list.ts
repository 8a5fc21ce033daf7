import type { CommandDefinition } from "./command-definition.ts";

/** A command's words and where it is defined: it is loaded only when it is called or described. */
export type ListedCommand = {
  readonly path: readonly string[];
  readonly load: () => Promise<{ readonly command: CommandDefinition }>;
};

/** Every command, in the order in which help shows them. */
export const COMMAND_LIST: readonly ListedCommand[] = [
  { path: ["init"], load: () => import("./command/init.ts") },
  { path: ["start"], load: () => import("./command/start.ts") },
  { path: ["dev"], load: () => import("./command/dev.ts") },
  { path: ["doctor"], load: () => import("./command/doctor.ts") },
  { path: ["completion"], load: () => import("./command/completion.ts") },
  { path: ["prefix", "delegate"], load: () => import("./command/prefix/delegate.ts") },
  { path: ["prefix", "show"], load: () => import("./command/prefix/show.ts") },
  { path: ["prefix", "list"], load: () => import("./command/prefix/list.ts") },
  { path: ["prefix", "rule"], load: () => import("./command/prefix/rule.ts") },
  { path: ["prefix", "federate"], load: () => import("./command/prefix/federate.ts") },
  { path: ["prefix", "keys", "generate"], load: () => import("./command/prefix/keys/generate.ts") },
  { path: ["prefix", "keys", "show"], load: () => import("./command/prefix/keys/show.ts") },
  { path: ["prefix", "keys", "rotate"], load: () => import("./command/prefix/keys/rotate.ts") },
  { path: ["prefix", "keys", "update"], load: () => import("./command/prefix/keys/update.ts") },
  { path: ["prefix", "keys", "recover"], load: () => import("./command/prefix/keys/recover.ts") },
  { path: ["code", "issue"], load: () => import("./command/code/issue.ts") },
  { path: ["code", "range"], load: () => import("./command/code/range.ts") },
  { path: ["code", "batch"], load: () => import("./command/code/batch.ts") },
  { path: ["code", "import"], load: () => import("./command/code/import.ts") },
  { path: ["code", "import-history"], load: () => import("./command/code/import-history.ts") },
  { path: ["code", "import-ma"], load: () => import("./command/code/import-ma.ts") },
  { path: ["code", "update"], load: () => import("./command/code/update.ts") },
  { path: ["code", "suspend"], load: () => import("./command/code/suspend.ts") },
  { path: ["code", "reinstate"], load: () => import("./command/code/reinstate.ts") },
  { path: ["code", "retire"], load: () => import("./command/code/retire.ts") },
  { path: ["code", "supersede"], load: () => import("./command/code/supersede.ts") },
  { path: ["code", "transfer"], load: () => import("./command/code/transfer.ts") },
  { path: ["code", "resolve"], load: () => import("./command/code/resolve.ts") },
  { path: ["code", "identify"], load: () => import("./command/code/identify.ts") },
  { path: ["code", "history"], load: () => import("./command/code/history.ts") },
  { path: ["code", "list"], load: () => import("./command/code/list.ts") },
  { path: ["reconcile", "open"], load: () => import("./command/reconcile/open.ts") },
  { path: ["reconcile", "propose"], load: () => import("./command/reconcile/propose.ts") },
  { path: ["reconcile", "list"], load: () => import("./command/reconcile/list.ts") },
  { path: ["reconcile", "show"], load: () => import("./command/reconcile/show.ts") },
  { path: ["reconcile", "confirm"], load: () => import("./command/reconcile/confirm.ts") },
  { path: ["reconcile", "refuse"], load: () => import("./command/reconcile/refuse.ts") },
  { path: ["reconcile", "undo"], load: () => import("./command/reconcile/undo.ts") },
  { path: ["reconcile", "export"], load: () => import("./command/reconcile/export.ts") },
  { path: ["alias", "claim"], load: () => import("./command/alias/claim.ts") },
  { path: ["alias", "confirm"], load: () => import("./command/alias/confirm.ts") },
  { path: ["alias", "dispute"], load: () => import("./command/alias/dispute.ts") },
  { path: ["alias", "withdraw"], load: () => import("./command/alias/withdraw.ts") },
  { path: ["alias", "list"], load: () => import("./command/alias/list.ts") },
  { path: ["coding-system", "set"], load: () => import("./command/coding-system/set.ts") },
  { path: ["coding-system", "list"], load: () => import("./command/coding-system/list.ts") },
  { path: ["proof", "verify"], load: () => import("./command/proof/verify.ts") },
  { path: ["log", "audit"], load: () => import("./command/log/audit.ts") },
  { path: ["log", "export"], load: () => import("./command/log/export.ts") },
  { path: ["log", "import"], load: () => import("./command/log/import.ts") },
  { path: ["storage", "audit"], load: () => import("./command/storage/audit.ts") },
  { path: ["network", "init"], load: () => import("./command/network/init.ts") },
  { path: ["network", "start"], load: () => import("./command/network/start.ts") },
  { path: ["network", "status"], load: () => import("./command/network/status.ts") },
  { path: ["network", "genesis"], load: () => import("./command/network/genesis.ts") },
  { path: ["network", "add-member"], load: () => import("./command/network/add-member.ts") },
  { path: ["network", "remove-member"], load: () => import("./command/network/remove-member.ts") },
  { path: ["network", "set-validators"], load: () => import("./command/network/set-validators.ts") },
  { path: ["network", "trust"], load: () => import("./command/network/trust.ts") },
  { path: ["network", "restore"], load: () => import("./command/network/restore.ts") },
  { path: ["network", "set-parameters"], load: () => import("./command/network/set-parameters.ts") },
  { path: ["witness", "init"], load: () => import("./command/witness/init.ts") },
  { path: ["witness", "start"], load: () => import("./command/witness/start.ts") },
  { path: ["witness", "add-log"], load: () => import("./command/witness/add-log.ts") },
  { path: ["witness", "show"], load: () => import("./command/witness/show.ts") },
  { path: ["witness", "evidence"], load: () => import("./command/witness/evidence.ts") },
];

/** The words that lead to commands and are none themselves: `prefix`, `prefix keys`, `code` ... */
export function nounsOf(list: readonly ListedCommand[]): readonly (readonly string[])[] {
  const nouns = new Map<string, readonly string[]>();
  for (const { path } of list) {
    for (let length = 1; length < path.length; length++) {
      const noun = path.slice(0, length);
      nouns.set(noun.join(" "), noun);
    }
  }
  return [...nouns.values()];
}
