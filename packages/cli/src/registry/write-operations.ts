import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { type Operation, type OperationType, operationToJson } from "@cityroot/core/operation/operation";
import { decodeBody } from "@cityroot/core/transaction";
import { buildTransaction } from "@cityroot/sdk/build-transaction";
import type { Client } from "@cityroot/sdk/client";
import { reviewTransaction } from "@cityroot/sdk/review-transaction";
import { signTransaction } from "@cityroot/sdk/sign-transaction";
import { type Committed, submit } from "@cityroot/sdk/submit";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import { chooseSigners } from "./choose-signers.ts";
import { confirm } from "./confirm.ts";
import { connect } from "./connect.ts";
import { findHolderById, type HolderFile, readHolderFile } from "./holder-file.ts";
import { takeUp } from "./take-up.ts";
import {
  type CarriedTransaction,
  mergeTransactions,
  readTransaction,
  saveTransaction,
} from "./transaction-file.ts";

/** Options of every command that changes the registry. */
export const WRITE_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--holder <name>", text: "option.holder" },
  { flags: "--sign-only <file>", text: "option.signOnly" },
  { flags: "--with <file>", text: "option.with", repeats: true },
];

/** Blocks that a transaction which travels from signer to signer may take: days at a bureau's pace. */
const CARRIED_LIFETIME_BLOCKS = 16_000;

/** What a command wants done, and how it says so. */
export type WriteRequest = {
  readonly operations: readonly Operation[];
  /** Whose keys sign. */
  readonly holder: HolderFile;
};

/** A command that writes. */
export type WriteCommand = {
  /** The operation that the command makes: what a file of `--with` may hold. */
  readonly type: OperationType;
  /** Makes the operations from the arguments; not asked where `--with` brings them and no argument stands. */
  readonly request: (client: Client) => Promise<WriteRequest>;
  /** Whether arguments say what to do; if not, a file has to. */
  readonly isAsked: boolean;
  /** Refuses what would be a mistake as the network stands, also when a file brings it. */
  readonly check?: ((client: Client, operations: readonly OperationJson[]) => Promise<void>) | undefined;
  /** Asks before it is done; undefined for what can be taken back. */
  readonly question?: ((operations: readonly OperationJson[]) => string) | undefined;
  /** One line for people when it is done. */
  readonly said: (operations: readonly OperationJson[], committed: Committed) => string;
  /** What is done on this machine once it is durable. */
  readonly afterCommit?: (operations: readonly OperationJson[], holder: HolderFile | undefined) => void;
};

export type OperationJson = { readonly [name: string]: Json };

/** Builds or takes up a transaction, signs it, and submits it or writes it to a file for the next signer. */
export async function writeOperations(
  context: Context,
  input: Input,
  command: WriteCommand,
): Promise<undefined> {
  const { say, io } = context;
  const client = await connect(context);
  const files = input.texts("with").map((path) => readTransaction(pathFrom(io.workingFolder, path), context));
  const signOnly = input.text("sign-only");
  if (files.length === 0 && !command.isAsked) {
    throw new CommandFailure({
      code: "ARGUMENT_MISSING",
      exit: "usage",
      detail: say("error.nothingAsked"),
      field: "arguments",
      expected: say("error.nothingAsked.expected"),
      got: say("error.nothing"),
      fix: say("error.seeHelp"),
    });
  }
  const asked = command.isAsked ? await command.request(client) : undefined;
  const carried = files.length > 0 ? mergeTransactions(files, context) : undefined;
  const holder = asked?.holder ?? holderOf(context, input, carried!);
  const said = asked?.operations.map(operationToJson);
  const review =
    carried &&
    (await takeUp(context, client, carried, {
      ...{ type: command.type, operations: said, holder: holder?.id, signOnly: signOnly !== undefined },
    }));
  const operations = said ?? review!.operations;
  await command.check?.(client, operations);
  // Who is handed a transaction sees all of it: what a command asks in words may leave something out.
  const shown = asked === undefined && say("confirm.transaction", { text: JSON.stringify(review) });
  const questions = [shown, command.question?.(operations)].filter((text) => typeof text === "string");
  if (questions.length > 0) await confirm(context, questions.join(" "));
  const transaction = carried ?? (await build(client, asked!, signOnly !== undefined));
  const signers = holder === undefined ? [] : chooseSigners(holder, [command.type]);
  // Who is handed a transaction to sign it is told that nothing was added.
  if (carried !== undefined && signOnly !== undefined && signers.length === 0) throw noKey(context, holder);
  const isSigned = signers.length > 0 || transaction.signatures.length > 0;
  const signed = isSigned ? await signTransaction(transaction, signers) : undefined;
  if (signOnly !== undefined) {
    const path = pathFrom(io.workingFolder, signOnly);
    const signatures = signed?.signatures ?? [];
    saveTransaction(path, { bodyBytes: transaction.bodyBytes, signatures });
    const { id } = reviewTransaction(transaction.bodyBytes);
    context.done(
      { type: command.type, status: "signed", id, signatures: signatures.length, file: path },
      () => say("done.signed", { path, count: signatures.length }),
    );
    return undefined;
  }
  if (signed === undefined) throw noKey(context, holder);
  const committed = await submit(client, signed, { signal: io.interrupt });
  command.afterCommit?.(operations, holder);
  for (const operation of operations) {
    context.done({ ...operation, status: "committed", ...committed }, () =>
      command.said([operation], committed),
    );
  }
  return undefined;
}

async function build(client: Client, asked: WriteRequest, travels: boolean): Promise<CarriedTransaction> {
  const { bodyBytes } = await buildTransaction(client, {
    holder: asked.holder.id,
    operations: asked.operations,
    ...(travels && { lifetimeBlocks: CARRIED_LIFETIME_BLOCKS }),
  });
  return { bodyBytes, signatures: [] };
}

/** The file of the holder that a transaction is of, where this user has one. */
function holderOf(context: Context, input: Input, { bodyBytes }: CarriedTransaction): HolderFile | undefined {
  const named = input.text("holder");
  if (named !== undefined) return readHolderFile(context, named);
  const body = decodeBody(bodyBytes);
  const id = body.ok ? bytesToHex(body.value.holder) : "";
  return findHolderById(context, id);
}

function noKey({ say }: Context, holder: HolderFile | undefined): CommandFailure {
  return new CommandFailure({
    code: "KEY_MISSING",
    exit: "auth",
    detail: say("error.noSigner"),
    field: "--holder",
    expected: say("error.noSigner.expected"),
    got: holder?.path ?? say("error.nothing"),
    fix: say("error.keyMissing.fix"),
  });
}
