/** A command failed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** The command line is not valid. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
