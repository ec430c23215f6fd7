/** What a command says to the shell (docs/operations.md). */
export const EXIT_CODE = {
  done: 0,
  failed: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** Nothing went wrong, and something is left to do: `migrate up`. */
  pending: 3,
} as const;
