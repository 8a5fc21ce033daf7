import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Genesis, genesisFromJson } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import type { Validator } from "@cityroot/core/state/validators";
import type { TextJson } from "@cityroot/sdk/attributes-json";
import { acceptedOf } from "@cityroot/sdk/error";
import type { KeySetJson } from "@cityroot/sdk/key-set";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import type { Input } from "../input.ts";
import { asJson, attributesOf, DESCRIPTION_OPTIONS, splitPair } from "./description-options.ts";
import { type HolderFile, holderFileOf } from "./holder-file.ts";
import { drawKeys } from "./key-options.ts";
import { RULE_OPTIONS, ruleOf } from "./rule-options.ts";

const CLASS = "country";

/** Options that say what a registry begins with, beside the keys of its root prefix. */
export const ROOT_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--network <name>", text: "option.network" },
  { flags: "--prefix <code>", text: "option.rootPrefix" },
  { flags: "--name <language=name>", text: "option.holderName", repeats: true },
  ...DESCRIPTION_OPTIONS.slice(0, 2),
  ...RULE_OPTIONS,
];

/** Who holds a root prefix: the organisation's name, and its keys. */
export type RootHolder = { readonly name: TextJson; readonly keys: KeySetJson };

/** What a genesis takes that the options do not say. */
export type RootParts = {
  readonly prefix: string;
  readonly holder: RootHolder;
  readonly networkName: string;
  readonly validators?: readonly Validator[];
};

/** Where the file of a root prefix's holder is in a home. */
export function rootHolderPath(home: string, prefix: string): string {
  return join(home, "holders", `${prefix.replaceAll("/", "_")}.json`);
}

/** The name of the root prefix's holder: as the options say, else the prefix. */
export function rootNameOf(context: Context, input: Input, prefix: string): TextJson {
  const pairs = input.texts("name").map((text) => splitPair(context, "--name", text, "zh=示例登记机构"));
  return pairs.length === 0 ? { en: prefix } : Object.fromEntries(pairs);
}

/** Draws the keys of a new holder, whose file is to be at a path where none is; `taken` is thrown where one is. */
export function drawRootHolder(
  context: Context,
  input: Input,
  { path, name, taken }: { readonly path: string; readonly name: TextJson; readonly taken: () => Error },
): HolderFile {
  if (existsSync(path)) throw taken();
  const { keys, keySet } = drawKeys(context, input);
  return holderFileOf(path, name, keys, keySet);
}

/** What a registry with one root prefix begins with. */
export function rootGenesis(context: Context, input: Input, parts: RootParts): Genesis {
  const { prefix, holder, networkName, validators } = parts;
  const root = {
    ...{ prefix, holder, rule: ruleOf(context, input) ?? null },
    ...{ class: input.text("class") ?? CLASS, attributes: attributesOf(context, input) },
  };
  const named = validators?.map(({ publicKey, ...rest }) => ({ ...rest, publicKey: bytesToHex(publicKey) }));
  const json = { name: networkName, timeMs: context.io.now(), roots: [root], validators: named };
  return acceptedOf(genesisFromJson(asJson(JSON.parse(JSON.stringify(json)))));
}
