import { checkNoPerson } from "@cityroot/core/operation/alias-field";
import type { LegacyCode } from "@cityroot/core/state/alias";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";

/** Refuses a number of a person before anything of it leaves this machine. */
export function refusePerson({ say }: Context, legacy: LegacyCode): void {
  const firewall = checkNoPerson(legacy);
  if (firewall.ok) return;
  throw new CommandFailure({
    code: firewall.rejection.name,
    exit: "denied",
    detail: say("identify.person"),
    field: "value",
    expected: say("identify.person.expected"),
    got: say("identify.person.got"),
    fix: say("identify.person.fix"),
  });
}
