import type { FindingResult } from '../wire/result-codes.ts';
import { OIDC_CLIENT_METADATA, RFC6749_CLIENT_CREDENTIALS, RFC7591_GRANTS_AND_RESPONSES } from '../wire/specs.ts';
import { CIBA_GRANT, usesBackchannelAuthentication } from './backchannel-authentication.ts';
import type { Rule } from './rule.ts';

/** A grant type needs a response type that contains one of the words, and such a response type needs the grant type. */
function pair(
  grantType: string,
  words: readonly string[],
  responseMissing: FindingResult,
  grantMissing: FindingResult,
): Omit<Rule, 'id'> {
  return {
    specification: RFC7591_GRANTS_AND_RESPONSES,
    reads: ['grant_types', 'response_types'],
    check({ metadata: { grant_types = [], response_types = [] } }) {
      const granted = grant_types.includes(grantType);
      const responds = response_types.some((type) => type.split(' ').some((word) => words.includes(word)));
      if (granted === responds) return undefined;
      return { result: granted ? responseMissing : grantMissing, members: ['grant_types', 'response_types'] };
    },
  };
}

export const GRANT_TYPE_RULES: readonly Rule[] = [
  {
    /** The grant type authorization_code needs a response type that contains code, and the reverse. */
    id: 'grant-authorization-code',
    ...pair('authorization_code', ['code'], 'codeResponseTypeMissing', 'codeGrantTypeMissing'),
  },
  {
    /** The grant type implicit needs a response type that contains token or id_token, and the reverse. */
    id: 'grant-implicit',
    ...pair('implicit', ['token', 'id_token'], 'implicitResponseTypeMissing', 'implicitGrantTypeMissing'),
  },
  {
    /** The grant type refresh_token needs another grant type, or the delivery mode push. */
    id: 'grant-refresh-token-alone',
    specification: OIDC_CLIENT_METADATA,
    reads: ['grant_types', 'backchannel_token_delivery_mode'],
    check: ({ metadata: { grant_types = [], backchannel_token_delivery_mode: mode } }) =>
      mode !== 'push' && grant_types.length > 0 && grant_types.every((grant) => grant === 'refresh_token')
        ? {
            result: 'grantTypesUnfit',
            members: ['grant_types'],
            detail:
              'contains only refresh_token, so the client never gets a refresh token; add the grant type that gives one, such as authorization_code.',
          }
        : undefined,
  },
  {
    /** A public client uses neither the client credentials grant nor backchannel authentication. */
    id: 'grant-public-client',
    specification: RFC6749_CLIENT_CREDENTIALS,
    reads: ['token_endpoint_auth_method', 'grant_types', 'backchannel_token_delivery_mode'],
    check({ metadata }) {
      if (metadata.token_endpoint_auth_method !== 'none') return undefined;
      const { grant_types = [] } = metadata;
      const at = grant_types.findIndex((grant) => grant === 'client_credentials' || grant === CIBA_GRANT);
      if (at === -1 && !usesBackchannelAuthentication(metadata)) return undefined;
      const [member, value] =
        at === -1 ? ['backchannel_token_delivery_mode', 'push'] : [`grant_types[${at}]`, grant_types[at] ?? ''];
      return {
        result: 'grantTypesUnfit',
        members: [member, 'token_endpoint_auth_method'],
        detail: `"${value}" needs client authentication, but token_endpoint_auth_method is none; use another method or another grant type.`,
      };
    },
  },
];
