import type { Operation, OperationType } from "@cityroot/core/operation/operation";
import type { Client } from "@cityroot/sdk/client";
import type { Context } from "../context.ts";
import type { Input } from "../input.ts";
import type { TextKey } from "../text/say.ts";
import { findHolder } from "./find-holder.ts";
import { type OperationJson, writeOperations } from "./write-operations.ts";

/** One operation, and the code by which its holder is found. */
export type CodeOperation = {
  readonly code: string;
  readonly operation: Operation;
  /** What has to be done before it is signed, when its holder is known. */
  readonly prepare?: () => Promise<void>;
};

/** A command that writes one operation about codes that one holder decides over. */
export type CodeCommand = {
  readonly type: OperationType;
  /** The argument that says what to do. */
  readonly argument: string;
  /** Which prefix decides: the one above the code, or already the code itself where it is one. */
  readonly seat: "above" | "at-or-above";
  /** Makes the operation of that argument, and of the options. */
  readonly make: (argument: string, client: Client) => Promise<CodeOperation>;
  /** Asks before it is done; absent for what can be taken back. */
  readonly question?: TextKey;
  /** Says that it is done. Both texts may name the operation's fields. */
  readonly said: TextKey;
};

/** Makes the operation of a command, finds who decides over it, and signs and submits it. */
export function writeCode(context: Context, input: Input, command: CodeCommand): Promise<undefined> {
  const { say, language } = context;
  const { type, argument, question } = command;
  return writeOperations(context, input, {
    type,
    isAsked: input.optionalArgument(argument) !== undefined,
    request: async (client) => {
      const { code, operation, prepare } = await command.make(input.argument(argument), client);
      const holder = await findHolder(context, input, client, { code, seat: command.seat });
      await prepare?.();
      return { holder, operations: [operation] };
    },
    question:
      question &&
      ((operations) => operations.map((each) => say(question, valuesOf(each, language))).join(" ")),
    said: ([operation], { height }) => say(command.said, { ...valuesOf(operation!, language), height }),
  });
}

/** The fields of an operation that a text can name. */
function valuesOf(operation: OperationJson, language: string): { readonly [name: string]: string } {
  const values: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(operation)) {
    if (typeof value === "string") values[name] = value;
    else if (typeof value === "number") values[name] = value.toLocaleString(language);
  }
  return values;
}
