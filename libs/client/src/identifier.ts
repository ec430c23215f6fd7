/**
 * Identifies a client: its number or a string of its decimal digits, the `client_id` under which it was created, or its alias.
 */
export type ClientIdentifier = number | string;

/**
 * Tags a template of a path: each identifier becomes one percent-encoded segment.
 *
 * @throws {TypeError} if an identifier is a number that is not a positive integer below 2^53, or if it is empty, `.` or `..`,
 * which `fetch` would remove from the path even if it were encoded.
 */
export function path(texts: TemplateStringsArray, ...identifiers: ClientIdentifier[]): string {
  return String.raw({ raw: texts }, ...identifiers.map(segment));
}

/** @throws {TypeError} if the identifier is a number that is not a positive integer below 2^53. */
export function identifierText(identifier: ClientIdentifier): string {
  if (typeof identifier === 'number' && !(Number.isSafeInteger(identifier) && identifier > 0)) {
    throw new TypeError('An identifier that is a number must be a positive integer below 2^53.');
  }
  return String(identifier);
}

function segment(identifier: ClientIdentifier): string {
  const text = identifierText(identifier);
  if (/^\.{0,2}$/.test(text)) throw new TypeError("An identifier in a path must not be empty, '.' or '..'.");
  return encodeURIComponent(text);
}
