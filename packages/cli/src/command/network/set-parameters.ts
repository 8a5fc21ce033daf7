import {
  BLOCK_BYTES_MAX_LEAST,
  BLOCK_BYTES_MAX_MOST,
  BLOCK_TRANSACTIONS_MAX_LEAST,
  BLOCK_TRANSACTIONS_MAX_MOST,
  EXPIRY_BLOCKS_MAX,
} from "@cityroot/core/limits";
import { NEWEST_PROTOCOL } from "@cityroot/core/protocol-rules";
import type { ProtocolChange } from "@cityroot/core/state/parameters";
import { getValidators } from "@cityroot/sdk/get-validators";
import { type SetParametersParameters, setParameters } from "@cityroot/sdk/operation";
import { type ProveValidatorsReturnType, proveValidators } from "@cityroot/sdk/prove-validators";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import type { Input } from "../../input.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { connect } from "../../registry/connect.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { type OperationJson, WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  options: [
    { flags: "--block-bytes <count>", text: "option.blockBytes" },
    { flags: "--block-transactions <count>", text: "option.blockTransactions" },
    { flags: "--protocol <version>", text: "option.protocol" },
    { flags: "--from-height <height>", text: "option.fromHeight" },
    { flags: "--keep-protocol", text: "option.keepProtocol" },
    { flags: "--untried", text: "option.untriedProtocol" },
    ...WRITE_OPTIONS,
  ],
  examples: [
    "cityroot network set-parameters",
    "cityroot network set-parameters --block-transactions 2000 --yes",
    "cityroot network set-parameters --protocol 2 --from-height 120000 --sign-only upgrade.json",
    "cityroot network set-parameters --with upgrade.json --holder board.key-2.json --yes",
  ],
  run: async (context, input) => {
    const { say } = context;
    const asked = askedParameters(context, input);
    if (asked === undefined && input.texts("with").length === 0) return showParameters(context);
    return writeOperations(context, input, {
      type: "set-parameters",
      isAsked: asked !== undefined,
      request: async (client) => {
        const { governor } = await getValidators(client, { limit: 1 });
        const about = { code: governor, seat: "at-or-above" } as const;
        const holder = await findHolder(context, input, client, about);
        const { isKept, ...parameters } = asked!;
        const protocol = isKept ? keptProtocol(await proveValidators(client)) : parameters.protocol;
        return { holder, operations: [setParameters({ ...parameters, protocol: protocol ?? null })] };
      },
      check: async (_, operations) => {
        if (input.flag("untried")) return;
        for (const operation of operations) refuseUnknown(context, operation);
      },
      question: (operations) => questionOf(context, operations),
      said: (_, { height }) => say("done.setParameters", { height }),
    });
  },
};

type Asked = SetParametersParameters & {
  /** Whether a version that was to come is called off. */
  readonly isKept: boolean;
};

/** What the options ask for; undefined where they ask for nothing. */
function askedParameters({ say }: Context, input: Input): Asked | undefined {
  const blockBytesMax = input.count("block-bytes", BLOCK_BYTES_MAX_LEAST, BLOCK_BYTES_MAX_MOST) ?? null;
  const [least, most] = [BLOCK_TRANSACTIONS_MAX_LEAST, BLOCK_TRANSACTIONS_MAX_MOST];
  const blockTransactionsMax = input.count("block-transactions", least, most) ?? null;
  const version = input.count("protocol", 1);
  const fromHeight = input.count("from-height", 1);
  const isKept = input.flag("keep-protocol");
  if ((version === undefined) !== (fromHeight === undefined)) {
    const [field, got] = version === undefined ? ["--protocol", fromHeight] : ["--from-height", version];
    throw optionMalformed(say, { field, expected: say("error.fromHeight.expected"), got: `${got}` });
  }
  if (isKept && version !== undefined) {
    const expected = say("error.keepProtocol.expected");
    throw optionMalformed(say, { field: "--protocol", expected, got: `${version}` });
  }
  const protocol = version === undefined ? null : { version, fromHeight: fromHeight! };
  if (blockBytesMax === null && blockTransactionsMax === null && protocol === null && !isKept)
    return undefined;
  return { blockBytesMax, blockTransactionsMax, protocol, isKept };
}

/** The version in force, from a height above all at which the transaction can still enter. */
function keptProtocol({
  parameters,
  height,
}: ProveValidatorsReturnType): SetParametersParameters["protocol"] {
  return { version: parameters.protocol, fromHeight: height + 2 * EXPIRY_BLOCKS_MAX };
}

/** Refuses a version that this program does not know: it may be one that none does, and then every node stops. */
function refuseUnknown({ say }: Context, operation: OperationJson): void {
  const change = operation["protocol"] as ProtocolChange | null;
  if (change === null || change.version <= NEWEST_PROTOCOL) return;
  const { version, fromHeight } = change;
  throw new CommandFailure({
    ...{ code: "PROTOCOL_UNKNOWN", exit: "conflict", field: "--protocol" },
    detail: say("error.protocolUnknown", { version, fromHeight, known: NEWEST_PROTOCOL }),
    ...{ expected: say("error.protocolUnknown.expected", { known: NEWEST_PROTOCOL }), got: `${version}` },
    fix: say("error.protocolUnknown.fix"),
  });
}

function questionOf({ say }: Context, operations: readonly OperationJson[]): string {
  const text = JSON.stringify(operations);
  const change = operations.map((operation) => operation["protocol"] as ProtocolChange | null).find(Boolean);
  return change === undefined || change === null
    ? say("confirm.setParameters", { text })
    : say("confirm.setProtocol", { ...change, text });
}

async function showParameters(context: Context): Promise<undefined> {
  const { say, language } = context;
  const { governor, parameters } = await getValidators(await connect(context), { limit: 1 });
  const { blockBytesMax, blockTransactionsMax, protocol, next } = parameters;
  context.show({ governor, parameters }, () =>
    context.facts([
      [say("validators.governor"), governor],
      [say("parameters.blockBytes"), blockBytesMax.toLocaleString(language)],
      [say("parameters.blockTransactions"), blockTransactionsMax.toLocaleString(language)],
      [say("parameters.protocol"), `${protocol}`],
      [say("parameters.next"), next === null ? say("parameters.none") : say("parameters.nextIs", next)],
    ]),
  );
  return undefined;
}
