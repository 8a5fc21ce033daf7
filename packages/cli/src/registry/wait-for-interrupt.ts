import type { Io } from "../io.ts";

/** Waits until the user asks to stop. */
export function waitForInterrupt({ interrupt }: Pick<Io, "interrupt">): Promise<void> {
  return new Promise((resolve) => {
    if (interrupt.aborted) resolve();
    else interrupt.addEventListener("abort", () => resolve(), { once: true });
  });
}
