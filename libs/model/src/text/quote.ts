/** Characters of a value that a message repeats. */
const QUOTED_CHARACTERS = 40;

/**
 * A value as it may stand in a message: its first 40 characters in double quotes, in printable ASCII (RFC 7591 section 3.2.2),
 * with every other character escaped as in JSON.
 */
export function quote(value: string): string {
  const shortened = value.length > QUOTED_CHARACTERS ? value.slice(0, QUOTED_CHARACTERS) : value;
  const escaped = JSON.stringify(shortened).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return shortened === value ? escaped : `${escaped.slice(0, -1)}..."`;
}

/** A name as it may stand in a message: as it is if it is short and simple, otherwise as `quote` writes it. */
export function printableName(name: string): string {
  return /^[\w.+-]{1,80}$/.test(name) ? name : quote(name);
}
