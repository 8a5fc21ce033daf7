/** What is being received or waits, and how much more may. */
export type Admission = {
  /** Takes room for a body; undefined where there is none, else what gives the room back, once. */
  readonly enter: (bytes: number) => (() => void) | undefined;
  /**
   * Takes room for a body of at most so many bytes that is arriving: until it is there, for what came of it. Where there is no
   * room, one that comes slowly is given up for it.
   */
  readonly receive: (bytes: number, body: Arriving) => Room | undefined;
  readonly count: () => number;
  readonly bytes: () => number;
};

/** A body that is arriving. */
export type Arriving = {
  /** Bytes that came. */
  readonly received: () => number;
  /** Is called at most once, when its room went to others. */
  readonly giveUp: () => void;
};

/** Room that a request holds. */
export type Room = {
  /** Its body is there: of so many bytes, or of as many as it was said to have. */
  readonly arrived: (bytes?: number) => void;
  /** Gives the room back; can be repeated. */
  readonly leave: () => void;
};

/** What comes with fewer bytes in a second than this makes room for others, if not said otherwise. */
const SLOW_BYTES_S = 65_536;
/** Over how long it is looked how fast a body comes, in milliseconds: over the time before, nobody is asked. */
const PACE_MS = 2_000;
/** How often it is looked whether what arrives has become too much, in milliseconds. */
const SWEEP_MS = 250;

type Held = Arriving & { readonly leave: () => void; readonly pace: Pace };

/** How fast a body came lately. */
type Pace = {
  sinceMs: number;
  bytes: number;
  /** Bytes in a second, from when it was looked first. */
  bytesInS: number | undefined;
};

/** Admits at most so many at a time, of so many bytes together; what arrives slower than `slowBytesS` makes room for others. */
export function openAdmission(
  countMax: number,
  bytesMax: number,
  slowBytesS: number = SLOW_BYTES_S,
): Admission {
  let count = 0;
  let bytes = 0;
  const arriving = new Set<Held>();
  let sweep: NodeJS.Timeout | undefined;
  const heldBytes = (): number => {
    let sum = bytes;
    for (const { received } of arriving) sum += received();
    return sum;
  };
  const hasRoom = (size: number): boolean => {
    const held = count + arriving.size;
    // One body always has room alone, or none of that size would ever get in.
    return held < countMax && (held === 0 || heldBytes() + size <= bytesMax);
  };
  const giveUp = ({ leave, giveUp: tell }: Held): void => {
    leave();
    tell();
  };
  const look = (): void => {
    for (const body of arriving) lookAt(body);
    // Where all began just now, the last to come has to go.
    while (heldBytes() > bytesMax && arriving.size > 1)
      giveUp(slowestOf(arriving)?.body ?? [...arriving].at(-1)!);
  };
  const take = (size: number): (() => void) => {
    count += 1;
    bytes += size;
    return once(() => {
      count -= 1;
      bytes -= size;
    });
  };
  return {
    enter: (size) => (hasRoom(size) ? take(size) : undefined),
    receive: (size, body) => {
      while (!hasRoom(size)) {
        const slowest = slowestOf(arriving);
        if (slowest === undefined || slowest.bytesInS >= slowBytesS) return undefined;
        giveUp(slowest.body);
      }
      let leaveArrived: (() => void) | undefined;
      let isOver = false;
      const end = (): void => {
        arriving.delete(held);
        if (arriving.size > 0) return;
        clearInterval(sweep);
        sweep = undefined;
      };
      const leave = (): void => {
        isOver = true;
        end();
        leaveArrived?.();
      };
      const pace: Pace = { sinceMs: performance.now(), bytes: body.received(), bytesInS: undefined };
      const held: Held = { ...body, leave, pace };
      arriving.add(held);
      sweep ??= setInterval(look, SWEEP_MS).unref();
      return {
        leave,
        arrived: (bytesArrived = size) => {
          if (isOver || leaveArrived !== undefined) return;
          end();
          leaveArrived = take(bytesArrived);
        },
      };
    },
    count: () => count + arriving.size,
    bytes: heldBytes,
  };
}

/** Takes note of how fast a body came since it was looked last. */
function lookAt({ received, pace }: Held): void {
  const nowMs = performance.now();
  if (nowMs - pace.sinceMs < PACE_MS) return;
  const bytes = received();
  pace.bytesInS = (1_000 * (bytes - pace.bytes)) / (nowMs - pace.sinceMs);
  pace.bytes = bytes;
  pace.sinceMs = nowMs;
}

/** The body that came slowest when it was looked last; undefined where none was looked at yet. */
function slowestOf(arriving: Iterable<Held>): { readonly body: Held; readonly bytesInS: number } | undefined {
  let slowest: { readonly body: Held; readonly bytesInS: number } | undefined;
  for (const body of arriving) {
    const { bytesInS } = body.pace;
    if (bytesInS !== undefined && (slowest === undefined || bytesInS < slowest.bytesInS))
      slowest = { body, bytesInS };
  }
  return slowest;
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}
