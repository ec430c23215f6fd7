/** Exit codes of commands (docs/operations.md). */
export const EXIT_CODE = {
  done: 0,
  failed: 1,
  /** The command line is not valid. */
  usage: 2,
  /** Migrations are pending. */
  pending: 3,
} as const;
