import { stat } from "node:fs/promises";
import { namesIn, pathsOf, removePayload } from "./payload-folder.ts";

type Kept = { readonly name: string; readonly sizeBytes: number; readonly usedMs: number };

/**
 * Takes payloads out of a folder until the rest has at most so many bytes: those used longest ago first, of those that
 * are elsewhere too. The one used last stays. Who reads one meanwhile reads it to its end.
 */
export async function evictPayloads(
  folder: string,
  bytesMax: number,
  isElsewhere: (name: string) => boolean,
): Promise<void> {
  const kept: Kept[] = [];
  let sum = 0;
  for (const name of namesIn(folder, ".items")) {
    const found = await sizeOf(folder, name);
    if (found === undefined) continue;
    kept.push(found);
    sum += found.sizeBytes;
  }
  if (sum <= bytesMax) return;
  kept.sort((a, b) => a.usedMs - b.usedMs);
  for (const { name, sizeBytes } of kept.slice(0, -1)) {
    if (sum <= bytesMax) return;
    // What is nowhere else is no copy.
    if (!isElsewhere(name)) continue;
    await removePayload(folder, name);
    sum -= sizeBytes;
  }
}

async function sizeOf(folder: string, name: string): Promise<Kept | undefined> {
  const { items, index } = pathsOf(folder, name);
  try {
    const [itemsStat, indexStat] = await Promise.all([stat(items), stat(index)]);
    return { name, sizeBytes: itemsStat.size + indexStat.size, usedMs: itemsStat.mtimeMs };
  } catch {
    // Somebody else took it away just now, or its index is gone: whoever checks it will say so.
    return undefined;
  }
}
