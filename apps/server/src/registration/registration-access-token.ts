import type { ResultName } from '@clientele/model/metadata';
import { isExpired } from '../clients/client-lookup.ts';
import type { ClientHead, RegistrationAccessToken } from '../clients/client.ts';
import { equalHashes, hashToken, newToken } from '../crypto/token.ts';
import { RegistrationError } from '../http/registration-error.ts';

/** Is compared if there is no client, so that the comparison takes the same time. */
const NO_HASH = hashToken(newToken());

/**
 * Issues a registration access token of 256 random bits. Only its hash is stored.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-5
 */
export function issueRegistrationAccessToken(): { readonly token: string; readonly hash: string } {
  const token = newToken();
  return { token, hash: hashToken(token) };
}

/**
 * Returns the client if the registration access token is its own. Throws `RegistrationError` otherwise. An unknown client, the token of
 * another client and a wrong token lead to the same response in the same time (RFC 7592 section 2.1).
 *
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-3
 */
export function authenticate<Found extends ClientHead>(client: Found | undefined, token: string): Found {
  if (token === '') throw invalidToken('registrationAccessTokenMissing');
  const hash = hashToken(token);
  const registered = client?.credentials.registrationAccessToken;
  const matches = equalHashes(hash, registered?.hash ?? NO_HASH) || isPrevious(registered, hash);
  if (client === undefined) throw invalidToken('registrationAccessTokenWrong');
  // A client that did not register dynamically has no token.
  if ((matches || registered === undefined) && client.provenance.source !== 'dynamic')
    throw invalidToken('clientNotDynamic');
  if (!matches || isExpired(client)) throw invalidToken('registrationAccessTokenWrong');
  if (client.administration.locked === true) throw invalidToken('clientLocked');
  return client;
}

/** The registration access token is not valid for this client. The client application does not learn the reason. */
function invalidToken(result: ResultName): RegistrationError {
  return RegistrationError.of('invalid_token', result, {
    description: 'The registration access token is not valid for this client.',
  });
}

/** Whether this is the hash of the previous token, which is still valid. */
function isPrevious({ previous }: Partial<RegistrationAccessToken> = {}, hash: string): boolean {
  return previous !== undefined && Date.now() < previous.until && equalHashes(hash, previous.hash);
}

/**
 * The new token of a client. The previous token stays valid for the grace period after its first replacement. A client that repeats
 * the update, because the response was lost, does not extend the period.
 *
 * @param gracePeriod Seconds.
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-5
 */
export function rotate(
  { credentials: { registrationAccessToken: current } }: ClientHead,
  presentedToken: string,
  newHash: string,
  gracePeriod: number,
): RegistrationAccessToken {
  const presented = hashToken(presentedToken);
  const previous = isPrevious(current, presented)
    ? current?.previous
    : { hash: presented, until: Date.now() + gracePeriod * 1000 };
  return { hash: newHash, previous: gracePeriod > 0 ? previous : undefined };
}
