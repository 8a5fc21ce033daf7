import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { printable } from "../terminal/printable.ts";

/**
 * Asks before something that cannot be taken back; where nobody can be asked, `--yes` has to say so. What is asked may come
 * from strangers.
 */
export async function confirm(context: Context, asked: string): Promise<void> {
  const question = printable(asked);
  const { yes, input, io, say } = context;
  if (yes) return;
  if (!input) {
    throw new CommandFailure({
      code: "CONFIRMATION_NEEDED",
      exit: "usage",
      detail: question,
      field: "--yes",
      expected: "--yes",
      got: say("error.nothing"),
      fix: say("error.confirm.fix"),
    });
  }
  const answer = await io.ask(`${question} ${say("confirm.hint")} `);
  if (say("confirm.yes").split(",").includes(answer.trim().toLowerCase())) return;
  throw new CommandFailure({ code: "NOT_CONFIRMED", exit: "failure", detail: say("error.notConfirmed") });
}
