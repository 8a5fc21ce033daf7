import type { AliasMeaning } from "@cityroot/core/state/alias-meaning";
import { EXIT, type ExitCode } from "../exit-code.ts";

/** What the process ends with where all claims about a legacy code come to this. */
export function exitOfMeaning({ kind }: AliasMeaning): ExitCode {
  if (kind === "one") return EXIT.ok;
  return kind === "conflict" ? EXIT.conflict : EXIT.notFound;
}
