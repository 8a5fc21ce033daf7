import type { ExitName } from "./exit-code.ts";

/** What a {@link CommandFailure} is made of. All texts are in the user's language. */
export type FailureDetails = {
  /** Stable name, as in a problem's `code`. */
  readonly code: string;
  readonly exit: ExitName;
  /** One sentence for people. */
  readonly detail: string;
  readonly field?: string | undefined;
  readonly expected?: string | undefined;
  readonly got?: string | undefined;
  readonly fix?: string | undefined;
};

/** A command cannot do what it was asked: says why in the user's words, and what to do. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly details: FailureDetails;

  constructor(details: FailureDetails, options?: ErrorOptions) {
    super(details.detail, options);
    this.details = details;
  }
}

/** Thrown when the user interrupted. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
