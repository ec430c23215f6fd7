/** Whether a change may replace a version of a client (`If-Match`). */
export type Precondition = (version: number) => boolean;

export const ANY_VERSION: Precondition = () => true;

/**
 * The client has another version than the caller expects.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.1
 */
export class PreconditionFailedError extends Error {
  override readonly name = 'PreconditionFailedError';
}

/** Throws `PreconditionFailedError` unless the change may replace the version. */
export function checkPrecondition(precondition: Precondition, version: number): void {
  if (!precondition(version)) throw new PreconditionFailedError('The client has another version.');
}
