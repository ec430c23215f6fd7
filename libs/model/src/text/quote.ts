/** The most characters of a value that a message repeats. */
const QUOTED_CHARACTERS = 40;

/**
 * A value for a message: its first 40 characters in double quotes. Characters other than printable ASCII are escaped as in JSON
 * (RFC 7591 section 3.2.2).
 */
export function quote(value: string): string {
  const shortened = value.length > QUOTED_CHARACTERS ? value.slice(0, QUOTED_CHARACTERS) : value;
  const escaped = JSON.stringify(shortened).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return shortened === value ? escaped : `${escaped.slice(0, -1)}..."`;
}

/** A name for a message: unchanged if it is short and simple, otherwise quoted. */
export function printableName(name: string): string {
  return /^[\w.+-]{1,80}$/.test(name) ? name : quote(name);
}
