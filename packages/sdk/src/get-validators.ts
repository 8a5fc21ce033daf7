import type { Json } from "@cityroot/core/json";
import { MISBEHAVIOUR_KINDS, type MisbehaviourKind } from "@cityroot/core/state/misbehaviour";
import {
  countAt,
  eachAt,
  hexAt,
  memberOf,
  objectAt,
  orNull,
  type Place,
  requestJson,
  textAt,
  wordAt,
} from "./answer.ts";
import type { Client } from "./client.ts";
import type { Moment } from "./resolution.ts";
import { momentAt } from "./resolve-unverified.ts";

/** A validator as operations name it. */
export type ValidatorJson = {
  /** 1 to 32 lower case letters, digits and hyphens; each validator has another. */
  readonly name: string;
  /** Ed25519 key of its votes, in hexadecimal. */
  readonly publicKey: string;
  /** How much its vote counts, 1 to 1,000,000,000. */
  readonly power: number;
};

/** What a consensus showed a validator to have done. Spec §5.17. */
export type ReportedMisbehaviour = {
  readonly kind: MisbehaviourKind;
  /** Name that the validator had when this was recorded; null where it was none any more. */
  readonly validator: string | null;
  /** What the consensus names it by, in hexadecimal. */
  readonly address: string;
  /** How much its vote counted then, and all votes together. */
  readonly power: number;
  readonly totalPower: number;
  /** Height of the consensus at which it happened, which is not one of the ledger, and its time, RFC 3339. */
  readonly height: number;
  readonly time: string;
  /** The block of the ledger that recorded it. */
  readonly recorded: Moment;
};

/** See {@link getValidators}. */
export type GetValidatorsParameters = {
  /** Only misbehaviour that blocks below this height recorded. */
  readonly before?: number;
  /** How many misbehaviours at most, 1 to 1,000; the server's choice when absent. Those of a block come whole. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
};

/** Who decides, and what they did. */
export type GetValidatorsReturnType = {
  readonly asOf: Moment;
  /** The prefix whose holder decides over the network. */
  readonly governor: string;
  /** None where one node decides alone. `address` is what the consensus names the validator by. */
  readonly validators: readonly (ValidatorJson & { readonly address: string })[];
  /** Since when these are the validators; null where there are none. */
  readonly since: Moment | null;
  readonly parameters: {
    readonly blockBytesMax: number;
    readonly blockTransactionsMax: number;
    /** Version of the protocol that decides on the next block. */
    readonly protocol: number;
    /** The version that was set to follow it; null where none was. */
    readonly next: { readonly version: number; readonly fromHeight: number } | null;
    /** Since when; null where they were never set. */
    readonly since: Moment | null;
  };
  /** Newest first. */
  readonly misbehaviour: readonly ReportedMisbehaviour[];
  /** The next part's `before`; null at the end. */
  readonly next: number | null;
};

/**
 * Who decides on the network's blocks and over the network, its parameters, and what its validators were shown to have
 * done. As the server reports it; not proven. Throws {@link RegistryError}, {@link TransportError}.
 *
 * @example
 * const { validators, misbehaviour } = await getValidators(client);
 */
export async function getValidators(
  client: Client,
  parameters: GetValidatorsParameters = {},
): Promise<GetValidatorsReturnType> {
  const { before, limit, signal } = parameters;
  const { json, place } = await requestJson(client, {
    path: "v1/network/validators",
    query: { before, limit },
    ...(signal !== undefined && { signal }),
  });
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  return {
    asOf: momentAt(...at("asOf")),
    governor: textAt(...at("governor")),
    validators: eachAt(...at("validators"), validatorOf),
    since: orNull(...at("since"), momentAt),
    parameters: parametersOf(...at("parameters")),
    misbehaviour: eachAt(...at("misbehaviour"), misbehaviourOf),
    next: orNull(...at("next"), countAt),
  };
}

function validatorOf(value: Json | undefined, place: Place): GetValidatorsReturnType["validators"][number] {
  const json = objectAt(value, place);
  return {
    name: textAt(...memberOf(json, "name", place)),
    publicKey: hexAt(...memberOf(json, "publicKey", place)),
    address: hexAt(...memberOf(json, "address", place)),
    power: countAt(...memberOf(json, "power", place)),
  };
}

function parametersOf(value: Json | undefined, place: Place): GetValidatorsReturnType["parameters"] {
  const json = objectAt(value, place);
  return {
    blockBytesMax: countAt(...memberOf(json, "blockBytesMax", place)),
    blockTransactionsMax: countAt(...memberOf(json, "blockTransactionsMax", place)),
    protocol: countAt(...memberOf(json, "protocol", place)),
    next: orNull(...memberOf(json, "next", place), (change, at) => {
      const object = objectAt(change, at);
      return {
        version: countAt(...memberOf(object, "version", at)),
        fromHeight: countAt(...memberOf(object, "fromHeight", at)),
      };
    }),
    since: orNull(...memberOf(json, "since", place), momentAt),
  };
}

function misbehaviourOf(value: Json | undefined, place: Place): ReportedMisbehaviour {
  const json = objectAt(value, place);
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  return {
    kind: wordAt(...at("kind"), MISBEHAVIOUR_KINDS),
    validator: orNull(...at("validator"), textAt),
    address: hexAt(...at("address")),
    power: countAt(...at("power")),
    totalPower: countAt(...at("totalPower")),
    height: countAt(...at("height")),
    time: textAt(...at("time")),
    recorded: momentAt(...at("recorded")),
  };
}
