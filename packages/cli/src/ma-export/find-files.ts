import { type Dirent, existsSync, readdirSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";

/** What a file of an export is by its name. */
export type FileKind = "answer" | "list" | "archive" | "folder" | "other";

/** Pipes and devices need never end; what stands in a folder as one is passed over like a file of another kind. */
function isFile(path: string): boolean {
  return statSync(path).isFile();
}

/** A file that somebody exported. */
export type ExportFile = {
  readonly path: string;
  /** Its name without the folder, as findings and results show it. */
  readonly name: string;
  readonly kind: FileKind;
};

/** Most files of one export. */
export const FILES_MAX = 10_000;

/**
 * The files that were named, and those right in the folders that were named, in the order of their names so that every
 * run sees the same. Names that begin with "." are passed over. Gives the path that is not there, where one is not.
 */
export function findFiles(
  paths: readonly string[],
): { readonly files: readonly ExportFile[] } | { readonly missing: string } {
  const files: ExportFile[] = [];
  for (const path of paths) {
    if (!existsSync(path)) return { missing: path };
    if (!statSync(path).isDirectory()) {
      files.push({ path, name: basename(path), kind: isFile(path) ? kindOf(path) : "other" });
      continue;
    }
    const entries = readdirSync(path, { withFileTypes: true }).filter(({ name }) => !name.startsWith("."));
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) files.push(fileOf(path, entry));
  }
  return { files };
}

function fileOf(folder: string, entry: Dirent): ExportFile {
  const path = join(folder, entry.name);
  const isFolder = statSync(path).isDirectory();
  const kind = isFolder ? "folder" : isFile(path) ? kindOf(entry.name) : "other";
  return { path, name: entry.name, kind };
}

function kindOf(name: string): FileKind {
  switch (extname(name).toLowerCase()) {
    case ".json":
      return "answer";
    case ".txt":
      return "list";
    case ".zip":
    case ".rar":
    case ".7z":
      return "archive";
    default:
      return "other";
  }
}
