import { allFits, textIdentificationToJson } from "@cityroot/codes/carrier/carried-json";
import { identifyValue } from "@cityroot/core/identify-value";
import { foundLines } from "../../alias/alias-lines.ts";
import { identifiedAliases } from "../../alias/identified-aliases.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import { EXIT } from "../../exit-code.ts";
import { CommandFailure } from "../../failure.ts";
import { divisionLines, divisionsOf } from "../../identification/divisions.ts";
import { identificationLines } from "../../identification/identification-lines.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<value>", text: "argument.value" }],
  options: [
    { flags: "--year <year>", text: "option.divisionYear" },
    { flags: "--aliases", text: "option.identifyAliases" },
  ],
  examples: [
    "cityroot code identify 91350100M000100Y43",
    'cityroot code identify "5513 8508-2"',
    "cityroot code identify 110103 --year 1995",
    "cityroot code identify MA.156.1301 --json",
    "cityroot code identify 130102 --aliases",
    'cityroot code identify "(01)09521234543213(21)12345"',
    "cityroot code identify https://doi.org/10.1000/182",
  ],
  run: async (context, input) => {
    const { say } = context;
    const value = input.argument("value");
    const thisYear = new Date().getUTCFullYear();
    const identified = identifyValue(value, thisYear);
    if (!identified.ok) {
      throw new CommandFailure({
        code: identified.rejection.name,
        exit: "denied",
        detail: say("identify.person"),
        field: "value",
        expected: say("identify.person.expected"),
        got: say("identify.person.got"),
        fix: say("identify.person.fix"),
      });
    }
    const found = textIdentificationToJson(identified.value);
    const year = input.count("year", YEAR_MIN, YEAR_MAX) ?? thisYear;
    const divisions = divisionsOf(allFits(found), year);
    const day = `${input.text("year") ?? ""}`.padStart(4, "0");
    const aliases = input.flag("aliases")
      ? await identifiedAliases(context, found, input.text("year") === undefined ? undefined : `${day}-12-31`)
      : undefined;
    const shown = {
      ...found,
      ...(divisions.length > 0 && { divisions }),
      ...(aliases !== undefined && { aliases }),
    };
    context.show(shown, () => [
      ...identificationLines(context, value, found),
      ...divisions.flatMap((division) => ["", ...divisionLines(context, division)]),
      ...(aliases ?? []).flatMap((one) => ["", ...foundLines(context, one)]),
    ]);
    return allFits(found).length > 0 ? EXIT.ok : EXIT.notFound;
  },
};

const YEAR_MIN = 1949;
const YEAR_MAX = 9999;
