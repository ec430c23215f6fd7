/** The scheme and the authority of a target in absolute form. */
const ORIGIN = /^https?:\/\/[^/?#]*/i;

/**
 * The path and the query of a request target. A server must accept the absolute form, which names the host once more.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2.2
 */
export function withoutOrigin(target: string): string {
  const origin = ORIGIN.exec(target)?.[0] ?? '';
  const path = target.slice(origin.length);
  return origin === '' || path.startsWith('/') ? path : `/${path}`;
}

/**
 * Whether a target has a fragment, which is never sent (RFC 9110 section 7.1). The router would ignore it, and other readers of the
 * target would not.
 */
export function hasFragment(target: string): boolean {
  return target.includes('#');
}
