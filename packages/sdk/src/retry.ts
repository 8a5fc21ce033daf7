import { isRegistryError, isTransportError } from "./error.ts";

/** How often and how patiently something that may be repeated is tried. */
export type RetryParameters = {
  /** How often it is tried in all, from 1; 5 when absent. */
  readonly attempts?: number | undefined;
  /** Wait before the second try, in milliseconds, doubled for each one after; 250 when absent. */
  readonly waitMs?: number | undefined;
  /** Ends the waiting early. */
  readonly signal?: AbortSignal | undefined;
};

/** Longest wait before one try, in milliseconds, whatever the server asks for. */
const WAIT_MS_MAX = 30_000;

/**
 * Does something again while the network fails or the server says that it cannot now (503). Anything else that is thrown
 * passes at once. The wait is drawn from its upper half, so that many clients do not come back together.
 */
export async function retry<T>(parameters: RetryParameters, attempt: () => Promise<T>): Promise<T> {
  const { attempts = 5, waitMs = 250, signal } = parameters;
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= attempts || !isPassing(error)) throw error;
      const asked = isTransportError(error) ? (error.retryAfterMs ?? 0) : 0;
      const own = waitMs * 2 ** (tried - 1) * (0.5 + randomPart() / 2);
      await wait(Math.min(Math.max(own, asked), WAIT_MS_MAX), signal);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (isTransportError(error)) return error.failure === "network" || error.status === 503;
  return isRegistryError(error) && error.rejection === "REPLAY_WINDOW_FULL";
}

function randomPart(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;
}

function wait(timeMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, timeMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
