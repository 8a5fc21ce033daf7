import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";
import type { Say } from "../text/say.ts";

/** Refuses options that are for legacy codes alone. */
export function refuseWithoutSystem(say: Say, input: Input, names: readonly string[]): void {
  refuseAny(say, input, names, say("error.needsSystem"));
}

/** Refuses options that are for uniform codes alone. */
export function refuseWithSystem(say: Say, input: Input, names: readonly string[]): void {
  refuseAny(say, input, names, say("error.notWithSystem"));
}

/** Refuses what names a legacy code a second time. */
export function refuseWithSystemTwice(say: Say, input: Input): void {
  refuseAny(say, input, ["system", "value"], say("error.systemTwice"));
}

function refuseAny(say: Say, input: Input, names: readonly string[], expected: string): void {
  const name = names.find((one) => input.text(one) !== undefined || input.flag(one) || input.isOff(one));
  if (name === undefined) return;
  const field = input.isOff(name) ? `--no-${name}` : `--${name}`;
  throw optionMalformed(say, { field, expected, got: input.text(name) ?? field });
}
