import { openLogger } from "@cityroot/node/logger";
import {
  type AuditProgress,
  auditPayloads,
  type NodeAudit,
  type PayloadFault,
} from "@cityroot/node/storage/audit-payloads";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT, type ExitCode } from "../../exit-code.ts";
import { Interrupted } from "../../failure.ts";
import type { Input } from "../../input.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { homeToRead } from "../../registry/home-to-read.ts";
import { printable } from "../../terminal/printable.ts";
import { NO_PROGRESS, type Progress } from "../../terminal/progress-bar.ts";
import type { TextKey } from "../../text/say.ts";

/** Faults that are shown to people; with --json there are more. */
const FAULTS_SHOWN = 20;
const MEGABYTE = 1_000_000;

const PHASES: { readonly [phase in AuditProgress["phase"]]: TextKey } = {
  ledger: "storage.phase.ledger",
  check: "storage.phase.check",
  mend: "storage.phase.mend",
  ask: "storage.phase.ask",
  download: "storage.phase.download",
};
const FAULTS: { readonly [standing in PayloadFault["standing"]]: TextKey } = {
  missing: "storage.fault.missing",
  damaged: "storage.fault.damaged",
  unfit: "storage.fault.unfit",
};
const HEADINGS: readonly TextKey[] = [
  "storage.prefix",
  "storage.referred",
  "storage.whole",
  "storage.missing",
  "storage.damaged",
  "storage.unfit",
  "storage.size",
];

export const command: CommandDefinition = {
  options: [
    { flags: "--server <address>", text: "option.storageServer", repeats: true },
    { flags: "--mend", text: "option.storageMend" },
    { flags: "--download", text: "option.storageDownload" },
  ],
  examples: [
    "cityroot storage audit",
    "cityroot storage audit --home registry --mend",
    "cityroot storage audit --server https://node-2.example.cn --download --json",
  ],
  run: async (context, input) => {
    const { io } = context;
    const given = serversOf(context, input);
    // Whoever names nodes alone asks about them, and about no home.
    const home =
      context.home !== undefined || given.length === 0 || input.flag("mend")
        ? homeToRead(context)
        : undefined;
    const servers = [...new Set([...(home?.config.payloads.replicas ?? []), ...given])];
    const bars = openBars(context);
    try {
      const nodes = await auditPayloads({
        ...(home !== undefined && { home }),
        servers,
        mend: input.flag("mend"),
        download: input.flag("download"),
        signal: io.interrupt,
        logger: openLogger("fatal"),
        onProgress: bars.update,
      });
      bars.stop();
      const exit = exitOf(nodes);
      context.show({ isWhole: exit === EXIT.ok, nodes }, () => linesOf(context, nodes));
      return exit;
    } catch (error) {
      if (io.interrupt.aborted) throw new Interrupted();
      throw error;
    } finally {
      bars.stop();
    }
  },
};

function serversOf(context: Context, input: Input): readonly string[] {
  const { say, url } = context;
  const given = [...input.texts("server"), ...(url === undefined ? [] : [url])];
  return given.map((server) => {
    if (URL.canParse(server) && /^https?:$/.test(new URL(server).protocol)) return server.replace(/\/+$/, "");
    throw optionMalformed(say, { field: "--server", expected: say("error.url.expected"), got: server });
  });
}

/** One line of progress at a time: for each phase of each node. */
function openBars(context: Context): {
  readonly update: (at: AuditProgress) => void;
  readonly stop: () => void;
} {
  let name = "";
  let bar: Progress = NO_PROGRESS;
  return {
    update: ({ phase, node, done, total }) => {
      const isBytes = total !== undefined;
      if (name !== `${phase} ${node}`) {
        bar.stop();
        name = `${phase} ${node}`;
        const label = context.say(PHASES[phase], { node });
        bar = context.progress(label, isBytes ? Math.ceil(total / MEGABYTE) : undefined);
      }
      bar.update(isBytes ? Math.floor(done / MEGABYTE) : done);
    },
    stop: () => bar.stop(),
  };
}

/** What is not whole counts most, then who could not be asked. */
function exitOf(nodes: readonly NodeAudit[]): ExitCode {
  if (nodes.some(({ faults }) => faults.length > 0)) return EXIT.verification;
  return nodes.some(({ unreachable }) => unreachable !== null) ? EXIT.unavailable : EXIT.ok;
}

function linesOf(context: Context, nodes: readonly NodeAudit[]): readonly string[] {
  const { say, colors } = context;
  const lines = nodes.flatMap((node) => [...nodeLines(context, node), ""]);
  if (nodes.some(({ checked, unreachable }) => checked === "reported" && unreachable === null))
    lines.push(colors.dim(say("storage.reported")));
  const isEmpty = nodes.every(({ prefixes }) => prefixes.length === 0);
  if (exitOf(nodes) === EXIT.ok && !isEmpty) lines.push(colors.green(say("storage.whole.all")));
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function nodeLines({ say, language, colors, table }: Context, audit: NodeAudit): readonly string[] {
  const { node, unreachable, prefixes, faults, mended } = audit;
  const number = (value: number): string => value.toLocaleString(language);
  const size = (bytes: number): string =>
    (bytes / MEGABYTE).toLocaleString(language, { maximumFractionDigits: 1 });
  if (unreachable !== null) return [colors.yellow(say("storage.unreachable", { node, reason: unreachable }))];
  const rows = prefixes.map((row) => [
    row.prefix,
    ...[row.referred, row.whole, row.missing, row.damaged, row.unfit].map(number),
    size(row.sizeBytes),
  ]);
  const lines = [colors.bold(node)];
  if (rows.length === 0) lines.push(say("storage.none"));
  else
    lines.push(
      ...table(
        HEADINGS.map((heading) => say(heading)),
        rows,
      ),
    );
  if (mended > 0) lines.push(say("storage.mended", { count: number(mended) }));
  for (const { digest, first, standing, detail } of faults.slice(0, FAULTS_SHOWN)) {
    const what = say(FAULTS[standing], { digest, first });
    lines.push(colors.red(detail === "" ? what : `${what}: ${printable(detail)}`));
  }
  if (faults.length > FAULTS_SHOWN)
    lines.push(say("storage.moreFaults", { count: number(faults.length - FAULTS_SHOWN) }));
  return lines;
}
