import { readFileSync } from "node:fs";
import { CommanderError } from "commander";
import picocolors from "picocolors";
import { type Colors, contextOf, wantsColor } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { languageOfArguments, settingsOf } from "./global-options.ts";
import { inputOf } from "./input.ts";
import type { Io } from "./io.ts";
import { type Problem, problemOf } from "./problem.ts";
import { type Call, createProgram, isHelpShown } from "./program.ts";
import { printable } from "./terminal/printable.ts";
import { readable } from "./terminal/readable.ts";
import { type Say, sayIn, type TextKey } from "./text/say.ts";
import { usageFailureOf } from "./usage-failure.ts";

/** Runs one call of the command line, with the arguments after its name, and gives what the process ends with. */
export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  const say = sayIn(languageOfArguments(argv, io));
  const wordsEnd = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const words = argv.slice(0, wordsEnd);
  const asksJson = words.includes("--json");
  const color = words.includes("--no-color") ? false : words.includes("--color") ? true : undefined;
  const colors = picocolors.createColors(wantsColor(io, color) && !asksJson);
  try {
    if (argv[0] === "complete") {
      const { completeWords } = await import("./complete-words.ts");
      const completions = await completeWords(argv.slice(argv[1] === "--" ? 2 : 1), say);
      io.out(completions.map(({ value, description }) => `${value}\t${description}\n`).join(""));
      return EXIT.ok;
    }
    const call = await parse(argv, { say, out: io.out, bold: colors.bold });
    if (call === undefined) return EXIT.ok;
    const settings = settingsOf(call.parsed.options, io);
    const context = contextOf(io, settings, say);
    return (await call.definition.run(context, inputOf(call.parsed, say))) ?? EXIT.ok;
  } catch (error) {
    const { exit, ...problem } = problemOf(error, say);
    if (asksJson) {
      io.err(`${JSON.stringify(problem)}\n`);
      return EXIT[exit];
    }
    // Whoever interrupts knows it; what comes of it, the command has told.
    if (exit === "interrupted") return EXIT.interrupted;
    io.err(problemLines(problem, colors, say).join(""));
    if (io.env["CITYROOT_DEBUG"] && error instanceof Error) io.err(`${error.stack}\n`);
    return EXIT[exit];
  }
}

/** An error for people: what is wrong, then field, expectation, what came and the fix, as far as they are known. */
function problemLines(problem: Omit<Problem, "exit">, colors: Colors, say: Say): readonly string[] {
  const { title, detail, code, field, expected, got, fix } = problem;
  const head = readable(title === say("problem.command") ? detail : `${title}: ${detail}`);
  const parts: readonly (readonly [TextKey, string | undefined])[] = [
    ["error.field", field],
    ["error.expected", expected],
    ["error.got", got === undefined ? undefined : readable(got)],
    ["error.fix", fix],
    ["error.code", code],
  ];
  const known = parts.filter(([, value]) => value !== undefined && value !== "");
  return [
    `${colors.red(say("error"))} ${printable(head)}\n`,
    ...known.map(([name, value]) => `  ${colors.dim(say(name))} ${printable(value!)}\n`),
  ];
}

/** The call that the arguments make; undefined when help or the version was shown. */
async function parse(
  argv: readonly string[],
  voice: Pick<Parameters<typeof createProgram>[0], "say" | "out" | "bold">,
): Promise<Call | undefined> {
  let call: Call | undefined;
  const program = createProgram({
    ...voice,
    version: readVersion(),
    onCall: (made) => {
      call = made;
    },
  });
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : [...argv], { from: "user" });
    return call;
  } catch (error) {
    if (isHelpShown(error)) return undefined;
    if (error instanceof CommanderError) throw usageFailureOf(error, voice.say);
    throw error;
  }
}

function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
