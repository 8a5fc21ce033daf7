import type { CommandDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CHECKS, type Check, type Finding } from "../doctor/checks.ts";
import { EXIT } from "../exit-code.ts";
import { printable } from "../terminal/printable.ts";
import { padTo, widthOf } from "../terminal/text-width.ts";
import type { TextKey } from "../text/say.ts";

export const command: CommandDefinition = {
  examples: ["cityroot doctor", "cityroot doctor --home registry --json"],
  run: async (context) => {
    const found: Finding[] = [];
    for (const check of CHECKS) {
      for (const finding of await runCheck(context, check)) {
        found.push(finding);
        context.show(finding, () => linesOf(context, finding));
      }
    }
    return found.some(({ level }) => level === "fail") ? EXIT.failure : EXIT.ok;
  },
};

async function runCheck(context: Context, check: Check): Promise<readonly Finding[]> {
  try {
    const checked = await check.run(context);
    const list = Array.isArray(checked)
      ? (checked as readonly Omit<Finding, "check">[])
      : [checked as Omit<Finding, "check">];
    return list.map((finding) => ({ check: check.name, ...finding }));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [{ check: check.name, level: "fail", detail, fix: context.say("doctor.seeDetail") }];
  }
}

function linesOf(context: Context, { check, level, detail, fix }: Finding): readonly string[] {
  const { say, colors } = context;
  const color = { ok: colors.green, warn: colors.yellow, fail: colors.red }[level];
  const names = CHECKS.map(({ name }) => say(`doctor.check.${name}` as TextKey));
  const name = padTo(say(`doctor.check.${check}` as TextKey), Math.max(...names.map(widthOf)));
  const head = `${color(say(`doctor.${level}`))} ${colors.dim(name)}  ${printable(detail)}`;
  return fix === undefined ? [head] : [head, `     ${colors.dim(say("error.fix"))} ${fix}`];
}
