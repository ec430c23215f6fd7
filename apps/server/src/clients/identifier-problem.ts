import { LONGEST_IDENTIFIER } from '@clientele/model';

/** The characters of a `client_id` (RFC 6749 appendix A.1), without spaces. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * Words that paths of calls have where other calls have an identifier, for example `create` and the `list` of `client/get/list`. They
 * cannot be identifiers.
 */
export const PATH_WORDS: ReadonlySet<string> = new Set([
  'authorization',
  'create',
  'delete',
  'extension',
  'get',
  'granted_scopes',
  'list',
  'lock_flag',
  'preview',
  'registration',
  'registration_access_token',
  'resolve',
  'secret',
  'update',
]);

/** Why no client can have an identifier beside its number; `undefined` if one can. */
export function identifierProblem(identifier: string): string | undefined {
  if (identifier.length > LONGEST_IDENTIFIER) return `it has more than ${LONGEST_IDENTIFIER} characters.`;
  if (!PRINTABLE.test(identifier)) return 'it must have only printable ASCII characters and no space.';
  if (/^[0-9]+$/.test(identifier)) return 'only the server gives identifiers of digits.';
  if (identifier === '.' || identifier === '..')
    return 'programs remove it from a path, even if it is percent-encoded.';
  if (PATH_WORDS.has(identifier)) return 'it is a word in the path of a call.';
  return undefined;
}
