import { parseId, type ClientReplacementDto } from '@clientele/model';
import { quote } from '@clientele/model/metadata';
import type { Permission } from '../../access/service.guard.ts';
import { clientUnknown } from '../../clients/client-lookup.ts';
import { canonicalId, type StoredClient } from '../../clients/client.ts';
import { identifierProblem } from '../../clients/identifier-problem.ts';
import { ApiError, unacceptable } from '../../http/api-error.ts';
import type { Routes } from '../../http/routes.ts';

const PARAMETER = ':clientIdentifier';

/**
 * Words that paths of calls have where other calls have an identifier, for example `create` and the `list` of `client/get/list`. They
 * cannot be identifiers.
 */
export function reservedIdentifiers(routes: Routes): ReadonlySet<string> {
  const paths = routes.described.map(({ path }) => path);
  const beginnings = paths.flatMap((path) => (path.includes(PARAMETER) ? path.slice(0, path.indexOf(PARAMETER)) : []));
  return new Set(
    beginnings.flatMap((beginning) =>
      paths.flatMap((path) =>
        path.startsWith(beginning) ? (/^[a-z_]+/.exec(path.slice(beginning.length)) ?? []) : [],
      ),
    ),
  );
}

/** Throws `ApiError` if a client must not get an identifier. */
export function checkIdentifier(identifier: string, reserved: ReadonlySet<string>): void {
  const details =
    identifierProblem(identifier) ?? (reserved.has(identifier) ? 'it is a word in the path of a call.' : undefined);
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
