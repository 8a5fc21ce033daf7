import { join } from "node:path";
import { genesisFromJson } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { publicKeyOf } from "@cityroot/core/key/ed25519";
import { createHome } from "@cityroot/node/home/home";
import { acceptedOf } from "@cityroot/sdk/error";
import { keySet } from "@cityroot/sdk/key-set";
import { generateSeed } from "@cityroot/sdk/signer";
import { asJson } from "../registry/description-options.ts";
import { type HolderFile, holderFileOf, saveHolderFile } from "../registry/holder-file.ts";
import type { Starter, StarterPrefix } from "./starter-data.ts";
import { STARTER_NAMES, STARTER_RULES } from "./starter-rules.ts";

const ORIGIN = "cityroot.localhost/dev";

/** Where the key file of a starter prefix's holder is. */
export function starterHolderPath(home: string, prefix: string): string {
  return join(home, "holders", `${prefix}.json`);
}

/** Makes the home of a development registry: new keys for every holder, the root prefixes in its genesis. */
export function createStarterHome(home: string, starter: Starter, timeMs: number): void {
  const holders = new Map(starter.prefixes.map((prefix) => [prefix.code, drawHolder(home, prefix)]));
  const roots = starter.prefixes.filter(({ code }) => parentPrefixOf(starter, code) === undefined);
  const genesis = {
    name: "dev",
    timeMs,
    roots: roots.map(({ code }) => {
      const { name, keySet: keys } = holders.get(code)!;
      const attributes = STARTER_NAMES[code] ?? {};
      return {
        prefix: code,
        holder: { name, keys },
        rule: STARTER_RULES[code] ?? null,
        class: "country",
        attributes,
      };
    }),
  };
  const read = acceptedOf(genesisFromJson(asJson(genesis)));
  for (const holder of holders.values()) saveHolderFile(holder);
  createHome(home, read, { origin: ORIGIN });
}

/** The nearest starter prefix above another. */
export function parentPrefixOf({ prefixes }: Starter, code: string): string | undefined {
  const above = prefixes.map((prefix) => prefix.code).filter((other) => code.startsWith(`${other}.`));
  return above.sort((a, b) => b.length - a.length)[0];
}

function drawHolder(home: string, { code, holder }: StarterPrefix): HolderFile {
  const seed = generateSeed();
  const keys = keySet({ keys: [publicKeyOf(seed)] });
  return holderFileOf(starterHolderPath(home, code), holder, [bytesToHex(seed)], keys);
}
