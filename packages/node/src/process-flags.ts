/**
 * What a process of this node is started with by another: how Node.js finds our packages in a clone, and room for what
 * a block or an answer leaves behind, which is then dropped without having been copied, and seldom searched for.
 */
export const PROCESS_FLAGS: readonly string[] = [
  "--max-semi-space-size=64",
  "--initial-old-space-size=256",
  ...(import.meta.url.endsWith(".ts") ? ["--conditions=source"] : []),
];
