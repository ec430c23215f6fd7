/** Exit codes of commands (docs/operations.md). */
export const EXIT_CODE = {
  done: 0,
  failed: 1,
  /** The command line is not valid. */
  usage: 2,
  /** No failure, but work remains: migrations are pending, or a dry run found differences. */
  pending: 3,
} as const;
