import { invalidMetadata } from '../registration-error.ts';
import type { Rule } from './rule.ts';

/** The JWK Set is given by reference or by value, never both. */
export const keysByReferenceOrByValue: Rule = {
  spec: 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2',
  check: ({ jwks, jwks_uri }) =>
    jwks !== undefined && jwks_uri !== undefined ? invalidMetadata('A204301') : undefined,
};
