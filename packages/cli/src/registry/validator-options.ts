import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { decodeBase64 } from "@cityroot/core/log/base64";
import { validatorsField } from "@cityroot/core/operation/validators-field";
import { acceptedOf } from "@cityroot/sdk/error";
import type { ValidatorJson } from "@cityroot/sdk/get-validators";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";
import { malformedFile, readJsonFile } from "./read-json.ts";

/** Options that say which validators a network gets. */
export const VALIDATOR_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--add <validator>", text: "option.addValidator", repeats: true },
  { flags: "--remove <name>", text: "option.removeValidator", repeats: true },
];

/** How much the vote of a validator counts that is added without a power of its own. */
const POWER = 10;

/** Whether anything is said of the validators to be. */
export function saysValidators(input: Input): boolean {
  const said = [...input.texts("add"), ...input.texts("remove")];
  return said.length > 0 || input.optionalArgument("file") !== undefined;
}

/** The whole set that a call asks for: that of the file, else the present one, with what is removed and added. */
export function askedValidators(
  context: Context,
  input: Input,
  present: readonly ValidatorJson[],
): readonly ValidatorJson[] {
  const file = input.optionalArgument("file");
  const validators = new Map(
    (file === undefined ? present : readValidatorsFile(context, file)).map(
      ({ name, publicKey, power }) => [name, { name, publicKey, power }] as const,
    ),
  );
  for (const name of input.texts("remove")) {
    if (!validators.delete(name)) throw unknownValidator(context, name, [...validators.keys()]);
  }
  for (const text of input.texts("add")) {
    const added = validatorOf(context, text);
    validators.set(added.name, added);
  }
  return [...validators.values()];
}

function readValidatorsFile({ io, say }: Context, name: string): readonly ValidatorJson[] {
  const path = pathFrom(io.workingFolder, name);
  const value = readJsonFile(path, "file", say);
  const list: Json | undefined = isJsonObject(value) ? value["validators"] : value;
  if (!Array.isArray(list)) {
    const expected = say("error.validatorsFile.expected");
    throw malformedFile(say, { field: "validators", path, expected, got: JSON.stringify(list ?? null) });
  }
  const validators = acceptedOf(validatorsField.fromJson(list as Json, "validators"));
  return validators.map(({ publicKey, ...rest }) => ({ ...rest, publicKey: bytesToHex(publicKey) }));
}

/** `name:key` or `name:key:power`. */
function validatorOf({ say }: Context, text: string): ValidatorJson {
  const [name = "", key = "", power = `${POWER}`, ...more] = text.split(":");
  const publicKey = keyOf(key);
  if (name === "" || publicKey === undefined || !/^[0-9]{1,10}$/.test(power) || more.length > 0) {
    throw optionMalformed(say, { field: "--add", expected: say("error.validator.expected"), got: text });
  }
  return { name, publicKey, power: Number(power) };
}

/** A key in either of the forms that consensus tools show, as hexadecimal. */
function keyOf(text: string): string | undefined {
  const bytes = /^[0-9a-fA-F]{64}$/.test(text) ? hexToBytes(text) : decodeBase64(text);
  return bytes?.length === 32 ? bytesToHex(bytes) : undefined;
}

function unknownValidator({ say }: Context, name: string, names: readonly string[]): CommandFailure {
  return new CommandFailure({
    code: "VALIDATOR_UNKNOWN",
    exit: "notFound",
    detail: say("error.validatorUnknown", { name }),
    field: "--remove",
    expected: say("error.validatorUnknown.expected", { names: names.join(", ") }),
    got: name,
  });
}
