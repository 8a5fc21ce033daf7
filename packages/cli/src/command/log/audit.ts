import { type AuditReport, auditRegistry } from "@cityroot/node/audit/audit-registry";
import type { CommandDefinition } from "../../command-definition.ts";
import { historyFailure, homeToRead } from "../../registry/home-to-read.ts";

export const command: CommandDefinition = {
  examples: ["cityroot log audit", "cityroot log audit --home registry --json"],
  run: async (context) => {
    const { say, language, colors } = context;
    const home = homeToRead(context);
    const bars = {
      blocks: context.progress(say("audit.blocks"), undefined),
      pages: context.progress(say("audit.pages"), undefined),
    };
    let report: AuditReport;
    try {
      report = await auditRegistry(home, ({ phase, done }) => bars[phase].update(done));
    } catch (error) {
      throw historyFailure(context, error);
    } finally {
      bars.pages.stop();
    }
    const number = (value: number): string => value.toLocaleString(language);
    context.show(report, () => [
      colors.green(say("audit.holds")),
      "",
      ...context.facts([
        [say("audit.log"), report.network],
        [say("audit.height"), number(report.height)],
        [say("audit.transactions"), number(report.transactions)],
        [say("audit.entries"), number(report.entries)],
        [say("audit.versions"), number(report.versions)],
        [say("audit.stateRoot"), report.stateRoot],
        [say("audit.logRoot"), report.logRoot],
      ]),
    ]);
    return undefined;
  },
};
