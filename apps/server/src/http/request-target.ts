/** The scheme and the authority of a target in absolute form. */
const ORIGIN = /^https?:\/\/[^/?#]*/i;

/** Unreserved characters as percent-encoded characters, except after a `%` whose encoding their digits would complete. */
const ENCODED_UNRESERVED = /(?<!%[\dA-F]?)%(?:3\d|[46][1-9A-F]|[57][\dA]|2[DE]|5F|7E)/gi;

/**
 * The path and the query of a request target, in the form that every reader of it understands alike. A server must accept the absolute
 * form, which names the host once more. Unreserved characters mean the same if they are percent-encoded.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-3.2.2
 * @see https://www.rfc-editor.org/rfc/rfc3986.html#section-6.2.2.2
 */
export function normalizedTarget(target: string): string {
  const origin = ORIGIN.exec(target)?.[0] ?? '';
  const path = target.slice(origin.length).replace(ENCODED_UNRESERVED, decodeURIComponent);
  return origin === '' || path.startsWith('/') ? path : `/${path}`;
}

/**
 * Whether a target has a fragment, which is never sent (RFC 9110 section 7.1). The router would ignore it, and other readers of the
 * target would not.
 */
export function hasFragment(target: string): boolean {
  return target.includes('#');
}
