import { isShortKeyName } from "@cityroot/core/log/note";
import { isPublicUrl } from "@cityroot/node/home/config-field";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";

/** The name of the log, judged before anything is written. */
export function originOf({ say }: Context, input: Input): string {
  const got = input.needed("origin");
  if (isShortKeyName(got)) return got;
  const expected = say("error.origin.expected");
  throw optionMalformed(say, { field: "--origin", expected, got, fix: "--origin registry.example/hebei" });
}

/** The refusal to make a registry where one is. */
export function homeExists({ say }: Context, path: string): CommandFailure {
  return new CommandFailure({
    code: "HOME_EXISTS",
    exit: "conflict",
    detail: say("error.homeExists", { path }),
    field: "--home",
    expected: say("error.homeExists.expected"),
    got: path,
    fix: say("error.homeExists.fix"),
  });
}

/** Host and port of an address to listen on, from the option that is named. */
export function listenOf(
  { say }: Context,
  text: string,
  option: { readonly field: string; readonly fix: string } = LISTEN,
): { readonly host: string; readonly port: number } {
  const match = /^(?:(.*):)?([0-9]{1,5})$/.exec(text);
  const host = match?.[1]?.replace(/^\[(.*)\]$/, "$1") || "127.0.0.1";
  const port = Number(match?.[2]);
  if (match !== null && port <= 65_535) return { host, port };
  const expected = say("error.listen.expected");
  throw optionMalformed(say, { ...option, expected, got: text });
}

const LISTEN = { field: "--listen", fix: "--listen 127.0.0.1:8787" } as const;

/** Where the registry is to be reached from outside, if that is said. */
export function publicUrlOf({ say }: Context, input: Input): string | undefined {
  const got = input.text("public-url");
  if (got === undefined || isPublicUrl(got)) return got;
  const expected = say("error.publicUrl.expected");
  throw optionMalformed(say, {
    field: "--public-url",
    expected,
    got,
    fix: "--public-url https://id.example.cn",
  });
}
