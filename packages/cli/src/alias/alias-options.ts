import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { readValue } from "@cityroot/codes/systems/read-value";
import { systemOf } from "@cityroot/codes/systems/systems";
import { ALIAS_RELATIONS, type AliasRelation } from "@cityroot/core/state/alias";
import { isDay } from "@cityroot/core/state/day";
import type { AliasNameParameters } from "@cityroot/sdk/operation";
import type { ArgumentDefinition, OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";
import { refusePerson } from "./check-person.ts";

/** The arguments that name a legacy code. */
export const LEGACY_ARGUMENTS: readonly ArgumentDefinition[] = [
  { name: "[system]", text: "argument.system" },
  { name: "[value]", text: "argument.legacyValue" },
];

/** The options that name a claim beside its legacy code. */
export const CLAIM_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--target <code>", text: "option.aliasTarget" },
  { flags: "--claimant <prefix>", text: "option.aliasClaimant" },
  { flags: "--relation <relation>", text: "option.aliasRelation", choices: ALIAS_RELATIONS },
  { flags: "--unchecked", text: "option.unchecked" },
];

/** The option that says what somebody rests on. */
export const EVIDENCE_OPTION: OptionDefinition = {
  flags: "--evidence <file|digest>",
  text: "option.evidence",
};

/** A claim as it is asked for, without its claimant, who may follow from the rest. */
export type AskedClaim = Required<Omit<AliasNameParameters, "claimant">>;

/** The claim that arguments and options name. */
export function claimOf(context: Context, input: Input): AskedClaim {
  const system = input.argument("system");
  refusePerson(context, { system, value: input.argument("value") });
  const value = checkedValue(context, { system, value: input.argument("value") }, input.flag("unchecked"));
  const relation = (input.text("relation") as AliasRelation | undefined) ?? "same-as";
  return { system, value, relation, target: input.needed("target") };
}

/** Why a text is no value of its system, for people. */
export type ValueFault = {
  /** The part of the value at fault. */
  readonly field: string;
  readonly expected: string;
  readonly got: string;
  /** The value that was probably meant. */
  readonly meant: string | undefined;
  /** `check`: all is well but the check character, or so it seems. */
  readonly kind: "form" | "value" | "check";
};

/** A legacy code as its system writes it, or what is wrong with it; as it stands where the system is not known here. */
export function canonicalLegacy(
  system: string,
  value: string,
): { readonly value: string } | { readonly fault: ValueFault } {
  const known = systemOf(system);
  if (known === undefined) return { value: value.trim() };
  const read = readValue(known, value);
  if (read.ok) return { value: read.value.canonical };
  const { field, expected, got, meant, kind } = read.fault;
  return { fault: { field, expected, got, meant, kind } };
}

function checkedValue(
  { say }: Context,
  { system, value }: { readonly system: string; readonly value: string },
  isUnchecked: boolean,
): string {
  if (isUnchecked) return value;
  const read = canonicalLegacy(system, value);
  if ("value" in read) return read.value;
  const { expected, got, meant, kind } = read.fault;
  throw new CommandFailure({
    code: "VALUE_MALFORMED",
    exit: "usage",
    detail: say("error.legacyValue", { system }),
    field: "value",
    expected,
    got,
    fix:
      meant === undefined
        ? say("error.legacyValue.fix")
        : say(kind === "check" ? "error.legacyValue.check" : "error.legacyValue.meant", { meant }),
  });
}

/** A day: one as `YYYY-MM-DD`, or the first or last of a year. */
export function dayOf(text: string, end: "first" | "last"): string | undefined {
  const day = /^\d{4}$/.test(text) ? `${text}-${end === "first" ? "01-01" : "12-31"}` : text;
  return isDay(day) ? day : undefined;
}

/** The day that an option names; null where it does not stand. */
export function dayOption(
  { say }: Context,
  input: Input,
  name: string,
  end: "first" | "last",
): string | null {
  const text = input.text(name);
  if (text === undefined) return null;
  const day = dayOf(text, end);
  if (day !== undefined) return day;
  throw optionMalformed(say, { field: `--${name}`, expected: say("error.day.expected"), got: text });
}

const DIGEST = /^[0-9a-fA-F]{64}$/;

/** SHA-256 in hexadecimal: as it stands, or of a file; null where nothing was said. */
export async function evidenceOption({ say, io }: Context, input: Input): Promise<string | null> {
  const text = input.text("evidence");
  if (text === undefined) return null;
  const path = pathFrom(io.workingFolder, text);
  if (existsSync(path) && statSync(path).isFile()) {
    const hash = createHash("sha256");
    for await (const part of createReadStream(path)) hash.update(part as Buffer);
    return hash.digest("hex");
  }
  if (DIGEST.test(text)) return text.toLowerCase();
  throw optionMalformed(say, {
    field: "--evidence",
    expected: say("error.evidenceOption.expected"),
    got: text,
  });
}
