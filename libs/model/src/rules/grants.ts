import { OIDC_CLIENT_METADATA, RFC7591_GRANTS_AND_RESPONSES, RFC6749_CLIENT_CREDENTIALS } from '../wire/specs.ts';
import type { FindingResult } from '../wire/result-codes.ts';
import { CIBA_GRANT, usesBackchannelAuthentication } from './backchannel-authentication.ts';
import type { Rule } from './rule.ts';

export const authorizationCodeWithCode: Rule = {
  /** The grant type authorization_code goes with a response type that contains code, and the reverse. */
  id: 'grant-authorization-code',
  ...pair('authorization_code', ['code'], 'codeResponseTypeMissing', 'codeGrantTypeMissing'),
};

export const implicitWithToken: Rule = {
  /** The grant type implicit goes with a response type that contains token or id_token, and the reverse. */
  id: 'grant-implicit',
  ...pair('implicit', ['token', 'id_token'], 'implicitResponseTypeMissing', 'implicitGrantTypeMissing'),
};

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

/** A refresh token comes with another grant, or is pushed; a client that only has `refresh_token` never gets one. */
export const refreshTokenComesWithAnotherGrant: Rule = {
  /** The grant type refresh_token comes with another one, or with the delivery mode push. */
  id: 'grant-refresh-token-alone',
  specification: OIDC_CLIENT_METADATA,
  reads: ['grant_types', 'backchannel_token_delivery_mode'],
  check: ({ metadata: { grant_types = [], backchannel_token_delivery_mode: mode } }) =>
    mode !== 'push' && grant_types.length > 0 && grant_types.every((grant) => grant === 'refresh_token')
      ? {
          result: 'grantTypesUnfit',
          members: ['grant_types'],
          says: 'has refresh_token alone, which never gives the client a refresh token; add the grant type that it comes with, such as authorization_code.',
        }
      : undefined,
};

/** The client credentials grant MUST only be used by confidential clients, and CIBA needs an authenticated client. */
export const publicClientsHaveNoCredentials: Rule = {
  /** A public client uses neither the client credentials grant nor backchannel authentication. */
  id: 'grant-public-client',
  specification: RFC6749_CLIENT_CREDENTIALS,
  reads: ['token_endpoint_auth_method', 'grant_types', 'backchannel_token_delivery_mode'],
  check({ metadata }) {
    if (metadata.token_endpoint_auth_method !== 'none') return undefined;
    const { grant_types = [] } = metadata;
    const at = grant_types.findIndex((grant) => grant === 'client_credentials' || grant === CIBA_GRANT);
    if (at === -1 && !usesBackchannelAuthentication(metadata)) return undefined;
    return {
      result: 'grantTypesUnfit',
      members: [at === -1 ? 'backchannel_token_delivery_mode' : `grant_types[${at}]`, 'token_endpoint_auth_method'],
      says: `"${at === -1 ? 'push' : (grant_types[at] ?? '')}" is for clients that authenticate, and token_endpoint_auth_method is none; use another method or another grant type.`,
    };
  },
};
