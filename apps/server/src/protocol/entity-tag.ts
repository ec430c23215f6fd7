import { ANY_VERSION, type Precondition } from '../registration/precondition.ts';

/**
 * The strong entity tag of a version of a client.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-8.8.3
 */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * The precondition of an `If-Match` header. Weak entity tags never match.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.1
 */
export function ifMatch(header: string | undefined): Precondition {
  if (header === undefined || header.trim() === '*') return ANY_VERSION;
  const tags = new Set(header.split(',').map((tag) => tag.trim()));
  return (version) => tags.has(entityTag(version));
}
