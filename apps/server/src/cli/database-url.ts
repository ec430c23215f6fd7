import { REDACTED } from '../observability/redaction.ts';

/** Parameters of a PostgreSQL URL whose values are not secret. */
const SHOWN_PARAMETERS = ['sslmode', 'application_name'];

/**
 * A database URL without its password, which can also be a parameter. If an unencoded character hides the end of the password,
 * the whole URL is redacted.
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
