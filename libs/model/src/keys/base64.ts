const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The six bits of each character by its code, in base64 and in base64url. */
const SIX_BITS = new Uint8Array(128);
for (const alphabet of [`${ALPHABET}+/`, `${ALPHABET}-_`]) {
  for (let value = 0; value < alphabet.length; value += 1) SIX_BITS[alphabet.charCodeAt(value)] = value;
}

/** Eight characters are 48 bits, which a number holds exactly. */
const GROUP = 8;

function sixBitsAt(text: string, index: number): number {
  return SIX_BITS[text.charCodeAt(index)] ?? 0;
}

/** The number of bits of the last character that belong to no byte. */
function unusedBits(text: string): number {
  return (text.length * 6) % 8;
}

/** Whether the characters encode whole bytes and the unused bits of the last one are zero (RFC 4648 section 3.5). */
function isCanonical(text: string): boolean {
  return text.length % 4 !== 1 && (sixBitsAt(text, text.length - 1) & ((1 << unusedBits(text)) - 1)) === 0;
}

/**
 * The problem of a string that should be base64url without padding, of at least one byte.
 * @see https://www.rfc-editor.org/rfc/rfc7515.html#section-2
 */
export function base64urlProblem(text: string): string | undefined {
  if (text === '') return 'is empty; encode at least one byte as base64url.';
  if (/[^\w-]/.test(text)) return 'is not base64url; use only A to Z, a to z, 0 to 9, "-" and "_", without padding.';
  if (text.length % 4 === 1) return 'is cut off, because no base64url text has this length; send the whole text.';
  if (!isCanonical(text)) return 'is not exact base64url; set the unused bits of its last character to zero.';
  return undefined;
}

/**
 * Whether a string is base64 with padding, as certificates are encoded.
 * @see https://www.rfc-editor.org/rfc/rfc4648.html#section-4
 */
export function isPaddedBase64(text: string): boolean {
  const characters = withoutPadding(text);
  return text !== '' && text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(characters) && isCanonical(characters);
}

/** The characters of a base64 text before its padding, of which there are at most two. */
export function withoutPadding(text: string): string {
  if (text.endsWith('==')) return text.slice(0, -2);
  return text.endsWith('=') ? text.slice(0, -1) : text;
}

/** Number of bytes in a text without padding. */
export function byteLength(text: string): number {
  return Math.floor((text.length * 3) / 4);
}

/** One byte of a text without padding. */
export function byteAt(text: string, index: number): number {
  const character = Math.floor((index * 4) / 3);
  const twelveBits = (sixBitsAt(text, character) << 6) | sixBitsAt(text, character + 1);
  return (twelveBits >> (4 - (index * 8 - character * 6))) & 0xff;
}

/** The bytes of a base64url text as one number. The time is quadratic, so callers check the length first. */
export function toInteger(text: string): bigint {
  let integer = 0n;
  for (let start = 0; start < text.length; start += GROUP) {
    const end = Math.min(start + GROUP, text.length);
    let group = 0;
    for (let index = start; index < end; index += 1) group = group * 64 + sixBitsAt(text, index);
    integer = (integer << BigInt(6 * (end - start))) | BigInt(group);
  }
  return integer >> BigInt(unusedBits(text));
}
