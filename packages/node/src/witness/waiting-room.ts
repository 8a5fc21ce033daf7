/** Those who wait for a height. */
export type WaitingRoom = {
  /** Lets those go who wait for at most this height. */
  readonly reach: (height: number) => void;
  /**
   * Waits for a height, at most `timeoutMs`. After one waited in vain, nobody waits until a height is reached: what does
   * not come costs one wait, and not one for each who asks.
   */
  readonly wait: (height: number, timeoutMs: number) => Promise<void>;
  /** Lets everyone go. */
  readonly close: () => void;
};

type Waiting = { readonly height: number; readonly leave: () => void };

/** Opens a room in which nobody waits. */
export function openWaitingRoom(): WaitingRoom {
  const waiting = new Set<Waiting>();
  let reached = -1;
  let isVain = false;
  return {
    reach: (height) => {
      reached = Math.max(reached, height);
      isVain = false;
      for (const one of waiting) if (one.height <= reached) one.leave();
    },
    wait: (height, timeoutMs) => {
      if (height <= reached || isVain || timeoutMs === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          isVain = true;
          one.leave();
        }, timeoutMs);
        const one: Waiting = {
          height,
          leave: () => {
            clearTimeout(timer);
            waiting.delete(one);
            resolve();
          },
        };
        waiting.add(one);
      });
    },
    close: () => {
      isVain = true;
      for (const one of waiting) one.leave();
    },
  };
}
