import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Genesis, genesisFromJson } from "@cityroot/core/genesis";
import { isNetworkFile, type NetworkFile, readNetworkFile } from "@cityroot/node/network/network-file";
import { readValidatorCard, type ValidatorCard } from "@cityroot/node/network/validator-card";
import { acceptedOf } from "@cityroot/sdk/error";
import type { Context } from "../context.ts";
import { pathFrom } from "../global-options.ts";
import { malformedFile, readJsonFile } from "../registry/read-json.ts";

/** A file that a node begins with, and its digest, which the organisations compare. */
export type ReadNetwork = { readonly path: string; readonly file: NetworkFile; readonly sha256: string };

/**
 * Reads what a network begins with: the file that `network genesis` wrote, or a genesis alone, which names no members; its
 * log is then the one that the node's keys are of.
 */
export function readNetwork({ io, say }: Context, name: string, origin: string): ReadNetwork {
  const path = pathFrom(io.workingFolder, name);
  const json = readJsonFile(path, "--genesis", say);
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (!isNetworkFile(json)) {
    const genesis: Genesis = acceptedOf(genesisFromJson(json));
    if (genesis.validators === undefined) {
      const expected = say("error.noValidators.expected");
      throw malformedFile(say, { field: "validators", path, expected, got: say("error.nothing") });
    }
    return { path, file: { origin, quorum: 0, members: [], genesis }, sha256 };
  }
  const read = readNetworkFile(json);
  if (!read.ok) throw malformedFile(say, { ...read.fault, path });
  return { path, file: read.value, sha256 };
}

/** Reads the card of a validator. */
export function readCardFile({ io, say }: Context, name: string, field = "--validator"): ValidatorCard {
  const path = pathFrom(io.workingFolder, name);
  const card = readValidatorCard(readJsonFile(path, field, say));
  if (card.ok) return card.value;
  throw malformedFile(say, { ...card.fault, path });
}
