import { isLoopbackRedirect } from './host.ts';
import type { ParsedUri } from './parse-uri.ts';
import { schemeProblem } from './schemes.ts';

/**
 * Whether a redirect URI can only lead to a native application, because it uses a private-use scheme or http on loopback.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252.html#section-7
 */
export function isNative(uri: ParsedUri): boolean {
  return isLoopbackRedirect(uri) || schemeProblem(uri.scheme) === undefined;
}
