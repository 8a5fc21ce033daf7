import { CODING_SYSTEMS, systemOf } from "@cityroot/codes/systems/systems";
import { tokenField } from "@cityroot/core/operation/field";
import type { Client } from "@cityroot/sdk/client";
import { getCodingSystems } from "@cityroot/sdk/get-coding-systems";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { readable } from "../terminal/readable.ts";

/** Refuses what is no name of a coding system, with the one whose title it is. */
export function checkSystemName({ say }: Pick<Context, "say">, system: string): void {
  if (tokenField.fromJson(system, "system").ok) return;
  const titled = CODING_SYSTEMS.find(({ id, title }) =>
    [title.zh, title.en.toLowerCase(), id].includes(system.trim().toLowerCase()),
  );
  throw new CommandFailure({
    code: "SYSTEM_MALFORMED",
    exit: "usage",
    detail: say("error.systemName", { system: readable(system) }),
    field: "system",
    expected: say("error.systemName.expected"),
    got: readable(system),
    fix: say(titled === undefined ? "error.systemName.fix" : "error.systemNear.fix", {
      near: titled?.id ?? "",
    }),
  });
}

/**
 * Refuses a name that is most likely mistyped: nobody knows it, and it is one slip away from one that is known. Under it nothing
 * would be checked, and nobody would find what is claimed.
 */
export async function checkSystemMeant(context: Context, client: Client, system: string): Promise<void> {
  const { say } = context;
  checkSystemName(context, system);
  const near = nearSystem(system);
  if (near === undefined) return;
  if ((await knownSystems(context, client)).has(system)) return;
  throw new CommandFailure({
    code: "SYSTEM_UNKNOWN",
    exit: "usage",
    detail: say("error.systemNear", { system, near }),
    field: "system",
    expected: near,
    got: system,
    fix: say("error.systemNear.unchecked", { near }),
  });
}

/** Names of the systems that the registry can check, or that have an authority on its ledger. */
export async function knownSystems(
  { io }: Pick<Context, "io">,
  client: Client,
): Promise<ReadonlySet<string>> {
  const { systems } = await getCodingSystems(client, { signal: io.interrupt });
  return new Set(systems.map(({ system }) => system));
}

/** The coding system that is known here and was probably meant by a name that is none's, or several; undefined where none was. */
export function nearSystem(system: string): string | undefined {
  if (systemOf(system) !== undefined) return undefined;
  const near = CODING_SYSTEMS.filter(({ id }) => isNear(system, id)).map(({ id }) => id);
  const least = Math.min(...near.map((id) => countSlips(system, id)));
  return near.length === 0 ? undefined : near.filter((id) => countSlips(system, id) === least).join(", ");
}

/** Names shorter than this lie so close together that one's own would be taken for slips; longer ones may have two slips. */
const SHORTEST = 4;
const LONG = 8;

function isNear(name: string, id: string): boolean {
  if (id.length < SHORTEST || Math.abs(name.length - id.length) > 2) return false;
  const slips = countSlips(name, id);
  const [own, both] = [name, name + id].map((text) => new Set(text).size);
  const isOfSameLetters = own === both && own === new Set(id).size && name[0] === id[0];
  return slips === 1 || (slips === 2 && (id.length >= LONG || isOfSameLetters));
}

/**
 * How many slips make one text of the other: a letter more, less or other, or two side by side that change places (optimal
 * string alignment).
 */
export function countSlips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, last[j]! + 1, row[j - 1]! + 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
