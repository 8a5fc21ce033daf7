import { rmSync } from "node:fs";
import { join } from "node:path";
import { assert } from "@cityroot/core/assert";
import { type Genesis, genesisToJson, networkOf } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { isPublicUrl } from "@cityroot/node/home/config-field";
import { type ConsensusConfig, isPeer } from "@cityroot/node/home/consensus-config";
import { readHome } from "@cityroot/node/home/home";
import { type HostPort, parseHostPort, printHostPort } from "@cityroot/node/home/host-port";
import {
  alteredCardIn,
  createNetworkHome,
  type NetworkHome,
} from "@cityroot/node/network/create-network-home";
import {
  cardPath,
  hasCard,
  makeCard,
  readCard,
  readRootSeed,
  rootSeedPath,
} from "@cityroot/node/network/make-card";
import type { ValidatorCard } from "@cityroot/node/network/validator-card";
import type { TextJson } from "@cityroot/sdk/attributes-json";
import type { KeySetJson } from "@cityroot/sdk/key-set";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";
import { type HolderFile, holderFileOf, saveHolderFile } from "../registry/holder-file.ts";
import { listenOf, originOf, publicUrlOf } from "../registry/home-options.ts";
import { rootHolderPath } from "../registry/root-genesis.ts";
import { jsonText, writeFileWhole } from "../registry/write-file.ts";
import { askedStateSync } from "./asked-state-sync.ts";
import { askedCometBft } from "./find-cometbft.ts";
import { CARD_NAMES, FINISH_NAMES, refuseOptions } from "./join-options.ts";
import { doubtsOf } from "./network-doubts.ts";
import { type ReadNetwork, readNetwork } from "./network-file.ts";

const WITNESS_PORT = 8788;

/**
 * Makes the home of a node that decides with others, in two steps: the keys and their card before the network is known, the
 * rest when it is. No secret key ever leaves the home.
 */
export async function initNetworkNode(context: Context, input: Input, path: string): Promise<undefined> {
  refuseOptions(context, input, ["network", "prefix", "name"], "error.saidToGenesis.expected");
  const { binary, configured } = await askedCometBft(context, input);
  const genesis = input.text("genesis");
  if (genesis === undefined) {
    refuseOptions(context, input, FINISH_NAMES, "error.withGenesis.expected");
    showCard(context, path, await askedCard(context, input, path, binary));
    return undefined;
  }
  const isSaid = CARD_NAMES.some((name) => input.text(name) !== undefined);
  const card = hasCard(path) && !isSaid ? readCard(path) : await askedCard(context, input, path, binary);
  const network = readNetwork(context, genesis, card.origin);
  refuseAltered(context, path, card, network);
  const consensus = { ...(await askedConsensus(context, input, card, network)), binary: configured };
  const listen = listenOf(context, input.text("listen") ?? "127.0.0.1:8787");
  for (const { code, text, values } of doubtsOf(network.file)) context.warn(code, context.say(text, values));
  const holders = rootHoldersOf(path, card, network);
  for (const holder of holders) saveHolderFile(holder);
  const made = createNetworkHome(path, network.file, { listen, consensus });
  writeFileWhole(join(path, "policy.json"), jsonText(readHome(path).policy));
  // Only when nothing can fail any more: the same key is in the holder's file.
  if (holders.length > 0) rmSync(rootSeedPath(path), { force: true });
  showHome(context, path, { network, made, holders, consensus });
  return undefined;
}

/** Refuses a network that has another card for this node, before anything is written. */
function refuseAltered(
  { say }: Context,
  path: string,
  card: ValidatorCard,
  { file, ...network }: ReadNetwork,
): void {
  const altered = alteredCardIn(card, file.members);
  const { origin } = file;
  if (altered === undefined && origin === card.origin) return;
  throw new CommandFailure({
    code: "CARD_ALTERED",
    exit: "usage",
    detail: say("error.cardAltered", { path: network.path }),
    field: altered === undefined ? "origin" : "members",
    expected:
      altered === undefined ? card.origin : say("error.cardAltered.expected", { path: cardPath(path) }),
    got:
      altered === undefined
        ? origin
        : say("error.cardAltered.got", { shared: altered.shared, differing: altered.differing.join(", ") }),
    fix: say("error.cardAltered.fix"),
  });
}

/** Makes the keys and the card that the options ask for. */
function askedCard(context: Context, input: Input, path: string, binary: string): Promise<ValidatorCard> {
  const { say } = context;
  const name = input.needed("validator");
  if (!/^[a-z0-9-]{1,32}$/.test(name))
    throw optionMalformed(say, {
      ...{ field: "--validator", expected: say("error.validatorName.expected"), got: name },
      fix: "--validator water",
    });
  const origin = originOf(context, input);
  const peerAddress = addressOf(context, "--peer-address", input.needed("peer-address"));
  const witnessAddress = printHostPort({ ...peerAddress, port: WITNESS_PORT });
  const url = input.text("witness-url") ?? `http://${witnessAddress}`;
  if (!isPublicUrl(url)) {
    const expected = say("error.publicUrl.expected");
    throw optionMalformed(say, { field: "--witness-url", expected, got: url });
  }
  const asked = input.text("witness-listen");
  const listen =
    asked === undefined
      ? anyAddress({ ...peerAddress, port: WITNESS_PORT })
      : addressOf(context, "--witness-listen", asked);
  const publicUrl = publicUrlOf(context, input) ?? null;
  return makeCard(path, { binary, name, origin, peerAddress, witness: { url, listen }, url: publicUrl });
}

