/** What the command line is connected to: the process, or a test. */
export type Io = {
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** Asks at the terminal and gives the line. */
  readonly ask: (question: string) => Promise<string>;
  readonly isOutTerminal: boolean;
  readonly isErrTerminal: boolean;
  readonly isInTerminal: boolean;
  /** Columns of the terminal, 80 where there is none. */
  readonly columns: number;
  readonly env: { readonly [name: string]: string | undefined };
  readonly workingFolder: string;
  /** Ends when the user interrupts. */
  readonly interrupt: AbortSignal;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
};
