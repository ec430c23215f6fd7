import { quote } from '../text/quote.ts';
import { isSymmetric, PUBLIC_KEY_ALGORITHMS } from './algorithms.ts';
import { commonProblem } from './common-members.ts';
import { keyKind } from './curves.ts';
import { ellipticCurveProblem } from './elliptic-curve.ts';
import type { JsonKey, KeyProblem } from './key-rules.ts';
import { octetKeyPairProblem } from './octet-key-pair.ts';
import { rsaProblem } from './rsa.ts';

/** The check of each known type of key (RFC 7518 section 6.1, RFC 8037 section 2). */
const CHECK_OF_TYPE: ReadonlyMap<unknown, (key: JsonKey) => KeyProblem | undefined> = new Map([
  ['RSA', rsaProblem],
  ['EC', ellipticCurveProblem],
  ['OKP', octetKeyPairProblem],
]);

/**
 * The first problem of a key, or undefined if it is an acceptable public key. The time is proportional to the length of the key.
 * If the type of the key is unknown, only the members that all types share are checked, because RFC 7517 section 5 recommends to
 * ignore such keys.
 * @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6
 */
export function keyProblem(key: JsonKey): KeyProblem | undefined {
  const common = commonProblem(key);
  if (common !== undefined) return common;
  const check = CHECK_OF_TYPE.get(key.kty);
  return check && (check(key) ?? algorithmProblem(key));
}

/** @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4.4 */
function algorithmProblem(key: JsonKey): KeyProblem | undefined {
  const { alg } = key;
  if (typeof alg !== 'string') return undefined;
  if (isSymmetric(alg)) {
    const detail = `${quote(alg)} is a symmetric algorithm; use an algorithm for public keys, or omit the member.`;
    return { rule: 'key-symmetric', at: '.alg', detail };
  }
  const kinds = PUBLIC_KEY_ALGORITHMS.get(alg)?.keys;
  const kind = keyKind(key);
  if (kinds === undefined || kind === undefined || kinds.includes(kind)) return undefined;
  const detail = `${quote(alg)} is not for keys of ${kind}; use a key of ${kinds.join(' or ')}, or another algorithm.`;
  return { rule: 'key-algorithm', at: '.alg', detail };
}
