import { equalHashes, hashToken, newToken } from '../crypto/token.ts';
import type { ClientHead, FoundHead } from '../clients/client.ts';
import { invalidToken } from '../http/registration-error.ts';

/** Stands in for the hash of a client that is not there, so that the comparison takes as long. */
const NO_HASH = hashToken(newToken());

/**
 * A new registration access token: 256 random bits, of which only the hash is kept.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-5
 */
export function issueRegistrationAccessToken(): { readonly token: string; readonly hash: string } {
  const token = newToken();
  return { token, hash: hashToken(token) };
}

/**
 * The client, if the registration access token presented for it is its own. A client that is not there, another client's
 * token and a wrong token are answered alike, and take as long, so that nothing can be learned by trying (RFC 7592
 * section 2.1: the same 401 for an invalid token and for a client that does not exist).
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-3
 */
export function authenticate<Found extends FoundHead>(client: Found | undefined, token: string): Found {
  if (token === '') throw invalidToken('registrationAccessTokenMissing');
  const hash = hashToken(token);
  const matches = equalHashes(hash, client?.registrationAccessTokenHash ?? NO_HASH) || isPrevious(client, hash);
  // Its standing may be in its document, and to open that takes longer for a client that is there than for one that is not.
  if (client === undefined || !(matches || hasNoToken(client))) throw invalidToken('registrationAccessTokenWrong');
  if (!client.standing.dynamicallyRegistered) throw invalidToken('clientNotDynamic');
  if (!matches) throw invalidToken('registrationAccessTokenWrong');
  if (client.standing.locked === true) throw invalidToken('clientLocked');
  return client;
}

/** Clients that were not registered dynamically have none. */
function hasNoToken({ registrationAccessTokenHash }: ClientHead): boolean {
  return registrationAccessTokenHash === undefined;
}

/** Whether this is the hash of the token that the client had before, and that still counts. */
function isPrevious({ previousToken }: Pick<ClientHead, 'previousToken'> = {}, hash: string): boolean {
  return previousToken !== undefined && Date.now() < previousToken.until && equalHashes(hash, previousToken.hash);
}

/**
 * The tokens of a client that gets a new one. The one before still counts for the grace period, from the first time that it is
 * replaced: whoever tries again, since the answer was lost, gains no time by that.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-5
 */
export function rotate(
  client: ClientHead,
  presentedToken: string,
  newHash: string,
  gracePeriod: number,
): Pick<ClientHead, 'registrationAccessTokenHash' | 'previousToken'> {
  const presented = hashToken(presentedToken);
  const previousToken = isPrevious(client, presented)
    ? client.previousToken
    : { hash: presented, until: Date.now() + gracePeriod * 1000 };
  return { registrationAccessTokenHash: newHash, previousToken: gracePeriod > 0 ? previousToken : undefined };
}
