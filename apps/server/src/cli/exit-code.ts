/** Exit codes of commands (docs/operations.md). */
export const EXIT_CODE = {
  done: 0,
  failed: 1,
  /** The command line is not valid. */
  usage: 2,
  /** No failure, but work remains: migrations are pending, or a dry run found differences. */
  pending: 3,
  /** Ctrl-C ended the command between two changes: 128 and the number of SIGINT, as shells count. */
  interrupted: 130,
} as const;
