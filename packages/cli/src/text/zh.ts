import type { EN } from "./en.ts";
import { ALIAS } from "./zh/alias.ts";
import { COMMANDS } from "./zh/commands.ts";
import { ERRORS } from "./zh/errors.ts";
import { GOVERN } from "./zh/govern.ts";
import { IDENTIFY } from "./zh/identify.ts";
import { IMPORT_HISTORY } from "./zh/import-history.ts";
import { IMPORT_MA } from "./zh/import-ma.ts";
import { JOINING } from "./zh/joining.ts";
import { NETWORK } from "./zh/network.ts";
import { OPTIONS } from "./zh/options.ts";
import { RECONCILE } from "./zh/reconcile.ts";
import { RESULTS } from "./zh/results.ts";
import { ROWS } from "./zh/rows.ts";
import { STORAGE } from "./zh/storage.ts";
import { WITNESS } from "./zh/witness.ts";

/** Every text in Chinese. */
export const ZH: { readonly [key in keyof typeof EN]: string } = {
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
