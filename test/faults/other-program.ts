// Loaded before all else, it makes a node one that runs another program: it works the time of one block out otherwise, and
// so comes to another state from there on. CITYROOT_OTHER_FROM is the height.
import { registerHooks } from "node:module";

const HEIGHT = Number(process.env["CITYROOT_OTHER_FROM"] ?? 6);
const FILE = "/engine/cometbft/block-executor.ts";
const TIME = "timeMs: Math.max(block.timeMs, newest.timeMs + 1)";

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(FILE)) return loaded;
    const source = String(loaded.source);
    if (!source.includes(TIME)) throw new Error(`${FILE} does not hold what is to be changed: ${TIME}`);
    return { ...loaded, source: source.replace(TIME, `${TIME} + (newest.height === ${HEIGHT - 1} ? 1 : 0)`) };
  },
});
