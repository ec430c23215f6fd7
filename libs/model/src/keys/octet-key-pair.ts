import { byteLength } from './base64.ts';
import { isOctetKeyPair, OCTET_KEY_PAIR_BYTES } from './curves.ts';
import { curveProblem, encodedProblem } from './encoded-members.ts';
import type { JsonKey, KeyProblem } from './key-rules.ts';

/**
 * The first problem of an OKP public key. All bytes of the right length are accepted; it is not checked whether an Ed25519 or
 * Ed448 key is a point of its curve.
 * @see https://www.rfc-editor.org/rfc/rfc8037.html#section-2
 */
export function octetKeyPairProblem(key: JsonKey): KeyProblem | undefined {
  const { crv } = key;
  if (!isOctetKeyPair(crv)) return curveProblem(crv, 'OKP', Object.keys(OCTET_KEY_PAIR_BYTES));
  const problem = encodedProblem(key, ['x'], 'an OKP key has "crv" and "x"');
  if (problem !== undefined) return problem;
  const length = byteLength(key.x as string);
  const expected = OCTET_KEY_PAIR_BYTES[crv];
  if (length === expected) return undefined;
  return { rule: 'key-bytes', at: '.x', detail: `has ${length} bytes; a public key of ${crv} has ${expected} bytes.` };
}
