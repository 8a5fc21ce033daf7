import { encodeSeal } from "../block.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { verifyInclusion } from "./inclusion.ts";
import { leafHash } from "./tree.ts";

/**
 * Whether the last leaf of the checkpoint's tree is the seal of its height, time and state root, so that the tree itself
 * vouches for them. Spec §8.3.2. The path, from the leaf to the root, may come from anyone. A log of size 0 has no seal.
 */
export function isSealed(checkpoint: Checkpoint, path: readonly Uint8Array[]): boolean {
  const { size, logRoot } = checkpoint;
  return verifyInclusion(leafHash(encodeSeal(checkpoint)), { index: size - 1, size, path }, logRoot);
}