/** All addresses of this machine of the kind at which others reach it. */
function anyAddress({ host, port }: HostPort): HostPort {
  return { host: host.includes(":") ? "::" : "0.0.0.0", port };
}

/** A host and a port, both of which have to be said. */
function addressOf({ say }: Context, field: string, got: string): HostPort {
  const address = parseHostPort(got);
  if (address !== undefined) return address;
  throw optionMalformed(say, {
    field,
    expected: say("error.hostPort.expected"),
    got,
    fix: `${field} node.water.example:26656`,
  });
}

async function askedConsensus(
  context: Context,
  input: Input,
  card: ValidatorCard,
  network: ReadNetwork,
): Promise<Pick<ConsensusConfig, "listen"> & Partial<ConsensusConfig>> {
  const { say } = context;
  const peers = input.texts("peer");
  for (const peer of peers) {
    if (isPeer(peer)) continue;
    const expected = say("error.peer.expected");
    throw optionMalformed(say, { field: "--peer", expected, got: peer });
  }
  const asked = input.text("consensus-listen");
  const reachedAt = parseHostPort(card.peer.slice(card.peer.indexOf("@") + 1));
  assert(reachedAt !== undefined, "a card names a peer");
  return {
    listen: asked === undefined ? anyAddress(reachedAt) : addressOf(context, "--consensus-listen", asked),
    peers,
    ...(input.flag("private-peers") && { privatePeers: true }),
    stateSync: await askedStateSync(context, input, networkOf(network.file.genesis).id),
  };
}

/** Files of the root prefixes for which this node's organisation signs, alone or with others. */
function rootHoldersOf(
  path: string,
  { rootKey }: ValidatorCard,
  { file }: ReadNetwork,
): readonly HolderFile[] {
  const { roots } = genesisToJson(file.genesis) as unknown as {
    readonly roots: readonly {
      readonly prefix: string;
      readonly holder: { readonly name: TextJson; readonly keys: KeySetJson };
    }[];
  };
  return roots
    .filter(({ holder }) => holder.keys.keys.includes(rootKey))
    .map(({ prefix, holder }) => {
      const seed = bytesToHex(readRootSeed(path));
      return holderFileOf(rootHolderPath(path, prefix), holder.name, [seed], holder.keys);
    });
}

function showCard(context: Context, home: string, card: ValidatorCard): void {
  const { say } = context;
  const path = cardPath(home);
  context.show({ home, card, file: path }, () => [
    say("network.cardMade", { name: card.name, home }),
    ...context
      .facts([
        [say("network.fact.key"), card.publicKey],
        [say("network.fact.peer"), card.peer],
        [say("network.fact.witness"), card.witness.url],
        [say("network.fact.card"), path, context.colors.bold],
      ])
      .map((line) => `  ${line}`),
    say("network.cardSend", { home }),
    "",
    say("network.cardThere"),
    "  npx cityroot network genesis --prefix MA.156 --validator CARD ...",
    say("network.cardHere"),
    `  npx cityroot init --engine cometbft --genesis network.json --home ${home}`,
  ]);
}

type Shown = {
  readonly network: ReadNetwork;
  readonly made: NetworkHome;
  readonly holders: readonly HolderFile[];
  readonly consensus: Partial<ConsensusConfig>;
};

function showHome(context: Context, home: string, { network, made, holders, consensus }: Shown): void {
  const { say, colors } = context;
  const { genesis } = network.file;
  const { id } = networkOf(genesis);
  const isValidator = isValidatorOf(made.card, genesis);
  const trust = consensus.stateSync ?? null;
  const json = { home, network: id, sha256: network.sha256, isValidator, card: made.card };
  context.done({ ...json, holders: holders.map(({ path }) => path), stateSync: trust }, () => [
    say("done.init", { network: id, home }),
    ...seatLines(context, made.card, genesis),
    say("network.compare", { path: network.path }),
    `  ${colors.bold(network.sha256)}`,
    ...(trust === null
      ? []
      : [say("network.compareTrust", { height: trust.trustHeight }), `  ${colors.bold(trust.trustHash)}`]),
    ...holders.map(({ path, keySet: { root } }) =>
      say("network.rootKeys", { path, needed: root.needed, count: root.keys.length }),
    ),
    say("init.policy", { path: join(home, "policy.json") }),
    ...(made.isMember ? [] : strangerLines(context, made.card)),
    ...(genesis.validators === undefined
      ? [say("network.movesUp"), `  npx cityroot log import registry.cityroot --home ${home}`]
      : []),
    say("init.next", { command: `npx cityroot start --home ${home}` }),
  ]);
}

/** Whether a network begins with this node as a validator; undefined where its registry moves up, and its state says it. */
function isValidatorOf({ publicKey }: ValidatorCard, { validators }: Genesis): boolean | undefined {
  return validators?.some((validator) => bytesToHex(validator.publicKey) === publicKey);
}

function seatLines({ say }: Context, card: ValidatorCard, genesis: Genesis): readonly string[] {
  const isValidator = isValidatorOf(card, genesis);
  if (isValidator === undefined) return [];
  const values = { name: card.name, count: genesis.validators!.length };
  return [say(isValidator ? "network.isValidator" : "network.follows", values)];
}

/** What the others are to do for a node whose card they do not have. */
function strangerLines({ say }: Context, { name, publicKey }: ValidatorCard): readonly string[] {
  return [
    say("network.others"),
    "  npx cityroot network add-member CARD",
    say("network.becomes"),
    `  npx cityroot network set-validators --add ${name}:${publicKey}`,
  ];
}
