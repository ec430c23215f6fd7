/** Scheme, loopback host, port, and the rest of a redirect URI on loopback. */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::(\d{1,5}))?(?=[/?]|$)(.*)$/s;

const LARGEST_PORT = 65_535;

/**
 * Whether the `redirect_uri` of an authorization request is the one that was registered: the same character by character.
 * Only the port of an http URI on loopback may differ, because native applications use any free port.
 *
 * @param options.localhost whether `localhost` counts as loopback, beside the addresses 127.0.0.1 and [::1]; it does unless
 *   this is `false`. RFC 8252 section 8.3 does not recommend it, but many clients in use depend on it.
 * @see https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3
 * @see https://www.rfc-editor.org/rfc/rfc9700.html#section-4.1.3
 */
export function redirectUriMatches(
  registered: string,
  requested: string,
  options: { localhost?: boolean } = {},
): boolean {
  if (registered === requested) return true;
  const [, registeredOrigin, registeredPort, registeredRest] = LOOPBACK.exec(registered) ?? [];
  const [, requestedOrigin, requestedPort, requestedRest] = LOOPBACK.exec(requested) ?? [];
  if (registeredOrigin === undefined || registeredOrigin !== requestedOrigin) return false;
  if (options.localhost === false && registeredOrigin === 'http://localhost') return false;
  return registeredRest === requestedRest && isPort(registeredPort) && isPort(requestedPort);
}

function isPort(port: string | undefined): boolean {
  return port === undefined || (Number(port) > 0 && Number(port) <= LARGEST_PORT);
}
