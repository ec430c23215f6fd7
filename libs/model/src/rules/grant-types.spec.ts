import { rule } from '../../test/rule.ts';
import { CIBA_GRANT } from './backchannel-authentication.ts';

const redirect_uris = ['https://client.example.org/callback'];
const members = ['grant_types', 'response_types'];
const open = { token_endpoint_auth_method: 'none' };
const endpoint = { backchannel_client_notification_endpoint: 'https://client.example.org/notify' };

describe('the rules of grant types', () => {
  rule('grant-authorization-code', 'the grant type needs a response type that contains code', {
    accepts: [
      { redirect_uris, grant_types: ['authorization_code'], response_types: ['code'] },
      { redirect_uris, grant_types: ['authorization_code', 'implicit'], response_types: ['code id_token'] },
      { redirect_uris, response_types: ['code', 'token', 'id_token', 'code id_token token', 'none'] },
      { redirect_uris, response_types: ['none'] },
    ],
    refuses: [
      {
        metadata: { redirect_uris, grant_types: ['authorization_code'], response_types: ['none'] },
        members,
        result: 'codeResponseTypeMissing',
        words: "requires at least one response type containing 'code'",
      },
      {
        metadata: { grant_types: ['client_credentials'], response_types: ['code'] },
        members,
        result: 'codeGrantTypeMissing',
        words: "requires the 'authorization_code' grant type",
      },
      {
        metadata: { redirect_uris, grant_types: ['implicit'], response_types: ['code id_token'] },
        members,
        result: 'codeGrantTypeMissing',
        words: "requires the 'authorization_code' grant type",
      },
    ],
  });

  rule('grant-implicit', 'the grant type needs a response type that contains token or id_token', {
    accepts: [
      { redirect_uris, grant_types: ['implicit'], response_types: ['id_token'] },
      { redirect_uris, grant_types: ['implicit'], response_types: ['token'] },
      { redirect_uris, grant_types: ['implicit'], response_types: ['id_token vp_token'] },
    ],
    refuses: [
      {
        metadata: { redirect_uris, grant_types: ['implicit'], response_types: ['none'] },
        members,
        result: 'implicitResponseTypeMissing',
        words: "containing 'token' or 'id_token'",
      },
      {
        metadata: { redirect_uris, grant_types: ['authorization_code', 'implicit'], response_types: ['code'] },
        members,
        result: 'implicitResponseTypeMissing',
        words: "containing 'token' or 'id_token'",
      },
      ...['code token', 'code id_token'].map((type) => ({
        metadata: { redirect_uris, grant_types: ['authorization_code'], response_types: [type] },
        members,
        result: 'implicitGrantTypeMissing' as const,
        words: "requires the 'implicit' grant type",
      })),
      {
        metadata: { redirect_uris, grant_types: ['authorization_code'], response_types: ['code', 'id_token'] },
        members,
        result: 'implicitGrantTypeMissing',
        words: "requires the 'implicit' grant type",
      },
      {
        metadata: { grant_types: ['client_credentials'], response_types: ['token'] },
        members,
        result: 'implicitGrantTypeMissing',
        words: "requires the 'implicit' grant type",
      },
    ],
  });

  rule('grant-refresh-token-alone', 'the grant type refresh_token needs another grant type', {
    accepts: [
      { redirect_uris, grant_types: ['refresh_token', 'authorization_code'] },
      { grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'] },
      { ...endpoint, grant_types: ['refresh_token'], backchannel_token_delivery_mode: 'push' },
    ],
    refuses: [{ grant_types: ['refresh_token'] }, { grant_types: ['refresh_token', 'refresh_token'] }].map(
      (metadata) => ({
        metadata,
        members: ['grant_types'],
        result: 'grantTypesUnfit' as const,
        words: 'add the grant type that gives one, such as authorization_code',
      }),
    ),
  });

  rule('grant-public-client', 'a public client uses neither client credentials nor backchannel authentication', {
    accepts: [
      { grant_types: ['client_credentials'] },
      { ...open, redirect_uris, grant_types: ['authorization_code', 'refresh_token'] },
      { ...open, grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] },
      { grant_types: [CIBA_GRANT], backchannel_token_delivery_mode: 'poll' },
    ],
    refuses: [
      {
        metadata: { ...open, grant_types: ['client_credentials'] },
        members: ['grant_types[0]', 'token_endpoint_auth_method'],
        result: 'grantTypesUnfit',
        words: '"client_credentials" needs client authentication, but token_endpoint_auth_method is none',
      },
      {
        metadata: { ...open, redirect_uris, grant_types: ['authorization_code', 'client_credentials'] },
        members: ['grant_types[1]', 'token_endpoint_auth_method'],
        result: 'grantTypesUnfit',
        words: '"client_credentials" needs client authentication',
      },
      {
        metadata: { ...open, grant_types: [CIBA_GRANT], backchannel_token_delivery_mode: 'poll' },
        members: ['grant_types[0]', 'token_endpoint_auth_method'],
        result: 'grantTypesUnfit',
        words: `"${CIBA_GRANT}" needs client authentication`,
      },
      {
        metadata: { ...open, ...endpoint, backchannel_token_delivery_mode: 'push' },
        members: ['backchannel_token_delivery_mode', 'token_endpoint_auth_method'],
        result: 'grantTypesUnfit',
        words: '"push" needs client authentication',
      },
    ],
  });
});
