import type { Service } from '../services/service.ts';
import type { ClientHead } from './client.ts';

/** The members of a client that identify its version. */
export type TaggedClient = Pick<ClientHead, 'clientId' | 'version' | 'modifiedAt'>;

/** Whether a change may replace a version of a client (`If-Match`). */
export type Precondition = (client: TaggedClient, service: Service) => boolean;

export const ANY_VERSION: Precondition = () => true;

/**
 * The client has another version than the caller expects.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.1
 */
export class PreconditionFailedError extends Error {
  override readonly name = 'PreconditionFailedError';

  constructor(message = 'The client has another version: it was changed meanwhile. Get it again.') {
    super(message);
  }
}

/** Throws `PreconditionFailedError` unless the change may replace the version. */
export function checkPrecondition(precondition: Precondition, client: TaggedClient, service: Service): void {
  if (!precondition(client, service)) throw new PreconditionFailedError();
}
