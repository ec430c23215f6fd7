import { byteLength, toInteger } from './base64.ts';
import { ELLIPTIC_CURVES, isEllipticCurve, type EllipticCurve } from './curves.ts';
import { curveProblem, encodedProblem } from './encoded-members.ts';
import type { JsonKey, KeyProblem } from './key-rules.ts';

/**
 * The first problem of an EC public key.
 * @see https://www.rfc-editor.org/rfc/rfc7518.html#section-6.2.1
 */
export function ellipticCurveProblem(key: JsonKey): KeyProblem | undefined {
  const { crv } = key;
  if (!isEllipticCurve(crv)) return curveProblem(crv, 'EC', Object.keys(ELLIPTIC_CURVES));
  const curve: EllipticCurve = ELLIPTIC_CURVES[crv];
  const problem = encodedProblem(key, ['x', 'y'], 'an EC key has "crv", "x" and "y"');
  if (problem !== undefined) return problem;
  const { x, y } = key as { readonly x: string; readonly y: string };
  return (
    lengthProblem('.x', x, crv, curve) ??
    lengthProblem('.y', y, crv, curve) ??
    pointProblem(toInteger(x), toInteger(y), crv)
  );
}

function lengthProblem(at: string, text: string, crv: string, { bytes }: EllipticCurve): KeyProblem | undefined {
  const length = byteLength(text);
  if (length === bytes) return undefined;
  const detail = `has ${length} bytes; a coordinate of ${crv} has ${bytes} bytes, with leading zeros.`;
  return { rule: 'key-coordinate', at, detail };
}

/** @see https://www.rfc-editor.org/rfc/rfc8725.html#section-3.4 */
function pointProblem(x: bigint, y: bigint, crv: keyof typeof ELLIPTIC_CURVES): KeyProblem | undefined {
  const { p, a, b }: EllipticCurve = ELLIPTIC_CURVES[crv];
  if (x >= p || y >= p) {
    const detail = `is too large; a coordinate of ${crv} is below the prime of the curve.`;
    return { rule: 'key-point', at: x >= p ? '.x' : '.y', detail };
  }
  if (((x * x + a) * x + b - y * y) % p === 0n) return undefined;
  const detail = `is not on the curve; use "x" and "y" of a point of ${crv}.`;
  return { rule: 'key-point', at: '', detail };
}
