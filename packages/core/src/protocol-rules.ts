import { applyOperation, roleOfOperation } from "./operation/operation.ts";

/**
 * By what operations are decided on: the one place where versions of the protocol differ. A new version is a new entry
 * of {@link RULES}; the entries before it stay as they are, since every node that replays a history needs them.
 */
export type ProtocolRules = {
  /** Whose threshold an operation takes. */
  readonly roleOf: typeof roleOfOperation;
  /** Decides on an operation and writes what it changes. */
  readonly apply: typeof applyOperation;
};

const RULES: ReadonlyMap<number, ProtocolRules> = new Map([
  [1, { roleOf: roleOfOperation, apply: applyOperation }],
]);

/** Newest version of the protocol that this program knows. */
export const NEWEST_PROTOCOL: number = Math.max(...RULES.keys());

/** Thrown where a network goes on under a version of the protocol that this program does not know. */
export class ProtocolVersionError extends Error {
  override readonly name = "ProtocolVersionError";
}

/** Finds the rules of a version, which decides on a height: see {@link rulesOf}. */
export type FindRules = (version: number, height: number) => ProtocolRules;

/** The rules of a version. Throws {@link ProtocolVersionError} for one that this program does not know. */
export function rulesOf(version: number, height: number): ProtocolRules {
  const rules = RULES.get(version);
  if (rules !== undefined) return rules;
  throw new ProtocolVersionError(
    `from height ${height} on the network needs version ${version} of the protocol, and this program knows versions up to ${NEWEST_PROTOCOL}: install one that knows version ${version}, and start it again`,
  );
}
