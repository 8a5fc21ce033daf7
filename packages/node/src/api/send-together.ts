/** Sends an answer with the others of its turn of events. */
export type SendTogether = (send: () => void) => void;

/**
 * Gathers the answers of one turn of events, which are sent when all its requests have been read and worked out. Writing
 * to a connection wakes the process at its other end; where that is on this machine, or behind a proxy that is, waking
 * it once for many answers takes half of what waking it for each does. An answer that is alone leaves at once.
 */
export function sendTogether(): SendTogether {
  let waiting: (() => void)[] = [];
  const flush = (): void => {
    const ready = waiting;
    waiting = [];
    for (const send of ready) send();
  };
  return (send) => {
    if (waiting.push(send) === 1) setImmediate(flush);
  };
}
