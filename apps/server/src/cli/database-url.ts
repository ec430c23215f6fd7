const REDACTED = '[redacted]';

/** Parameters of a PostgreSQL URL whose values say nothing secret. */
const SHOWN_PARAMETERS = ['sslmode', 'application_name'];

/**
 * A database URL for people: without its password, which some put into a parameter. Where it is not clear what belongs to the
 * password, because of a character in it that should have been encoded, nothing is shown.
 */
export function redactedDatabaseUrl(text: string): string {
  if (text.startsWith('sqlite:')) return text;
  if (!URL.canParse(text)) return REDACTED;
  const { protocol, username, password, host, pathname, search, searchParams, hash } = new URL(text);
  if (hash !== '' || pathname.includes('@') || search.includes('@')) return REDACTED;
  const user = password === '' ? username : `${username}:${REDACTED}`;
  const parameters = Array.from(
    searchParams,
    ([name, value]) => `${name}=${SHOWN_PARAMETERS.includes(name) ? value : REDACTED}`,
  );
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  return `${protocol}//${user === '' ? '' : `${user}@`}${host}${pathname}${query}`;
}
