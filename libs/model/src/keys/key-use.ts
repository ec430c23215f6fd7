import { PUBLIC_KEY_ALGORITHMS, type PublicKeyAlgorithm } from './algorithms.ts';
import { keyKind } from './curves.ts';
import type { JsonKey } from './key-rules.ts';

/**
 * Whether a valid key can verify signatures with this JWS algorithm. The `use`, `key_ops` and `alg` of the key may restrict its
 * use.
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-3.1
 */
export function canVerify(key: JsonKey, algorithm: string): boolean {
  return fits(key, algorithm, 'sig');
}

/**
 * Whether a valid key can encrypt with this JWE key management algorithm. The `use`, `key_ops` and `alg` of the key may restrict
 * its use.
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-4.1
 */
export function canEncrypt(key: JsonKey, algorithm: string): boolean {
  return fits(key, algorithm, 'enc');
}

function fits(key: JsonKey, algorithm: string, use: PublicKeyAlgorithm['use']): boolean {
  const row = PUBLIC_KEY_ALGORITHMS.get(algorithm);
  const kind = keyKind(key);
  if (row?.use !== use || kind === undefined || !row.keys.includes(kind)) return false;
  return (
    (key.use === undefined || key.use === use) &&
    (key.alg === undefined || isSame(key.alg, algorithm)) &&
    (key.key_ops === undefined || allows(key.key_ops, row))
  );
}

/** `EdDSA` is the earlier name of the other two. The curve of the key determines the algorithm. */
const EDWARDS_CURVE_ALGORITHMS: ReadonlySet<unknown> = new Set(['EdDSA', 'Ed25519', 'Ed448']);

/**
 * Whether two names mean the same algorithm, for a key that can be used with both.
 * @see https://www.rfc-editor.org/rfc/rfc9864.html#section-2.2
 */
function isSame(one: unknown, other: string): boolean {
  return one === other || (EDWARDS_CURVE_ALGORITHMS.has(one) && EDWARDS_CURVE_ALGORITHMS.has(other));
}

/** Whether the operations of a key allow the operation of an algorithm (RFC 7517 section 4.3). */
function allows(operations: unknown, row: PublicKeyAlgorithm): boolean {
  if (!Array.isArray(operations)) return false;
  if (operations.length === 0) return row.operationsMayBeEmpty ?? false;
  return row.operations.some((operation) => operations.includes(operation));
}
