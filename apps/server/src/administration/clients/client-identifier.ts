import { parseId, type ClientReplacementDto } from '@clientele/model';
import { quote } from '@clientele/model/metadata';
import type { Permission } from '../../access/service.guard.ts';
import { clientUnknown } from '../../clients/client-lookup.ts';
import { canonicalId, type StoredClient } from '../../clients/client.ts';
import { identifierProblem } from '../../clients/identifier-problem.ts';
import { ApiError, unacceptable } from '../../http/api-error.ts';

/** Throws `ApiError` if a client must not get an identifier. */
export function checkIdentifier(identifier: string): void {
  const details = identifierProblem(identifier);
  if (details !== undefined) throw new ApiError(400, 'identifierInvalid', { identifier: quote(identifier), details });
}

/** Throws `ApiError` if `put` must not replace the client, or must not create one if there is none. */
export function checkPut(
  identifier: string,
  current: StoredClient | undefined,
  { clientIdAlias }: ClientReplacementDto,
  permits: Permission,
): void {
  if (current !== undefined) {
    checkAddress(identifier, current, clientIdAlias);
    return;
  }
  if (parseId(identifier) !== undefined) throw clientUnknown(identifier);
  if (!permits('CREATE_CLIENT')) throw new ApiError(403, 'accessRightMissing', { right: 'CREATE_CLIENT' });
}

/**
 * Throws `ApiError` if a request changes the alias by which it addresses the client, because a repeated request must find the same
 * client.
 */
export function checkAddress(identifier: string, client: StoredClient, requested = identifier): void {
  if (identifier === requested || identifier === String(client.clientId) || identifier === canonicalId(client)) return;
  throw unacceptable(
    `clientIdAlias must be ${quote(identifier)}, because the request addresses the client by this alias. ` +
      `Address it by ${quote(canonicalId(client))} to change the alias.`,
  );
}
