import { byteAt, byteLength, isPaddedBase64, withoutPadding } from './base64.ts';
import type { JsonKey, KeyProblem } from './key-rules.ts';

const SEQUENCE = 0x30;

/** The largest length in one byte. For a larger length, the first byte is the number of its bytes. */
const SHORT_LENGTH = 0x7f;

/** The most bytes of the length. No certificate needs more. */
const MOST_LENGTH_BYTES = 4;

/** The first problem of a member with certificates or their URL. Nothing is fetched, and no certificate is verified. */
export function certificatesProblem({ x5u, x5c }: JsonKey): KeyProblem | undefined {
  return urlProblem(x5u) ?? chainProblem(x5c);
}

/** @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4.6 */
function urlProblem(x5u: unknown): KeyProblem | undefined {
  if (x5u === undefined) return undefined;
  if (typeof x5u === 'string' && /^https:\/\//i.test(x5u) && URL.canParse(x5u)) return undefined;
  return { rule: 'key-certificate-url', at: '.x5u', detail: 'is not an https URL; use one, or omit the member.' };
}

/** @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4.7 */
function chainProblem(x5c: unknown): KeyProblem | undefined {
  if (x5c === undefined) return undefined;
  const problem = (at: string, detail: string): KeyProblem => ({ rule: 'key-certificates', at: `.x5c${at}`, detail });
  if (!Array.isArray(x5c)) return problem('', 'is not an array; use an array of certificates, or omit the member.');
  if (x5c.length === 0) return problem('', 'is empty; use at least one certificate, or omit the member.');
  for (const [index, certificate] of (x5c as unknown[]).entries()) {
    const at = `[${index}]`;
    if (typeof certificate !== 'string') return problem(at, 'is not a string; use a certificate in base64.');
    if (!isPaddedBase64(certificate)) {
      return problem(at, 'is not base64; use base64 (not base64url) with padding and without line breaks.');
    }
    if (!isSequence(withoutPadding(certificate))) {
      return problem(at, 'is not a certificate in DER; use the complete certificate without other data.');
    }
  }
  return undefined;
}

/** Whether the bytes are one DER SEQUENCE, as a certificate is (RFC 5280 section 4.1; X.690 sections 8.1 and 10.1). */
function isSequence(text: string): boolean {
  const bytes = byteLength(text);
  if (bytes < 2 || byteAt(text, 0) !== SEQUENCE) return false;
  const first = byteAt(text, 1);
  if (first <= SHORT_LENGTH) return bytes === 2 + first;
  const count = first - SHORT_LENGTH - 1;
  if (count < 1 || count > MOST_LENGTH_BYTES || bytes < 2 + count || byteAt(text, 2) === 0) return false;
  let length = 0;
  for (let index = 0; index < count; index += 1) length = length * 256 + byteAt(text, 2 + index);
  return length > SHORT_LENGTH && bytes === 2 + count + length;
}
