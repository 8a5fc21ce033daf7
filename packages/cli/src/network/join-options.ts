import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";
import type { TextKey } from "../text/say.ts";

/** How a registry decides on its blocks. */
export const ENGINES = ["embedded", "cometbft"] as const;

/** The option that names the CometBFT to run. */
export const COMETBFT_OPTION: OptionDefinition = { flags: "--cometbft <path>", text: "option.cometbft" };

/** Options of a node that decides with others. */
export const JOIN_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--engine <name>", text: "option.engine", choices: ENGINES },
  { flags: "--validator <name>", text: "option.validatorName" },
  { flags: "--peer-address <host:port>", text: "option.peerAddress" },
  { flags: "--consensus-listen <host:port>", text: "option.consensusListen" },
  { flags: "--witness-url <url>", text: "option.witnessUrl" },
  { flags: "--witness-listen <host:port>", text: "option.nodeWitnessListen" },
  { flags: "--peer <id@host:port>", text: "option.peer", repeats: true },
  { flags: "--private-peers", text: "option.privatePeers" },
  { flags: "--sync-from <url>", text: "option.syncFrom", repeats: true },
  { flags: "--trust-height <height>", text: "option.beginHeight" },
  { flags: "--trust-hash <hash>", text: "option.beginHash" },
  COMETBFT_OPTION,
];

/** What is said when a node's keys are made, and is in its card from then on. */
export const CARD_NAMES: readonly string[] = [
  "validator",
  "peer-address",
  "witness-url",
  "witness-listen",
  "public-url",
];
/** What is said when the network is known. */
export const FINISH_NAMES: readonly string[] = [
  "listen",
  "consensus-listen",
  "peer",
  "private-peers",
  "sync-from",
  "trust-height",
  "trust-hash",
];

/** Refuses options that say nothing here, so that none is passed over in silence. */
export function refuseOptions(
  { say }: Context,
  input: Input,
  names: readonly string[],
  expected: TextKey,
): void {
  for (const name of names) {
    const got = input.text(name) ?? input.texts(name)[0] ?? (input.flag(name) ? `--${name}` : undefined);
    if (got !== undefined) throw optionMalformed(say, { field: `--${name}`, expected: say(expected), got });
  }
}

/** Refuses the options of a network where one node is to decide alone. */
export function refuseJoinOptions(context: Context, input: Input): void {
  const names = [...CARD_NAMES, ...FINISH_NAMES, "cometbft"];
  const alone = names.filter((name) => name !== "listen" && name !== "public-url");
  refuseOptions(context, input, alone, "error.withEngine.expected");
}
