import type { ResultName } from '@clientele/model/metadata';
import { isExpired } from '../clients/client-lookup.ts';
import type { ClientHead, RegistrationAccessToken } from '../clients/client.ts';
import type { SecretEncryption } from '../crypto/secret-encryption.ts';
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
  const isCurrent = equalHashes(hash, registered?.hash ?? NO_HASH);
  const matches = isPrevious(registered, hash) || isCurrent;
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

/** Whether this is the hash of the previous token, which is still valid. Compares a hash in any case. */
function isPrevious({ previous }: Partial<RegistrationAccessToken> = {}, hash: string): boolean {
  return equalHashes(hash, previous?.hash ?? NO_HASH) && previous !== undefined && Date.now() < previous.until;
}

/** The registration access token of a client after an update, and its stored form. */
interface RotatedToken {
  readonly token: string;
  /** The same object as before if nothing changes. */
  readonly stored: RegistrationAccessToken;
}

/**
 * Replaces the registration access token of a client. The previous token stays valid for the grace period after its first replacement.
 *
 * The next token is derived from the presented one with the key of the server. So all updates with one token return the same next token,
 * which no other update with this token invalidates: concurrent updates, and repeated ones because a response was lost. A token is
 * never derived again after it was replaced, because the token before it is not valid any more then.
 *
 * @param gracePeriod Seconds.
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-5
 */
export function rotate(
  { serviceId, clientId, credentials: { registrationAccessToken: current } }: ClientHead,
  presentedToken: string,
  encryption: SecretEncryption,
  gracePeriod: number,
): RotatedToken {
  const presented = hashToken(presentedToken);
  const derived = encryption.derive('registration access token', JSON.stringify([serviceId, clientId, presentedToken]));
  // Another key may have been the first one when the presented token was replaced.
  const token = derived.find((each) => hashToken(each) === current?.hash) ?? derived[0];
  const hash = hashToken(token);
  const replaced = isPrevious(current, presented)
    ? current?.previous
    : { hash: presented, until: Date.now() + gracePeriod * 1000 };
  const previous = gracePeriod > 0 ? replaced : undefined;
  const isSame = current?.hash === hash && current.previous === previous;
  return { token, stored: isSame ? current : { hash, previous } };
}
