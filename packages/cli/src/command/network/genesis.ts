import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type Genesis, genesisFromJson, networkOf } from "@cityroot/core/genesis";
import { hexToBytes } from "@cityroot/core/hex";
import {
  checkCards,
  checkNetworkFile,
  networkFileToJson,
  quorumOf,
  validatorsOf,
} from "@cityroot/node/network/network-file";
import type { ValidatorCard } from "@cityroot/node/network/validator-card";
import { acceptedOf } from "@cityroot/sdk/error";
import { keySet } from "@cityroot/sdk/key-set";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import type { Input } from "../../input.ts";
import { refuseOptions } from "../../network/join-options.ts";
import { readCardFile } from "../../network/network-file.ts";
import { readHolderFile } from "../../registry/holder-file.ts";
import { malformedFile, readJsonFile } from "../../registry/read-json.ts";
import { ROOT_OPTIONS, type RootHolder, rootGenesis, rootNameOf } from "../../registry/root-genesis.ts";
import { jsonText, writeFileWhole } from "../../registry/write-file.ts";

const FILE = "network.json";

export const command: CommandDefinition = {
  options: [
    { flags: "--validator <card>", text: "option.validatorCard", repeats: true },
    { flags: "--needed <count>", text: "option.rootNeeded" },
    { flags: "--holder <holder>", text: "option.rootHolder" },
    { flags: "--genesis <file>", text: "option.movedGenesis" },
    { flags: "--quorum <count>", text: "option.quorum" },
    { flags: "--out <file>", text: "option.networkFile" },
    ...ROOT_OPTIONS,
  ],
  examples: [
    "cityroot network genesis --network hebei --prefix MA.156 --name zh=示例登记机构 --validator water.json --validator traffic.json --validator parks.json --validator works.json",
    "cityroot network genesis --prefix MA.156 --holder ministry.json --validator water.json --validator traffic.json",
    "cityroot network genesis --genesis registry/genesis.json --validator water.json --validator traffic.json",
  ],
  run: async (context, input) => {
    const { say, io } = context;
    const cards = input.neededTexts("validator").map((name) => readCardFile(context, name));
    const { origin } = cards[0]!;
    const checked = checkCards(origin, cards);
    if (!checked.ok) throw malformedFile(say, { ...checked.fault, path: "--validator" });
    const path = pathFrom(io.workingFolder, input.text("out") ?? FILE);
    if (existsSync(path)) throw fileExists(context, path);
    const moved = input.text("genesis");
    const genesis =
      moved === undefined ? newGenesis(context, input, cards) : movedGenesis(context, input, moved);
    const quorum = input.count("quorum", 0, cards.length) ?? quorumOf(cards.length);
    const file = checkNetworkFile({ origin, quorum, members: cards, genesis });
    if (!file.ok) throw malformedFile(say, { ...file.fault, path: "--validator" });
    const text = jsonText(networkFileToJson(file.value));
    writeFileWhole(path, text);
    const network = networkOf(genesis).id;
    const sha256 = createHash("sha256").update(text).digest("hex");
    const { root } = genesis.roots[0]!.holder.keys.roles;
    const facts = { quorum, needed: root.needed, keys: root.keys.length };
    context.done({ file: path, network, sha256, ...facts, validators: cards.map(({ name }) => name) }, () => [
      say("done.networkGenesis", { path, network, count: cards.length }),
      say("network.genesisFacts", facts),
      say("network.genesisSha"),
      `  ${context.colors.bold(sha256)}`,
      say("network.genesisSend"),
      `  npx cityroot init --engine cometbft --genesis ${FILE} --home HOME`,
    ]);
    return undefined;
  },
};

/** What a new registry begins with, whose validators are those of the cards. */
function newGenesis(context: Context, input: Input, cards: readonly ValidatorCard[]): Genesis {
  const prefix = input.needed("prefix");
  return rootGenesis(context, input, {
    ...{ prefix, networkName: input.text("network") ?? "registry" },
    holder: rootHolder(context, input, prefix, cards),
    validators: validatorsOf(cards),
  });
}

/** What a registry began with that moves up to a network, and names its validators in its state. */
function movedGenesis(context: Context, input: Input, name: string): Genesis {
  const names = ["network", "prefix", "name", "holder", "needed"];
  refuseOptions(context, input, names, "error.inGenesis.expected");
  const { io, say } = context;
  return acceptedOf(genesisFromJson(readJsonFile(pathFrom(io.workingFolder, name), "--genesis", say)));
}

/** Who holds the root prefix: the holder of a file, else the organisations of the cards together. */
function rootHolder(
  context: Context,
  input: Input,
  prefix: string,
  cards: readonly ValidatorCard[],
): RootHolder {
  const named = input.text("holder");
  if (named !== undefined) {
    const { name, keySet: keys } = readHolderFile(context, named);
    return { name, keys };
  }
  const needed = input.count("needed", 1, cards.length) ?? quorumOf(cards.length);
  const together = { needed, keys: cards.map((_, at) => at) };
  return {
    name: rootNameOf(context, input, prefix),
    keys: keySet({
      keys: cards.map(({ rootKey }) => hexToBytes(rootKey)!),
      ...{ root: together, registrar: together, records: together },
    }),
  };
}

function fileExists({ say }: Context, path: string): CommandFailure {
  return new CommandFailure({
    ...{ code: "FILE_EXISTS", exit: "conflict", detail: say("error.fileExists", { path }), field: "--out" },
    ...{ expected: say("error.fileExists.expected"), got: path },
  });
}
