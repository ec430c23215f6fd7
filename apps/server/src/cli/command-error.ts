/** A command failed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Ctrl-C ended the command before its work was done. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** The command line is not valid. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
