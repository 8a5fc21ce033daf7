import { readFileSync } from "node:fs";
import { CommanderError } from "commander";
import picocolors from "picocolors";
import { contextOf, wantsColor } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { languageOfArguments, settingsOf } from "./global-options.ts";
import { inputOf } from "./input.ts";
import type { Io } from "./io.ts";
import { problemOf } from "./problem.ts";
import { type Call, createProgram, isHelpShown } from "./program.ts";
import { printable } from "./terminal/printable.ts";
import { sayIn } from "./text/say.ts";
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
    const { title, detail, code, field, expected, got, fix } = problem;
    const isOurs = code === title || error instanceof Error;
    const head = isOurs && title !== say("problem.command") ? `${title}: ${detail}` : detail;
    const lines = [`${colors.red(say("error"))} ${printable(head)}`];
    const part = (name: string, value: string | undefined): void => {
      if (value !== undefined && value !== "") lines.push(`  ${colors.dim(name)} ${printable(value)}`);
    };
    part(say("error.field"), field);
    part(say("error.expected"), expected);
    part(say("error.got"), got);
    part(say("error.fix"), fix);
    part(say("error.code"), code);
    io.err(`${lines.join("\n")}\n`);
    if (io.env["CITYROOT_DEBUG"] && error instanceof Error) io.err(`${error.stack}\n`);
    return EXIT[exit];
  }
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
