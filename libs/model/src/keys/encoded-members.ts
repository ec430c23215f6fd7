import { quote } from '../text/quote.ts';
import { base64urlProblem } from './base64.ts';
import type { JsonKey, KeyProblem } from './key-rules.ts';

/** The problem of the first member that is missing or not base64url. `expected` lists the members of such a key. */
export function encodedProblem(key: JsonKey, members: readonly string[], expected: string): KeyProblem | undefined {
  for (const member of members) {
    const value = key[member];
    const at = `.${member}`;
    if (value === undefined) return { rule: 'key-member', at, detail: `is missing; ${expected}.` };
    if (typeof value !== 'string') {
      return { rule: 'key-member', at, detail: `is not a string; ${expected}, each in base64url.` };
    }
    const detail = base64urlProblem(value);
    if (detail !== undefined) return { rule: 'key-base64url', at, detail };
  }
  return undefined;
}

/** The problem of a `crv` that is not a curve of a type of key. */
export function curveProblem(crv: unknown, type: string, curves: readonly string[]): KeyProblem {
  const expected = `use ${curves.slice(0, -1).join(', ')} or ${curves.at(-1) ?? ''}.`;
  const problem = (detail: string): KeyProblem => ({ rule: 'key-curve', at: '.crv', detail: `${detail}; ${expected}` });
  if (crv === undefined) return problem(`is missing, but an ${type} key names its curve`);
  if (typeof crv !== 'string') return problem('is not a string');
  return problem(`${quote(crv)} is not a known curve of ${type} keys`);
}
