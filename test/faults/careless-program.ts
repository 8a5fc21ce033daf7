// Loaded before all else, it makes a node one that takes everything into its mempool, passes it on to its peers, and proposes
// it.
import { registerHooks } from "node:module";

const FILE = "/engine/cometbft/application.ts";
const CHECK = "checkTx: async ({ tx, type }) => {";

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(FILE)) return loaded;
    const source = String(loaded.source);
    if (!source.includes(CHECK)) throw new Error(`${FILE} does not hold what is to be changed: ${CHECK}`);
    return { ...loaded, source: source.replace(CHECK, `${CHECK} if (tx.length >= 0) return { code: 0 };`) };
  },
});
