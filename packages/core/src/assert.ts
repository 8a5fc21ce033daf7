/**
 * Throws when the program itself is wrong. Never use it on input: input that is refused is a value.
 * A node that catches this error stops, rather than commit a doubtful block.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}

/** For the last branch of a switch over a closed union: a new member fails to compile here. */
export function unreachable(value: never): never {
  throw new Error(`invariant broken: unreachable value ${String(value)}`);
}
