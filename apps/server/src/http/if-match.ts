/**
 * Whether an `If-Match` header permits the change of a version with one of these entity tags. Weak entity tags never match.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#section-13.1.1
 */
export function isMatched(header: string | undefined, tags: readonly string[]): boolean {
  if (header === undefined || header.trim() === '*') return true;
  const named = new Set(header.split(',').map((tag) => tag.trim()));
  return tags.some((tag) => named.has(tag));
}
