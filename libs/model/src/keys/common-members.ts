import { quote } from '../text/quote.ts';
import { certificatesProblem } from './certificates.ts';
import type { JsonKey, KeyProblem } from './key-rules.ts';

/** Members of private and symmetric keys (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1; `priv` of AKP keys). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const;

const TEXT_MEMBERS = ['use', 'alg', 'kid', 'x5t', 'x5t#S256'] as const;

/** The `use` of each registered operation (RFC 7517 section 8.3). */
const USE_OF_OPERATION: ReadonlyMap<unknown, 'sig' | 'enc'> = new Map([
  ['sign', 'sig'],
  ['verify', 'sig'],
  ['encrypt', 'enc'],
  ['decrypt', 'enc'],
  ['wrapKey', 'enc'],
  ['unwrapKey', 'enc'],
  ['deriveKey', 'enc'],
  ['deriveBits', 'enc'],
]);

/**
 * The first problem of a member that all types of keys share, or that no public key may have.
 * @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4
 */
export function commonProblem(key: JsonKey): KeyProblem | undefined {
  return (
    typeProblem(key.kty) ??
    privateProblem(key) ??
    textProblem(key) ??
    operationsProblem(key) ??
    certificatesProblem(key)
  );
}

/** @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4.1 */
function typeProblem(kty: unknown): KeyProblem | undefined {
  const detail = (problem: string): KeyProblem => ({ rule: 'key-type', at: '.kty', detail: problem });
  if (kty === undefined) return detail('is missing; each key has a "kty", for example "RSA", "EC" or "OKP".');
  if (typeof kty !== 'string') return detail('is not a string; use for example "RSA", "EC" or "OKP".');
  if (kty === '') return detail('is empty; use for example "RSA", "EC" or "OKP".');
  if (kty !== 'oct') return undefined;
  return {
    rule: 'key-symmetric',
    at: '.kty',
    detail: '"oct" is the type of symmetric keys; a JWK Set of a client has only public keys.',
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2 */
function privateProblem(key: JsonKey): KeyProblem | undefined {
  const member = PRIVATE_MEMBERS.find((name) => key[name] !== undefined);
  if (member === undefined) return undefined;
  const detail =
    key[member] === null
      ? `is null; remove the member: a public key has no "${member}".`
      : 'is a private member; remove it: a JWK Set of a client has only public keys.';
  return { rule: 'key-private', at: `.${member}`, detail };
}

/** @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4 */
function textProblem(key: JsonKey): KeyProblem | undefined {
  const member = TEXT_MEMBERS.find((name) => key[name] !== undefined && typeof key[name] !== 'string');
  if (member === undefined) return undefined;
  return { rule: 'key-text', at: `.${member}`, detail: 'is not a string; use a string, or omit the member.' };
}

/**
 * RFC 7517: "Duplicate key operation values MUST NOT be present in the array", and if `use` is present too, "the information
 * they convey MUST be consistent".
 * @see https://www.rfc-editor.org/rfc/rfc7517.html#section-4.3
 */
function operationsProblem({ key_ops: operations, use }: JsonKey): KeyProblem | undefined {
  const problem = (at: string, detail: string): KeyProblem => ({ rule: 'key-operations', at: `.key_ops${at}`, detail });
  if (operations === undefined) return undefined;
  if (!Array.isArray(operations)) return problem('', 'is not an array; use an array of strings, or omit the member.');
  const seen = new Set<unknown>();
  for (const [index, operation] of (operations as unknown[]).entries()) {
    const at = `[${index}]`;
    if (typeof operation !== 'string') return problem(at, 'is not a string; use the name of an operation.');
    if (seen.has(operation)) return problem(at, 'is given twice; name each operation once.');
    seen.add(operation);
    const expected = USE_OF_OPERATION.get(operation);
    if (expected !== undefined && (use === 'sig' || use === 'enc') && use !== expected) {
      return problem(at, `contradicts the "use" ${quote(use)} of the key; omit one of the two members.`);
    }
  }
  return undefined;
}
