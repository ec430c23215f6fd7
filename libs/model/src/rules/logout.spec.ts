import { rule } from '../../test/rule.ts';

const redirect_uris = ['https://client.example.org/callback', 'http://localhost:3000/callback'];

describe('the rules of logout', () => {
  rule('logout-front-channel-origin', 'the front-channel logout URI has the origin of a redirect URI', {
    accepts: [
      'https://client.example.org/logout?a=b',
      'https://CLIENT.example.org:443/logout',
      'http://localhost:3000/logout',
    ].map((frontchannel_logout_uri) => ({ redirect_uris, frontchannel_logout_uri })),
    refuses: [
      { frontchannel_logout_uri: 'https://client.example.org/logout' },
      ...[
        'https://other.example.org/logout',
        'https://client.example.org:8443/logout',
        'http://client.example.org/logout',
        'http://localhost:3001/logout',
      ].map((frontchannel_logout_uri) => ({ redirect_uris, frontchannel_logout_uri })),
    ].map((metadata) => ({
      metadata,
      members: ['frontchannel_logout_uri', 'redirect_uris'],
      result: 'valueInvalid' as const,
      words: 'does not have the origin of a redirect URI; use the scheme, host and port of one of them',
    })),
  });

  const open = { token_endpoint_auth_method: 'none' };
  const http = 'http://client.example.org/logout';

  rule('logout-http', 'a public client uses http for logout only on loopback', {
    accepts: [
      { post_logout_redirect_uris: [http], backchannel_logout_uri: http },
      {
        ...open,
        post_logout_redirect_uris: ['https://client.example.org/logout', 'http://localhost/', 'com.example:/'],
      },
      { ...open, backchannel_logout_uri: 'https://client.example.org/logout' },
    ],
    refuses: [
      {
        metadata: { ...open, post_logout_redirect_uris: ['https://a.example', http] },
        members: ['post_logout_redirect_uris[1]', 'token_endpoint_auth_method'],
        result: 'httpRefused',
        words: 'uses http, which only confidential clients may use; use https',
      },
      {
        metadata: { ...open, backchannel_logout_uri: http },
        members: ['backchannel_logout_uri', 'token_endpoint_auth_method'],
        result: 'httpRefused',
        words: 'uses http, which only confidential clients may use; use https',
      },
    ],
  });
});
