import { isOutage } from '@clientele/client';
import { errors } from 'oidc-provider';

/**
 * The registry cannot respond now, and no copy of the client is fresh enough. The application receives HTTP 503 with
 * `temporarily_unavailable`, so it repeats its request; `invalid_client` would tell it to register again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1
 */
export class RegistryUnavailableError extends errors.OIDCProviderError {
  constructor(cause: unknown) {
    super(503, 'temporarily_unavailable', { cause });
    this.error_description = 'the client registry is not available; repeat the request later';
    // Otherwise oidc-provider replaces every error with a status of 500 or above by server_error.
    this.expose = true;
  }
}

/** The client has a member that oidc-provider can use only with the secret in the clear, which the registry does not reveal. */
export class UnsupportedClientError extends errors.InvalidClientMetadata {
  constructor(member: string, value: string) {
    super(
      `${member} is ${value}, which needs the client secret in the clear; ` +
        'register the client with private_key_jwt and asymmetric algorithms',
    );
  }
}

/** The error to throw to oidc-provider. It responds with `server_error` to errors that are no outage, for example HTTP 401. */
export function toProviderError(error: unknown): unknown {
  return isOutage(error) ? new RegistryUnavailableError(error) : error;
}
