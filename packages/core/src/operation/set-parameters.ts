import type { CborValue } from "../cbor.ts";
import { isJsonObject, type Json } from "../json.ts";
import {
  BLOCK_BYTES_MAX_LEAST,
  BLOCK_BYTES_MAX_MOST,
  BLOCK_TRANSACTIONS_MAX_LEAST,
  BLOCK_TRANSACTIONS_MAX_MOST,
} from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { firstVersion, nextVersion } from "../state/history.ts";
import { PARAMETERS_KEY } from "../state/key.ts";
import {
  decodeParameters,
  encodeParameters,
  type Parameters,
  type ProtocolChange,
  protocolAt,
  readParameters,
} from "../state/parameters.ts";
import type { ApplyContext } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import { checkNames, countField, type Field, nullableField, rejectField } from "./field.ts";
import { authoriseGovernor } from "./governor.ts";

/** Changes what all nodes of the network keep to. Spec §7.15. What is null stays as it is. */
export type SetParameters = {
  readonly blockBytesMax: number | null;
  readonly blockTransactionsMax: number | null;
  /** The next version of the protocol with its first height; the version in force calls off one that was to come. */
  readonly protocol: ProtocolChange | null;
};

/** A whole number within bounds. Refusals: OPERATION_MALFORMED, PARAMETERS_MALFORMED. */
function boundedField(min: number, max: number): Field<number> {
  const check = (count: Outcome<number>, path: string): Outcome<number> => {
    if (!count.ok || (count.value >= min && count.value <= max)) return count;
    return rejectField(path, `${min} to ${max}`, count.value, "PARAMETERS_MALFORMED");
  };
  return {
    ...countField,
    fromCbor: (value, path) => check(countField.fromCbor(value, path), path),
    fromJson: (value, path) => check(countField.fromJson(value, path), path),
  };
}

const protocolField: Field<ProtocolChange> = {
  fromCbor: (value, path) => {
    if (!Array.isArray(value) || value.length !== 2)
      return rejectField(path, "[version, from height]", value);
    const [version, fromHeight] = value as CborValue[];
    return changeOf(
      countField.fromCbor(version, `${path}.version`),
      countField.fromCbor(fromHeight, `${path}.fromHeight`),
    );
  },
  toCbor: ({ version, fromHeight }) => [version, fromHeight],
  fromJson: (value, path) => {
    if (!isJsonObject(value)) return rejectField(path, "an object with version, fromHeight", value);
    const known = checkNames(value, ["version", "fromHeight"], path);
    if (!known.ok) return known;
    const { version, fromHeight } = value as { readonly [name: string]: Json | undefined };
    return changeOf(
      countField.fromJson(version, `${path}.version`),
      countField.fromJson(fromHeight, `${path}.fromHeight`),
    );
  },
  toJson: ({ version, fromHeight }) => ({ version, fromHeight }),
};

function changeOf(version: Outcome<number>, fromHeight: Outcome<number>): Outcome<ProtocolChange> {
  if (!version.ok) return version;
  return fromHeight.ok ? accept({ version: version.value, fromHeight: fromHeight.value }) : fromHeight;
}

export const setParameters: OperationDefinition<SetParameters> = {
  number: 15,
  fields: {
    blockBytesMax: nullableField(boundedField(BLOCK_BYTES_MAX_LEAST, BLOCK_BYTES_MAX_MOST)),
    blockTransactionsMax: nullableField(
      boundedField(BLOCK_TRANSACTIONS_MAX_LEAST, BLOCK_TRANSACTIONS_MAX_MOST),
    ),
    protocol: nullableField(protocolField),
  },
  roleOf: () => accept("root"),
  apply: (operation, context) => {
    const authority = authoriseGovernor(context);
    if (!authority.ok) return authority;
    const { blockBytesMax, blockTransactionsMax, protocol } = operation;
    if (blockBytesMax === null && blockTransactionsMax === null && protocol === null) {
      return rejectField("parameters", "at least one that is set", "none", "PARAMETERS_MALFORMED");
    }
    const { height } = context.block;
    const now = readParameters(context.state);
    const inForce = protocolAt(now, height);
    const known = protocol === null ? accept(undefined) : checkChange(protocol, inForce, height);
    if (!known.ok) return known;
    const coming = inForce === now.protocol ? now.next : null;
    const asked = protocol?.version === inForce ? null : protocol;
    write(context, {
      blockBytesMax: blockBytesMax ?? now.blockBytesMax,
      blockTransactionsMax: blockTransactionsMax ?? now.blockTransactionsMax,
      protocol: inForce,
      next: protocol === null ? coming : asked,
    });
    return accept(undefined);
  },
};

/** Versions follow one another, each from a height that no block has yet. */
function checkChange(
  { version, fromHeight }: ProtocolChange,
  inForce: number,
  height: number,
): Outcome<void> {
  if (version !== inForce && version !== inForce + 1) {
    const expected = `${inForce + 1}, or ${inForce} to call off a change`;
    return rejectField("protocol.version", expected, version, "PROTOCOL_VERSION_WRONG");
  }
  if (fromHeight > height) return accept(undefined);
  return reject("PROTOCOL_HEIGHT_PAST", `protocol.fromHeight: this is block ${height} already`, {
    field: "protocol.fromHeight",
    expected: `at least ${height + 1}`,
    got: `${fromHeight}`,
    fix: "name a height that all members reach with the new program",
  });
}

function write({ state, block }: ApplyContext, parameters: Parameters): void {
  const before = state.get(PARAMETERS_KEY);
  const known = before === undefined ? undefined : decodeParameters(before);
  const version =
    before === undefined || known === undefined ? firstVersion(block) : nextVersion(known, before, block);
  state.set(PARAMETERS_KEY, encodeParameters({ ...version, ...parameters }));
}
