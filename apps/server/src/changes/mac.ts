import { createHmac, hash, type KeyObject } from 'node:crypto';

type Value = string | number | null;

/** The `mac` before the first entry of a chain. */
export const NO_MAC = 'A'.repeat(43);

/** HMAC-SHA-256 of values, base64url. */
export function macOf(key: KeyObject, values: readonly Value[]): string {
  return createHmac('sha256', key).update(framed(values)).digest('base64url');
}

/** SHA-256 of values, base64url. */
export function stateOf(values: readonly Value[]): string {
  return hash('sha256', framed(values), 'base64url');
}

/** SHA-256 of a document, base64url. */
export function hashOfDocument(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** The values, each after its length, so that no two lists have the same text. */
function framed(values: readonly Value[]): string {
  let text = '';
  for (const value of values) {
    if (value === null) text += '-:';
    else if (typeof value === 'number') text += `#${value}:`;
    else text += `${value.length}:${value}`;
  }
  return text;
}
