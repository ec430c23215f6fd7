import type { ClientMetadata, ResultName } from '@clientele/model/metadata';
import { invalidMetadata } from '../registration-error.ts';
import type { Rule } from './rule.ts';

/** @see https://www.rfc-editor.org/rfc/rfc7591.html#section-2.1 */
const RFC7591_GRANTS_AND_RESPONSES = 'https://www.rfc-editor.org/rfc/rfc7591.html#section-2.1';

/** The grant type `authorization_code` comes with a response type that contains `code`, and the reverse. */
export const authorizationCodeWithCode = pair(
  'authorization_code',
  ['code'],
  'codeResponseTypeMissing',
  'codeGrantTypeMissing',
);

/** The grant type `implicit` comes with a response type that contains `token` or `id_token`, and the reverse. */
export const implicitWithToken = pair(
  'implicit',
  ['token', 'id_token'],
  'implicitResponseTypeMissing',
  'implicitGrantTypeMissing',
);

function pair(
  grantType: string,
  words: readonly string[],
  responseMissing: ResultName,
  grantMissing: ResultName,
): Rule {
  return {
    spec: RFC7591_GRANTS_AND_RESPONSES,
    check(metadata: ClientMetadata) {
      const granted = metadata.grant_types?.includes(grantType) ?? false;
      const responds =
        metadata.response_types?.some((type) => type.split(' ').some((word) => words.includes(word))) ?? false;
      if (granted && !responds) return invalidMetadata(responseMissing);
      if (responds && !granted) return invalidMetadata(grantMissing);
      return undefined;
    },
  };
}
