/**
 * From which block on CometBFT has to keep its own: 0 for all. Ours, with which everything is proven, all stay. It keeps
 * `retainBlocks` at least, and what follows the oldest snapshot, so that a node which took that one finds the rest.
 */
export function retainHeightOf(
  consensusHeight: number,
  retainBlocks: number | null,
  oldestSnapshot: number | undefined,
): number {
  // Without a snapshot a node can only join by taking every block.
  if (retainBlocks === null || oldestSnapshot === undefined) return 0;
  return Math.max(0, Math.min(oldestSnapshot, consensusHeight - retainBlocks + 1));
}
