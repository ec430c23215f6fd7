/** Which versions of a client a change may replace, where the caller says so (`If-Match`). */
export type Precondition = (version: number) => boolean;

export const ANY_VERSION: Precondition = () => true;

/**
 * The client is not in a version that the caller wants to change.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.1
 */
export class PreconditionFailedError extends Error {
  override readonly name = 'PreconditionFailedError';
}

/** Throws `PreconditionFailedError` unless the version may be replaced. */
export function checkPrecondition(precondition: Precondition, version: number): void {
  if (!precondition(version)) throw new PreconditionFailedError('The client is in another version.');
}
