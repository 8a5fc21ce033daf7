import { type CometProcess, type CometProcessOptions, startCometProcess } from "./comet-process.ts";

/** How a CometBFT process is run that is started again when something kills it. */
export type KeptCometOptions = Omit<CometProcessOptions, "onEnd"> & {
  /** Is told each time it was killed and is started again: what it held in memory is lost. */
  readonly onFall: (reason: string) => void;
  /** Is told once when it ends for good without having been asked to: see `CometProcessOptions.onEnd`. */
  readonly onEnd: (reason: string) => void;
};

/** So many falls, one soon after the other, are taken for the last. */
const FALLS_MAX = 5;
/** What ran for so long before it fell is not counted with the falls before, in milliseconds. */
const STEADY_MS = 60_000;
/** The first fall is mended at once; after each further one it is waited so much longer, in milliseconds. */
const PAUSE_MS = 500;

/**
 * Starts CometBFT, and starts it again when it ends by a signal that was not ours, as from a system that is short of
 * memory: it finds by itself where the application stands, and goes on. What ends in another way would end so again.
 */
export function keepCometProcess(options: KeptCometOptions): Pick<CometProcess, "close"> {
  let falls = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const start = (): CometProcess => {
    const startedMs = performance.now();
    return startCometProcess({
      ...options,
      onEnd: (reason, isKilled) => {
        falls = performance.now() - startedMs < STEADY_MS ? falls + 1 : 1;
        if (isKilled && falls <= FALLS_MAX) fall(reason);
        else options.onEnd(isKilled ? `${reason}, for the time ${falls} in a row` : reason);
      },
    });
  };
  let current = start();
  const fall = (reason: string): void => {
    options.onFall(reason);
    timer = setTimeout(
      () => {
        if (!isClosed) current = start();
      },
      (falls - 1) * PAUSE_MS,
    );
  };
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await current.close();
    },
  };
}
