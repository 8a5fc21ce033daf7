import { ALIAS } from "./en/alias.ts";
import { COMMANDS } from "./en/commands.ts";
import { ERRORS } from "./en/errors.ts";
import { GOVERN } from "./en/govern.ts";
import { IDENTIFY } from "./en/identify.ts";
import { IMPORT_HISTORY } from "./en/import-history.ts";
import { IMPORT_MA } from "./en/import-ma.ts";
import { JOINING } from "./en/joining.ts";
import { NETWORK } from "./en/network.ts";
import { OPTIONS } from "./en/options.ts";
import { RECONCILE } from "./en/reconcile.ts";
import { RESULTS } from "./en/results.ts";
import { ROWS } from "./en/rows.ts";
import { STORAGE } from "./en/storage.ts";
import { WITNESS } from "./en/witness.ts";

/** Every text in English. */
export const EN: typeof COMMANDS &
  typeof OPTIONS &
  typeof RESULTS &
  typeof ERRORS &
  typeof GOVERN &
  typeof NETWORK &
  typeof JOINING &
  typeof ROWS &
  typeof STORAGE &
  typeof WITNESS &
  typeof IDENTIFY &
  typeof IMPORT_HISTORY &
  typeof IMPORT_MA &
  typeof RECONCILE &
  typeof ALIAS = {
  ...COMMANDS,
  ...OPTIONS,
  ...RESULTS,
  ...ERRORS,
  ...GOVERN,
  ...NETWORK,
  ...JOINING,
  ...ROWS,
  ...STORAGE,
  ...WITNESS,
  ...IDENTIFY,
  ...IMPORT_HISTORY,
  ...IMPORT_MA,
  ...RECONCILE,
  ...ALIAS,
};
