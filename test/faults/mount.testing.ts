import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

/** Why file systems cannot be mounted here, or null: disks that are full or read-only can be had no other way. */
export const MOUNT_REFUSAL: string | null = tryMount();

if (MOUNT_REFUSAL !== null) console.warn(`Full and read-only disks are not tried: ${MOUNT_REFUSAL}.`);

/** A small file system of its own. */
export type TestDisk = {
  readonly path: string;
  readonly resize: (kib: number) => void;
  readonly makeReadOnly: () => void;
  readonly remove: () => void;
};

/** Mounts a disk in memory that holds so many KiB. */
export function mountDisk(kib: number): TestDisk {
  const path = mkdtempSync(`${tmpdir()}/cityroot-disk-`);
  run("mount", "-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", path);
  return {
    path,
    resize: (size) => run("mount", "-o", `remount,rw,size=${size}k`, path),
    makeReadOnly: () => run("mount", "-o", "remount,ro", path),
    remove: () => {
      run("umount", "-l", path);
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function tryMount(): string | null {
  if (process.platform !== "linux") return "disks in memory are mounted on Linux alone";
  if (process.getuid?.() !== 0) return "only root may mount";
  try {
    mountDisk(64).remove();
    return null;
  } catch (cause) {
    return (cause as Error).message;
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr.trim()}`);
}
