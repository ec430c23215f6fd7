import { byteAt, byteLength } from './base64.ts';
import { encodedProblem } from './encoded-members.ts';
import type { JsonKey, KeyProblem } from './key-rules.ts';

/** RFC 7518 section 3.3: "A key of size 2048 bits or larger MUST be used". */
const MINIMUM_BITS = 2048;

/** OpenSSL verifies and encrypts with no larger modulus (OPENSSL_RSA_MAX_MODULUS_BITS). */
const MAXIMUM_BITS = 16384;

/** OpenSSL accepts no larger exponent if the modulus has more than 3072 bits (OPENSSL_RSA_MAX_PUBEXP_BITS). */
const MAXIMUM_EXPONENT_BITS = 64;

/**
 * The first problem of an RSA public key. The numbers are not decoded, because their first and last bytes are sufficient.
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6.3.1
 */
export function rsaProblem(key: JsonKey): KeyProblem | undefined {
  return (
    encodedProblem(key, ['n', 'e'], 'an RSA key has "n" and "e"') ??
    modulusProblem(key.n as string) ??
    exponentProblem(key.e as string)
  );
}

function modulusProblem(n: string): KeyProblem | undefined {
  if (hasLeadingZeros(n)) return leadingZeros('.n');
  const bits = bitLength(n);
  if (bits < MINIMUM_BITS || bits > MAXIMUM_BITS) {
    const detail = `has ${bits} bits; use an RSA key of ${MINIMUM_BITS} to ${MAXIMUM_BITS} bits.`;
    return { rule: 'key-size', at: '.n', detail };
  }
  if (isOdd(n)) return undefined;
  return { rule: 'key-modulus', at: '.n', detail: 'is even; use the modulus of an RSA key, which is odd.' };
}

function exponentProblem(e: string): KeyProblem | undefined {
  if (hasLeadingZeros(e)) return leadingZeros('.e');
  const bits = bitLength(e);
  if (bits > 1 && bits <= MAXIMUM_EXPONENT_BITS && isOdd(e)) return undefined;
  const detail = `is not a usable exponent; use an odd number of 2 to ${MAXIMUM_EXPONENT_BITS} bits, such as 65537.`;
  return { rule: 'key-exponent', at: '.e', detail };
}

/** RFC 7518: "The representation MUST utilize the minimum number of octets needed to represent the value." */
function leadingZeros(at: string): KeyProblem {
  return { rule: 'key-integer', at, detail: 'begins with a zero byte; encode the number in as few bytes as possible.' };
}

function hasLeadingZeros(text: string): boolean {
  return byteAt(text, 0) === 0;
}

/** The number of bits, if there are no leading zero bytes. */
function bitLength(text: string): number {
  return 8 * (byteLength(text) - 1) + 32 - Math.clz32(byteAt(text, 0));
}

function isOdd(text: string): boolean {
  return (byteAt(text, byteLength(text) - 1) & 1) === 1;
}
