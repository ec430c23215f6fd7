import { rule, type Refused } from '../../test/rule.ts';
import { decideOn, refusalsOf } from '../../test/decisions.ts';
import { RESPONSE_PARAMETERS } from '../uris/response-parameters.ts';

const CALLBACK = 'https://client.example.org/callback';
const CODE = { grant_types: ['authorization_code'], response_types: ['code'] };
const IMPLICIT = { grant_types: ['implicit'], response_types: ['id_token'] };

/** Redirect URIs of which the one at a position is refused. */
const refused = (
  expected: Pick<Refused, 'result' | 'words'>,
  redirect_uris: readonly string[],
  at = 0,
  others: object = {},
): Refused => ({
  metadata: { ...others, redirect_uris },
  members: [`redirect_uris[${at}]`],
  error: 'invalid_redirect_uri',
  ...expected,
});

describe('the rules of redirect URIs', () => {
  const missing = { members: ['redirect_uris'], result: 'memberMissing', error: 'invalid_redirect_uri' } as const;

  rule('redirect-uris-present', 'a client that uses a flow with redirection registers its redirect URIs', {
    accepts: [
      // Authlete: without any flow, redirect URIs may be absent on the API plane.
      {},
      { client_name: 'My Dynamic Client' },
      ...(['api', 'protocol'] as const).flatMap((plane) =>
        [
          { ...CODE, redirect_uris: [CALLBACK] },
          { redirect_uris: [CALLBACK] },
          { grant_types: ['client_credentials'] },
          { grant_types: ['client_credentials'], response_types: ['none'] },
          { grant_types: ['password'], response_types: ['none'] },
          { response_types: ['vp_token'] },
          { grant_types: ['urn:ietf:params:oauth:grant-type:device_code'], token_endpoint_auth_method: 'none' },
        ].map((metadata) => ({ metadata, plane })),
      ),
    ],
    refuses: [
      ...(['api', 'protocol'] as const).flatMap((plane) =>
        [
          { metadata: CODE, words: 'the grant type authorization_code redirects; add the URIs' },
          { metadata: IMPLICIT, words: 'the grant type implicit redirects' },
          { metadata: { ...CODE, grant_types: ['authorization_code', 'refresh_token'] }, words: 'at least one URI' },
          { metadata: { response_types: ['code'] }, words: 'the default grant type is authorization_code' },
          { metadata: { response_types: ['id_token token'] }, words: 'the default grant type is implicit' },
          { metadata: { ...CODE, redirect_uris: [] }, words: 'at least one URI' },
          { metadata: { ...CODE, redirect_uris: null }, words: 'at least one URI' },
        ].map((example) => ({ ...missing, ...example, plane })),
      ),
      // On the protocol plane the default counts: RFC 7591 makes authorization_code the grant type of a client without one.
      ...[{}, { client_name: 'My Dynamic Client' }].map((metadata) => ({
        ...missing,
        metadata,
        plane: 'protocol' as const,
        words: 'because the default grant type is authorization_code',
      })),
    ],
  });

  const http = { result: 'httpRefused', words: 'uses http; use https, or http only for localhost' } as const;

  rule('redirect-uri-http', 'a redirect URI uses http only on loopback', {
    accepts: [
      CALLBACK,
      'HTTPS://client.example.org/callback',
      'http://localhost:8080/callback',
      'http://127.0.0.1/',
      'http://[::1]/',
      'exampleapp://callback',
    ].map((uri) => ({ redirect_uris: [uri] })),
    refuses: [
      refused(http, ['http://client.example.org/callback']),
      refused(http, ['HTTP://client.example.org/callback']),
      refused(http, [CALLBACK, 'http://localhost.example.org/'], 1),
      refused(http, ['http://127.0.0.1.example.org/']),
      refused(http, ['http://192.168.0.1/callback']),
      refused(http, ['http://[::2]/callback']),
      refused(http, ['http://client.example.org/callback'], 0, { application_type: 'web' }),
      refused(http, ['http://client.example.org/callback'], 0, { token_endpoint_auth_method: 'none' }),
      refused(http, ['com.example.app:/callback', 'http://client.example.org/'], 1, { application_type: 'native' }),
    ],
  });

  const web = { ...IMPLICIT, application_type: 'web' };
  const implicit = { result: 'httpRefused', words: 'use https, not on loopback' } as const;

  rule('redirect-uri-implicit-web', 'a web client with the implicit grant uses https, not on loopback', {
    accepts: [
      { ...web, redirect_uris: [CALLBACK] },
      { ...web, redirect_uris: ['HTTPS://client.example.org/callback'] },
      { ...CODE, application_type: 'web', redirect_uris: ['http://localhost/callback'] },
      { ...IMPLICIT, application_type: 'native', redirect_uris: ['http://localhost/callback'] },
    ],
    refuses: [
      refused(implicit, [CALLBACK, 'http://localhost/callback'], 1, web),
      refused(implicit, ['https://localhost/callback'], 0, web),
      refused(implicit, ['https://127.0.0.1/callback'], 0, web),
      refused(implicit, ['https://[::1]:8443/callback'], 0, web),
      refused(implicit, ['com.example.app:/callback'], 0, web),
      refused(implicit, [CALLBACK, 'https://localhost/'], 1, IMPLICIT),
    ],
  });

  const native = { application_type: 'native' };
  const loopback = { result: 'httpRefused', words: 'a native client uses http there' } as const;

  rule('redirect-uri-native', 'a native client uses http only on loopback, and https only elsewhere', {
    accepts: [
      { ...native, redirect_uris: ['com.example.app:/callback'] },
      { ...native, redirect_uris: ['http://localhost:3000/callback', 'http://127.0.0.1/', 'http://[::1]:1/'] },
      { ...native, redirect_uris: ['https://app.example.org/callback'] },
      { redirect_uris: ['http://127.0.0.1:8080/callback'] },
    ],
    refuses: [
      refused(loopback, ['https://localhost/callback'], 0, native),
      refused(loopback, ['http://localhost/', 'https://127.0.0.1/'], 1, native),
    ],
  });

  const parameters = [...[...RESPONSE_PARAMETERS].map((name) => `?${name}=1`), '?a=b&state', '?%63ode=1'];

  rule('redirect-uri-response-parameter', 'the query has no parameter of the authorization response', {
    accepts: [
      { redirect_uris: [`${CALLBACK}?a=b&c=d`] },
      { redirect_uris: [`${CALLBACK}?codes=1&states`, `${CALLBACK}/code?x=code`] },
      { redirect_uris: ['com.example.app:/callback?Code=1'] },
    ],
    refuses: parameters.map((query) =>
      refused(
        { result: 'valueInvalid', words: 'belongs to the response of the server; rename it' },
        [CALLBACK, `${CALLBACK}${query}`],
        1,
      ),
    ),
  });

  it('report every redirect URI that is refused, up to ten', () => {
    const redirect_uris = Array.from({ length: 12 }, (_, i) => (i === 1 ? CALLBACK : `http://client.example.org/${i}`));
    const members = refusalsOf(decideOn({ redirect_uris })).map((finding) => finding.members[0]);

    expect(members).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((i) => `redirect_uris[${i}]`));
  });
});
