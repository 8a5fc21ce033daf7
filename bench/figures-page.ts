import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { type Figure, tableOf } from "./figure.ts";

/** The machine that figures are taken on, in words. */
export function machineText(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${cpu?.model.trim() ?? "unknown"}), ${memory} GiB, Node ${process.versions.node}`;
}

/** A page of figures: how it is made, where it was taken, the table, and what there is to say of it. */
export function pageOfFigures(page: {
  readonly title: string;
  readonly command: string;
  /** More about where it was taken, such as where the load came from. */
  readonly taken?: string;
  readonly figures: readonly Figure[];
  readonly notes: string;
}): string {
  const { title, command, taken = "", figures, notes } = page;
  return `# ${title}

Made by \`${command}\`. Taken on ${machineText()}${taken}. Medians; the machine is a shared virtual one, so read
differences below a fifth as noise.

${tableOf(figures)}

${notes}
`;
}

/** Writes a page into `docs/figures`. */
export function writePage(name: string, page: string): void {
  writeFileSync(fileURLToPath(new URL(`../docs/figures/${name}`, import.meta.url)), page);
}
