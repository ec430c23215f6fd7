import { decideOn, refusalsOf, type Circumstances } from '../../test/decisions.ts';
import { EC_KEY, ED25519_KEY, JWKS_URI, keySet, RSA_KEY } from '../../test/keys.ts';

/** Cases in which other servers and clients had faults. All are decided on the protocol plane. */

const WEB = ['https://client.example.net/cb'];
const SIGNED = { redirect_uris: WEB, token_endpoint_auth_method: 'private_key_jwt' };
const CIBA = 'urn:openid:params:grant-type:ciba';

type RefusedCase = readonly [metadata: object, error: string, words: string, circumstances?: Circumstances];

type Case = readonly [what: string, metadata: object, expected: object, circumstances?: Circumstances];

function decideReported(metadata: object | string, circumstances?: Circumstances) {
  return decideOn(metadata, { plane: 'protocol', ...circumstances });
}

describe('accepted, and registered as', () => {
  const accepted: readonly Case[] = [
    [
      'an editor with a scheme of its own, a web page and loopback',
      {
        redirect_uris: [
          'cursor://editor.app/oauth/callback',
          'https://editor.example.net/cb',
          'http://localhost:8787/cb',
        ],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
      },
      { application_type: 'web', response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'] },
    ],
    [
      'a native editor with claimed https URIs',
      {
        redirect_uris: ['https://editor.example.net/redirect', 'http://127.0.0.1/', 'http://127.0.0.1:33418/'],
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'],
      },
      { application_type: 'native' },
    ],
    [
      'a client without a dot in its host',
      { redirect_uris: ['https://intranet-host/cb'], logo_uri: 'https://intranet-host/logo.svg' },
      { logo_uri: 'https://intranet-host/logo.svg' },
    ],
    [
      'the implicit grant on loopback',
      { redirect_uris: ['http://localhost:3000/login'], response_types: ['token id_token'] },
      { application_type: 'native', grant_types: ['implicit'], response_types: ['id_token token'] },
    ],
    ['the response type none', { redirect_uris: WEB, response_types: ['none'] }, { grant_types: undefined }],
    ['an empty scope', { redirect_uris: WEB, scope: '' }, { scope: undefined }],
    ['no maximum age', { redirect_uris: WEB }, { default_max_age: undefined }],
    ['the maximum age 0', { redirect_uris: WEB, default_max_age: 0 }, { default_max_age: 0 }],
    [
      'contacts with an empty one',
      { redirect_uris: WEB, contacts: ['', 'a@example.net'] },
      { contacts: ['a@example.net'] },
    ],
    ['a fully-specified algorithm', { redirect_uris: WEB, id_token_signed_response_alg: 'Ed448' }, {}],
    [
      'a key of that algorithm',
      { ...SIGNED, token_endpoint_auth_signing_alg: 'Ed25519', jwks: keySet(ED25519_KEY) },
      {},
    ],
    ['SAML assertions', { grant_types: ['urn:ietf:params:oauth:grant-type:saml2-bearer'] }, { response_types: [] }],
    ['a null beside keys', { ...SIGNED, jwks_uri: null, jwks: keySet(RSA_KEY) }, { jwks_uri: undefined }],
    [
      'grant types of which one is unknown',
      { redirect_uris: WEB, grant_types: ['authorization_code', 'urn:example:unknown'] },
      { grant_types: ['authorization_code'] },
      { settings: { unsupportedValues: 'NARROW', supportedGrantTypes: ['AUTHORIZATION_CODE'] } },
    ],
    [
      'the name of a statement, without other languages',
      { redirect_uris: WEB, client_name: 'Mine', 'client_name#fr': 'Le mien' },
      { client_name: 'Stated', 'client_name#fr': undefined },
      { statement: { client_name: 'Stated' } },
    ],
    [
      'its own name beside an empty claim',
      { redirect_uris: WEB, client_name: 'Mine' },
      { client_name: 'Mine' },
      { statement: { client_name: null, contacts: [] } },
    ],
    ['the redirect URIs of a directory', {}, { redirect_uris: WEB }, { statement: { software_redirect_uris: WEB } }],
    [
      'the value of a statement beside a list of the request',
      { redirect_uris: WEB, subject_types_supported: ['public', 'pairwise'] },
      { subject_type: 'pairwise' },
      { statement: { subject_type: 'pairwise' } },
    ],
    [
      'the choice that a statement leaves, beside a value of the request',
      { redirect_uris: WEB, id_token_signed_response_alg: 'ES256' },
      { id_token_signed_response_alg: 'ES256' },
      { statement: { id_token_signing_alg_values_supported: ['PS256', 'ES256'] } },
    ],
  ];
  const cases = accepted.map(([what, metadata, expected, circumstances]) => ({
    what,
    metadata,
    expected,
    circumstances,
  }));

  it.each(cases)('$what', ({ metadata, expected, circumstances }) => {
    const decision = decideReported(metadata, circumstances);

    expect(refusalsOf(decision)).toEqual([]);
    for (const [member, value] of Object.entries(expected)) {
      expect([member, (decision.metadata as Record<string, unknown>)[member]]).toEqual([member, value]);
    }
  });

  it('a number that a double cannot hold', () => {
    const { custom } = decideReported(
      `{"redirect_uris":["https://client.example.net/cb"],"tenant":{"id":9007199254740995}}`,
      {
        settings: { supportedCustomClientMetadata: ['tenant'] },
      },
    );

    expect(custom.text).toBe('{"tenant":{"id":9007199254740995}}');
  });
});

describe('refused', () => {
  const REDIRECT = 'invalid_redirect_uri';
  const METADATA = 'invalid_client_metadata';
  const STATEMENT = 'invalid_software_statement';

  const refused: readonly RefusedCase[] = [
    [{ redirect_uris: ['ftp://other.example/cb'] }, REDIRECT, 'the scheme ftp'],
    [{ redirect_uris: ['coaps://other.example/cb'] }, REDIRECT, 'the scheme coaps'],
    [{ redirect_uris: ['urn:ietf:wg:oauth:2.0:oob'] }, REDIRECT, 'the scheme urn'],
    [{ redirect_uris: [...WEB, 'https://client.example.net/cb?error=old'] }, REDIRECT, 'redirect_uris[1]'],
    [{ redirect_uris: [...WEB, 'https://b\u00fccher.example/cb'] }, REDIRECT, 'xn--'],
    [{ redirect_uris: ['http://localhost:*/cb'] }, REDIRECT, 'without a port'],
    [{ redirect_uris: ['http://2130706433/cb'] }, REDIRECT, 'IPv4'],
    [{ redirect_uris: WEB, post_logout_redirect_uris: ['ftp://other.example/bye'] }, METADATA, 'the scheme ftp'],
    [{ redirect_uris: WEB, scope: ['openid'] }, METADATA, 'scope: must be a string'],
    [{ redirect_uris: WEB, client_name: 'Bank\u202egnp\u200b' }, METADATA, 'U+202E'],
    [
      { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
      METADATA,
      'token_endpoint_auth_method',
    ],
    [
      { token_endpoint_auth_method: 'none', grant_types: [CIBA], backchannel_token_delivery_mode: 'poll' },
      METADATA,
      'needs client authentication',
    ],
    [{ redirect_uris: WEB, grant_types: ['refresh_token'] }, METADATA, 'contains only refresh_token'],
    [{ ...SIGNED, jwks: keySet() }, METADATA, 'must be present'],
    [{ ...SIGNED, jwks: keySet({ ...RSA_KEY, n: RSA_KEY.n.slice(0, 171) }) }, METADATA, '2048'],
    [{ ...SIGNED, jwks: keySet({ ...RSA_KEY, n: `${RSA_KEY.n}==` }) }, METADATA, 'without padding'],
    [{ ...SIGNED, jwks: keySet({ ...RSA_KEY, x5c: 'MIIB' }) }, METADATA, 'x5c: is not an array'],
    [{ ...SIGNED, jwks: keySet({ ...RSA_KEY, d: null }) }, METADATA, 'is null'],
    [{ ...SIGNED, jwks_uri: null, jwks: keySet({ ...RSA_KEY, d: 'AQAB' }) }, METADATA, 'private member'],
    [{ ...SIGNED, jwks: keySet(RSA_KEY), token_endpoint_auth_signing_alg: 'ES256' }, METADATA, 'a key for ES256'],
    [
      { redirect_uris: WEB, token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: keySet(EC_KEY) },
      METADATA,
      'x5c',
    ],
    [{ redirect_uris: WEB }, STATEMENT, 'in the software statement', { statement: { software_version: 1.1 } }],
    [
      { redirect_uris: WEB, signed_jwks_uri: 'https://other.example/jwks' },
      METADATA,
      'because the software statement has',
      { statement: { jwks_uri: JWKS_URI } },
    ],
    [
      { redirect_uris: ['https://other.example/cb'] },
      REDIRECT,
      'software_redirect_uris',
      { statement: { software_redirect_uris: WEB } },
    ],
    [
      { redirect_uris: WEB },
      STATEMENT,
      'software_redirect_uris',
      { statement: { software_redirect_uris: WEB.join() } },
    ],
    [
      { redirect_uris: WEB, token_endpoint_auth_methods_supported: ['private_key_jwt', 'none'] },
      METADATA,
      'token_endpoint_auth_method is private_key_jwt',
      { statement: { token_endpoint_auth_method: 'private_key_jwt' } },
    ],
    [
      { redirect_uris: WEB, token_endpoint_auth_methods_supported: ['of_the_future', 'none'] },
      STATEMENT,
      '"of_the_future" is not supported',
      { statement: { token_endpoint_auth_method: 'of_the_future' } },
    ],
    [
      { redirect_uris: WEB, id_token_signed_response_alg: 'ES256' },
      METADATA,
      'does not contain "ES256"',
      { statement: { id_token_signing_alg_values_supported: ['PS256'] } },
    ],
    [
      { redirect_uris: WEB },
      STATEMENT,
      'does not contain "ES256"',
      { statement: { id_token_signed_response_alg: 'ES256', id_token_signing_alg_values_supported: ['PS256'] } },
    ],
  ];
  const cases = refused.map(([metadata, error, words, circumstances]) => ({ metadata, error, words, circumstances }));

  it.each(cases)('$metadata as $error: $words', ({ metadata, error, words, circumstances }) => {
    const [refusal, ...others] = refusalsOf(decideReported(metadata, circumstances));

    expect(others).toEqual([]);
    expect(refusal).toMatchObject({ error, message: expect.stringContaining(words) as string });
  });
});
