import { LARGEST_PORT } from './authority.ts';
import { isLoopbackRedirectHost } from './host.ts';

/** Host, port, and the rest of an http URI. Upper case does not match, because redirect URIs are compared character by character. */
const HTTP_URI = /^http:\/\/([a-z\d.]+|\[::1\])(?::(\d{1,5}))?(?=[/?]|$)(.*)$/s;

/**
 * Whether the `redirect_uri` of an authorization request equals a registered one, compared character by character. Only the port
 * of an http URI on loopback may differ, because native applications use any free port.
 *
 * @param options.localhost whether `localhost` counts as loopback like 127.0.0.1 and [::1]; the default is true. RFC 8252
 *   section 8.3 does not recommend it, but many existing clients depend on it.
 * @see https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.3
 */
export function redirectUriMatches(
  registered: string,
  requested: string,
  options: { localhost?: boolean } = {},
): boolean {
  if (registered === requested) return true;
  const [, registeredHost, registeredPort, registeredRest] = HTTP_URI.exec(registered) ?? [];
  const [, requestedHost, requestedPort, requestedRest] = HTTP_URI.exec(requested) ?? [];
  if (registeredHost === undefined || registeredHost !== requestedHost || !isLoopbackRedirectHost(registeredHost))
    return false;
  if (options.localhost === false && registeredHost === 'localhost') return false;
  return registeredRest === requestedRest && isPort(registeredPort) && isPort(requestedPort);
}

function isPort(port: string | undefined): boolean {
  return port === undefined || (Number(port) > 0 && Number(port) <= LARGEST_PORT);
}
