import { createHmac, hash } from 'node:crypto';

/** The `mac` before the first entry of a chain. */
export const NO_MAC = 'A'.repeat(43);

/** HMAC-SHA-256 of texts, base64url. Each text is preceded by its length, so that no two lists have the same bytes. */
export function macOf(key: Buffer, texts: readonly (string | number | null)[]): string {
  return createHmac('sha256', key).update(framed(texts)).digest('base64url');
}

/** SHA-256 of the columns of a row, base64url. Ciphertexts are left out, because they change with their key. */
export function stateOf(values: readonly (string | number | null)[]): string {
  return hash('sha256', framed(values), 'base64url');
}

function framed(values: readonly (string | number | null)[]): string {
  let text = '';
  for (const value of values) {
    const part = value === null ? '' : String(value);
    text += `${value === null ? 'null' : part.length}:${part}`;
  }
  return text;
}
