import type { Client } from "@cityroot/sdk/client";
import { getHolder } from "@cityroot/sdk/get-holder";
import { resolve } from "@cityroot/sdk/resolve";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import { holdersFolder } from "./folders.ts";
import { findHolderById, type HolderFile, readHolderFile } from "./holder-file.ts";

/**
 * Who has the say over a code: the holder of the prefix `above` it; of the prefix that it is itself, else of the one
 * above (`at-or-above`); and for a code that was handed over alone, the one that has it. Spec §7.0.
 */
export type Seat = "above" | "at-or-above";

/**
 * Id of the holder that decides over a code, in hexadecimal; undefined where nothing above it was ever delegated. A root
 * prefix decides over itself.
 */
export async function deciderOf(client: Client, code: string, seat: Seat): Promise<string | undefined> {
  const { record, chain, code: canonical } = await resolve(client, code, { follow: false });
  if (record !== null && record.holder !== null) return record.holder;
  const prefixes = chain ?? [];
  const above = prefixes.filter(({ prefix }) => prefix !== canonical);
  return (seat === "above" ? (above.at(-1) ?? prefixes.at(-1)) : prefixes.at(-1))?.holder.id;
}

/** The holder's file to sign with: the one that was named, else the one whose holder decides over the code. */
export async function findHolder(
  context: Context,
  input: Input,
  client: Client,
  about: { readonly code: string; readonly seat: Seat },
): Promise<HolderFile> {
  const named = input.text("holder");
  if (named !== undefined) return withKeys(context, readHolderFile(context, named));
  const id = await deciderOf(client, about.code, about.seat);
  const { say } = context;
  if (id === undefined) {
    throw new CommandFailure({
      code: "PREFIX_UNKNOWN",
      exit: "notFound",
      detail: say("error.noPrefix", { code: about.code }),
      field: "code",
      expected: say("error.noPrefix.expected"),
      got: about.code,
    });
  }
  const file = findHolderById(context, id);
  if (file !== undefined && file.keys.length > 0) return file;
  const name = await getHolder(client, id).then(
    (holder) => Object.values(holder.name)[0] ?? "",
    () => "",
  );
  throw new CommandFailure({
    code: "KEY_MISSING",
    exit: "auth",
    detail: say("error.keyMissing", { code: about.code, name, id }),
    field: "--holder",
    expected: say("error.keyMissing.expected", { id }),
    got: say("error.keyMissing.got", { folder: holdersFolder(context) }),
    fix: say("error.keyMissing.fix"),
  });
}

function withKeys({ say }: Context, file: HolderFile): HolderFile {
  if (file.keys.length > 0) return file;
  throw new CommandFailure({
    code: "KEY_MISSING",
    exit: "auth",
    detail: say("error.publicOnly", { path: file.path }),
    field: "--holder",
    expected: say("error.keyMissing.expected", { id: file.id }),
    got: file.path,
    fix: say("error.keyMissing.fix"),
  });
}
