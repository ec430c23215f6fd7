import { equalSecrets, hashToken, newToken } from '../token.ts';
import type { StoredClient } from '../store/client-store.ts';
import { invalidToken } from './registration-error.ts';

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
export function authenticate(client: StoredClient | undefined, token: string): StoredClient {
  if (token === '') throw invalidToken('A215305');
  const matches = equalSecrets(hashToken(token), client?.registrationAccessTokenHash ?? NO_HASH);
  if (client?.properties.dynamicallyRegistered === false) throw invalidToken('A215303');
  if (client === undefined || !matches) throw invalidToken('A215307');
  if (client.properties.locked === true) throw invalidToken('A215308');
  return client;
}
