// Writes vectors for other implementations: codes, keys, transactions and whole histories. vectors/README.md says how to
// use them. Run: node --conditions=source scripts/vectors/make.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeCodeVectors } from "./code-vectors.ts";
import { ALIAS_HISTORIES } from "./histories/aliases.ts";
import { AUTHORITY_HISTORIES } from "./histories/authority.ts";
import { CODE_HISTORIES } from "./histories/codes.ts";
import { ENVELOPE_HISTORIES } from "./histories/envelope.ts";
import { KEY_HISTORIES } from "./histories/keys.ts";
import { NETWORK_HISTORIES } from "./histories/network.ts";
import { RULE_HISTORIES } from "./histories/rules.ts";
import type { HistoryFile } from "./history-case.ts";
import { makeKeyVectors } from "./key-vectors.ts";
import { makeInvalidTransactions, makeValidTransactions } from "./transaction-vectors.ts";
import { makeWitnessVectors } from "./witness-vectors.ts";

/** Where all vectors are. */
export const VECTORS_FOLDER: string = fileURLToPath(new URL("../../vectors/", import.meta.url));

/** What makes each history, by the name of its file. */
export const HISTORIES: { readonly [name: string]: () => HistoryFile } = {
  ...AUTHORITY_HISTORIES,
  ...ALIAS_HISTORIES,
  ...KEY_HISTORIES,
  ...CODE_HISTORIES,
  ...RULE_HISTORIES,
  ...ENVELOPE_HISTORIES,
  ...NETWORK_HISTORIES,
};

/** The files by their path within the folder, as text. */
export function makeVectors(): ReadonlyMap<string, string> {
  const files: [path: string, file: unknown][] = [
    ["codes.json", makeCodeVectors()],
    ["keys.json", makeKeyVectors()],
    ["transactions/valid.json", makeValidTransactions()],
    ["transactions/invalid.json", makeInvalidTransactions()],
    ["witness.json", makeWitnessVectors()],
  ];
  for (const [name, make] of Object.entries(HISTORIES)) files.push([`histories/${name}.json`, make()]);
  return new Map(files.map(([path, file]) => [path, `${JSON.stringify(file, null, 1)}\n`]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of makeVectors()) {
    mkdirSync(dirname(join(VECTORS_FOLDER, path)), { recursive: true });
    writeFileSync(join(VECTORS_FOLDER, path), text);
  }
}
