import { existsSync } from "node:fs";
import { join } from "node:path";
import { genesisFromJson, networkOf } from "@cityroot/core/genesis";
import { isShortKeyName } from "@cityroot/core/log/note";
import type { NodeConfig } from "@cityroot/node/home/config";
import { isPublicUrl } from "@cityroot/node/home/config-field";
import { createHome, isHome, readHome } from "@cityroot/node/home/home";
import type { TextJson } from "@cityroot/sdk/attributes-json";
import { acceptedOf } from "@cityroot/sdk/error";
import type { CommandDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";
import { asJson, attributesOf, DESCRIPTION_OPTIONS, splitPair } from "../registry/description-options.ts";
import { homeHere } from "../registry/folders.ts";
import { type HolderFile, holderFileOf, saveHolderFile } from "../registry/holder-file.ts";
import { drawKeys, KEY_OPTIONS } from "../registry/key-options.ts";
import { readJsonFile } from "../registry/read-json.ts";
import { RULE_OPTIONS, ruleOf } from "../registry/rule-options.ts";
import { jsonText, writeFileWhole } from "../registry/write-file.ts";

const CLASS = "country";

export const command: CommandDefinition = {
  options: [
    { flags: "--network <name>", text: "option.network" },
    { flags: "--origin <name>", text: "option.origin" },
    { flags: "--prefix <code>", text: "option.rootPrefix" },
    { flags: "--name <language=name>", text: "option.holderName", repeats: true },
    { flags: "--listen <host:port>", text: "option.listen" },
    { flags: "--public-url <url>", text: "option.publicUrl" },
    { flags: "--genesis <file>", text: "option.genesis" },
    ...DESCRIPTION_OPTIONS.slice(0, 2),
    ...KEY_OPTIONS,
    ...RULE_OPTIONS,
  ],
  examples: [
    "cityroot init --home registry --network hebei --origin registry.example/hebei --prefix MA.156 --name zh=示例登记机构",
    "cityroot init --home replica --origin registry.example/hebei --genesis genesis.json",
  ],
  run: async (context, input) => {
    const { say } = context;
    const path = homeHere(context);
    if (isHome(path)) throw homeExists(context, path);
    const origin = originOf(context, input);
    const listen = input.text("listen");
    const publicUrl = publicUrlOf(context, input);
    const changes: Partial<NodeConfig> & { readonly origin: string } = {
      origin,
      ...(listen !== undefined && { listen: listenOf(context, listen) }),
      ...(publicUrl !== undefined && { publicUrl }),
    };
    const file = input.text("genesis");
    const made = file === undefined ? makeGenesis(context, input, path) : undefined;
    const json = made?.genesis ?? readJsonFile(pathFrom(context.io.workingFolder, file!), "--genesis", say);
    const genesis = acceptedOf(genesisFromJson(asJson(json)));
    if (made !== undefined) saveHolderFile(made.holder);
    createHome(path, genesis, changes);
    const { policy } = readHome(path);
    writeFileWhole(join(path, "policy.json"), jsonText(policy));
    const network = networkOf(genesis).id;
    const policyPath = join(path, "policy.json");
    context.done({ home: path, network, policy, holder: made?.holder.path ?? null }, () => [
      say("done.init", { network, home: path }),
      ...(made === undefined ? [] : [say("init.keys", { path: made.holder.path })]),
      say("init.policy", { path: policyPath }),
      say("init.next", { command: `npx cityroot start --home ${path}` }),
    ]);
    return undefined;
  },
};

/** The name of the log, judged before anything is written. */
function originOf({ say }: Context, input: Input): string {
  const got = input.needed("origin");
  if (isShortKeyName(got)) return got;
  const expected = say("error.origin.expected");
  throw optionMalformed(say, { field: "--origin", expected, got, fix: "--origin registry.example/hebei" });
}

/** The refusal to make a registry where one is. */
export function homeExists({ say }: Context, path: string): CommandFailure {
  return new CommandFailure({
    code: "HOME_EXISTS",
    exit: "conflict",
    detail: say("error.homeExists", { path }),
    field: "--home",
    expected: say("error.homeExists.expected"),
    got: path,
    fix: say("error.homeExists.fix"),
  });
}

/** Host and port of an address to listen on. */
export function listenOf({ say }: Context, text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(.*):)?([0-9]{1,5})$/.exec(text);
  const host = match?.[1]?.replace(/^\[(.*)\]$/, "$1") || "127.0.0.1";
  const port = Number(match?.[2]);
  if (match !== null && port <= 65_535) return { host, port };
  const expected = say("error.listen.expected");
  throw optionMalformed(say, { field: "--listen", expected, got: text, fix: "--listen 127.0.0.1:8787" });
}

/** Where the registry is to be reached from outside, if that is said. */
export function publicUrlOf({ say }: Context, input: Input): string | undefined {
  const got = input.text("public-url");
  if (got === undefined || isPublicUrl(got)) return got;
  const expected = say("error.publicUrl.expected");
  throw optionMalformed(say, {
    field: "--public-url",
    expected,
    got,
    fix: "--public-url https://id.example.cn",
  });
}

function makeGenesis(
  context: Context,
  input: Input,
  home: string,
): { readonly genesis: object; readonly holder: HolderFile } {
  const prefix = input.needed("prefix");
  const path = join(home, "holders", `${prefix.replaceAll("/", "_")}.json`);
  const pairs = input.texts("name").map((text) => splitPair(context, "--name", text, "zh=示例登记机构"));
  const name: TextJson = pairs.length === 0 ? { en: prefix } : Object.fromEntries(pairs);
  if (existsSync(path)) throw homeExists(context, path);
  const { keys, keySet } = drawKeys(context, input);
  const holder = holderFileOf(path, name, keys, keySet);
  const root = {
    prefix,
    holder: { name, keys: keySet },
    rule: ruleOf(context, input) ?? null,
    class: input.text("class") ?? CLASS,
    attributes: attributesOf(context, input),
  };
  const genesis = { name: input.text("network") ?? "registry", timeMs: context.io.now(), roots: [root] };
  return { genesis, holder };
}
