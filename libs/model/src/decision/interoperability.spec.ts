import { decideOn, decideOnUpdate, refusalsOf } from '../../test/decisions.ts';
import { EC_KEY as JWK, JWKS, JWKS_URI } from '../../test/keys.ts';

const CALLBACK = 'https://rp.example.net/cb';
const CODE = { redirect_uris: [CALLBACK] };
const IMPLICIT_GRANT = { redirect_uris: [CALLBACK], grant_types: ['implicit'] };
const HYBRID_GRANTS = { redirect_uris: [CALLBACK], grant_types: ['authorization_code', 'implicit'] };
const CIBA = 'urn:openid:params:grant-type:ciba';

/** A request, and its registered metadata if it differs: the values that a specification demands, or `undefined` for no value. */
type Accepted = [request: string, metadata: object, answered?: Readonly<Record<string, unknown>>];
type Refused = [request: string, metadata: object];

/** Requests of existing clients and test suites. The specification in the heading decides what is expected. */
const ACCEPTED: Readonly<Record<string, readonly Accepted[]>> = {
  'RFC 7591 section 2': [
    [
      'redirect URIs only',
      CODE,
      {
        token_endpoint_auth_method: 'client_secret_basic',
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    [
      'members that nobody knows',
      { ...CODE, favourite_colour: 'red', nested: { a: [1] } },
      { favourite_colour: undefined, nested: undefined },
    ],
    [
      'a member that begins like a known one',
      { ...CODE, client_name_: 1, Client_Name: 2 },
      { client_name: undefined, client_name_: undefined, Client_Name: undefined },
    ],
    ['machine to machine', { grant_types: ['client_credentials'] }, { response_types: [], redirect_uris: undefined }],
    [
      'a device',
      {
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      },
    ],
    ['an assertion', { grant_types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'] }, { response_types: [] }],
    ['a password', { grant_types: ['password', 'refresh_token'], response_types: [] }, { response_types: [] }],
    ['an exchange', { grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'] }],
    ['both kinds of grant', { ...CODE, grant_types: ['authorization_code', 'client_credentials', 'refresh_token'] }],
    ['keys by value', { ...CODE, jwks: JWKS, token_endpoint_auth_method: 'private_key_jwt' }, { jwks: JWKS }],
    ['keys by reference', { ...CODE, jwks_uri: JWKS_URI, token_endpoint_auth_method: 'private_key_jwt' }],
    ['an empty JWK Set', { ...CODE, jwks: { keys: [] } }, { jwks: { keys: [] } }],
    [
      'members of keys that are nobody’s business',
      { jwks: { keys: [{ ...JWK, x5t: 'abc', own: { a: 1 } }], more: 1 } },
    ],
    ['contacts that are no e-mail addresses', { contacts: ['https://rp.example.net/support', 'tel:+41-1'] }],
    ['scopes of any kind', { scope: 'openid https://api.example.net/read urn:a:b offline_access' }],
    ['one scope twice', { scope: 'openid openid' }],
    ['software', { software_id: '4NRB1-0XZABZI9E6-5SM3R', software_version: '2.2.0+b.17' }],
    [
      'empty values',
      { ...CODE, client_name: '', contacts: [], logo_uri: null },
      { client_name: undefined, contacts: undefined, logo_uri: undefined },
    ],
  ],
  'RFC 7591 section 2.1': [
    ['code', { ...CODE, response_types: ['code'], grant_types: ['authorization_code'] }],
    ['token', { ...IMPLICIT_GRANT, response_types: ['token'] }],
    ['everything', { ...HYBRID_GRANTS, response_types: ['code', 'token', 'id_token', 'code id_token token', 'none'] }],
    [
      'response types alone',
      { ...CODE, response_types: ['code', 'token'] },
      { grant_types: ['authorization_code', 'implicit'] },
    ],
    [
      'grant types alone',
      { ...CODE, grant_types: ['refresh_token', 'authorization_code'] },
      { response_types: ['code'] },
    ],
  ],
  'RFC 7591 section 2.2': [
    [
      'languages',
      {
        client_name: 'A',
        'client_name#de-Latn-DE-1996': 'B',
        'client_name#zh-Hans': 'C',
        'tos_uri#fr': 'https://rp.example.net/fr',
      },
    ],
    ['a language without the untagged member', { 'client_name#en': 'A' }],
    [
      'a language of a member that has none',
      { ...CODE, 'redirect_uris#en': [1], 'jwks#en': 1 },
      { 'redirect_uris#en': undefined, 'jwks#en': undefined },
    ],
  ],
  'RFC 7591 section 3.1 and 3.2.1': [
    [
      'credentials of its own',
      {
        ...CODE,
        client_id: 'mine',
        client_secret: 'mine',
        client_secret_expires_at: 5,
        registration_access_token: 'mine',
      },
      { client_id: undefined, client_secret: undefined },
    ],
    ['no secret', { ...CODE, token_endpoint_auth_method: 'none' }],
  ],
  'RFC 7591 section 5': [
    [
      'a site on the local machine',
      { redirect_uris: ['http://localhost:8080/oauth_redirect'] },
      { application_type: 'native' },
    ],
    [
      'the scheme of an application',
      { redirect_uris: ['exampleapp://oauth_redirect'] },
      { application_type: 'native' },
    ],
    [
      'an editor',
      {
        redirect_uris: ['vscode://vendor.extension/callback', 'http://127.0.0.1:33418/', 'https://vscode.dev/redirect'],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
      },
    ],
  ],
  'OpenID Connect Registration section 2': [
    ['a web client', { ...CODE, application_type: 'web', redirect_uris: [CALLBACK, `${CALLBACK}?x=y`] }],
    ['a web client at work', { application_type: 'web', redirect_uris: ['http://localhost:3000/cb'] }],
    [
      'a native client',
      { application_type: 'native', redirect_uris: ['http://127.0.0.1/cb', 'http://[::1]/cb', 'com.example.app:/cb'] },
    ],
    [
      'a native client with the implicit grant',
      {
        ...IMPLICIT_GRANT,
        response_types: ['id_token'],
        application_type: 'native',
        redirect_uris: ['http://localhost/cb'],
      },
    ],
    ['ID tokens without a signature', { ...CODE, id_token_signed_response_alg: 'none' }],
    ['request objects without a signature', { ...CODE, request_object_signing_alg: 'none' }],
    ['plain UserInfo', { ...CODE, userinfo_signed_response_alg: 'none' }],
    [
      'encryption',
      { ...CODE, jwks_uri: JWKS_URI, id_token_encrypted_response_alg: 'RSA-OAEP' },
      { id_token_encrypted_response_enc: 'A128CBC-HS256' },
    ],
    [
      'encryption with the secret',
      { ...CODE, userinfo_encrypted_response_alg: 'dir', userinfo_encrypted_response_enc: 'A256GCM' },
    ],
    [
      'an algorithm of client authentication',
      { ...CODE, token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'HS256' },
    ],
    ['a greatest age', { ...CODE, default_max_age: 0, require_auth_time: true, default_acr_values: ['0', 'phr'] }],
    ['one host', { redirect_uris: [CALLBACK, 'https://rp.example.net/other'], subject_type: 'pairwise' }],
    ['a page to log in from', { ...CODE, initiate_login_uri: 'https://rp.example.net/login?a=b' }],
    [
      'a request URI',
      { ...CODE, request_uris: ['https://rp.example.net/r.jwt#GkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM'] },
    ],
    [
      'what a conformance suite sends',
      {
        client_name: 'suite ü',
        ...CODE,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        jwks: JWKS,
        contacts: ['suite@example.net'],
        token_endpoint_auth_method: 'client_secret_basic',
        scope: 'openid email',
        subject_type: 'public',
        request_uris: ['https://suite.example.net/requests/1'],
        post_logout_redirect_uris: ['https://suite.example.net/bye'],
      },
    ],
  ],
  'OpenID Connect logout': [
    [
      'the front channel',
      {
        ...CODE,
        frontchannel_logout_uri: 'https://rp.example.net/out?x=y',
        frontchannel_logout_session_required: true,
      },
    ],
    [
      'the back channel',
      {
        ...CODE,
        backchannel_logout_uri: 'https://other.example.net/out?x=y',
        backchannel_logout_session_required: true,
      },
    ],
    [
      'elsewhere',
      { ...CODE, post_logout_redirect_uris: ['https://other.example.net/', 'https://rp.example.net/bye?x=y'] },
    ],
  ],
  'RFC 8705 sections 2 and 3': [
    [
      'a subject',
      {
        ...CODE,
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: 'CN=rp.example.net,O=Example\\, Ltd,C=CH',
      },
    ],
    ['a name', { ...CODE, token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'rp.example.net' }],
    [
      'a certificate of its own',
      {
        ...CODE,
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        jwks_uri: JWKS_URI,
        tls_client_certificate_bound_access_tokens: true,
      },
    ],
    [
      'bound tokens of a public client',
      { ...CODE, token_endpoint_auth_method: 'none', tls_client_certificate_bound_access_tokens: true },
    ],
  ],
  'RFC 9101, RFC 9126, RFC 9396, RFC 9449': [
    [
      'requirements',
      {
        ...CODE,
        require_signed_request_object: true,
        request_object_signing_alg: 'PS256',
        jwks_uri: JWKS_URI,
        require_pushed_authorization_requests: true,
        dpop_bound_access_tokens: true,
        authorization_details_types: ['payment_initiation'],
      },
    ],
  ],
  'CIBA section 4': [
    [
      'poll',
      {
        grant_types: [CIBA],
        backchannel_token_delivery_mode: 'poll',
        backchannel_user_code_parameter: true,
        backchannel_authentication_request_signing_alg: 'PS256',
        jwks_uri: JWKS_URI,
      },
    ],
    [
      'ping',
      {
        grant_types: [CIBA],
        backchannel_token_delivery_mode: 'ping',
        backchannel_client_notification_endpoint: 'https://rp.example.net/n',
      },
    ],
    [
      'push without the grant',
      {
        grant_types: ['refresh_token'],
        backchannel_token_delivery_mode: 'push',
        backchannel_client_notification_endpoint: 'https://rp.example.net/n',
      },
    ],
  ],
  'JARM section 3 and FAPI 2.0 Message Signing section 5.3.3': [
    [
      'signed answers',
      { ...CODE, authorization_signed_response_alg: 'ES256', response_modes: ['jwt', 'form_post.jwt'] },
    ],
    [
      'encrypted answers',
      {
        ...CODE,
        jwks: JWKS,
        authorization_encrypted_response_alg: 'ECDH-ES',
        authorization_encrypted_response_enc: 'A256GCM',
      },
    ],
  ],
};

const WRONG_METADATA: Readonly<Record<string, readonly Refused[]>> = {
  'RFC 7591 section 2': [
    ['grant types that are one string', { ...CODE, grant_types: 'authorization_code' }],
    ['response types that are one string', { ...CODE, response_types: 'code' }],
    ['a scope that is a list', { scope: ['openid'] }],
    ['a scope with a quotation mark', { scope: 'openid "profile"' }],
    ['contacts that are one string', { contacts: 'rp@example.net' }],
    ['contacts that are numbers', { contacts: [1] }],
    ['a name that is a number', { client_name: 5 }],
    ['an authentication method that nobody knows', { token_endpoint_auth_method: 'client_secret_telepathy' }],
    ['an authentication method that is a list', { token_endpoint_auth_method: ['none'] }],
    ['a grant type that nobody knows', { grant_types: ['authorization_code', 'telepathy'], ...CODE }],
    ['a response type that nobody knows', { ...CODE, response_types: ['code', 'tokenn'] }],
    ['keys twice', { jwks: JWKS, jwks_uri: JWKS_URI }],
    ['keys that are text', { jwks: JSON.stringify(JWKS) }],
    ['keys that are a list', { jwks: [JWK] }],
    ['keys without keys', { jwks: {} }],
    ['a key that is none', { jwks: { keys: [{}] } }],
    ['a private key', { jwks: { keys: [{ ...JWK, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' }] } }],
    ['a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMko' }] } }],
    ['a point that is on no curve', { jwks: { keys: [{ ...JWK, y: JWK.x }] } }],
    ['keys by plain http', { jwks_uri: 'http://rp.example.net/jwks.json' }],
    ['keys from a file', { jwks_uri: 'file:///etc/passwd' }],
    ['a logo that is a script', { logo_uri: 'javascript:alert(1)' }],
    ['a policy that is data', { policy_uri: 'data:text/html,x' }],
    ['a home page that is none', { client_uri: 'rp.example.net' }],
    ['terms in an application', { tos_uri: 'com.example.app:/tos' }],
    ['a language that is a script', { 'logo_uri#en': 'JavaScript:alert(1)' }],
  ],
  'RFC 7591 section 2.1': [
    ['code without its response type', { ...CODE, grant_types: ['authorization_code'], response_types: ['none'] }],
    ['code without its grant type', { ...CODE, grant_types: ['client_credentials'], response_types: ['code'] }],
    [
      'token without its grant type',
      { ...CODE, grant_types: ['authorization_code'], response_types: ['token', 'code'] },
    ],
    ['the implicit grant without a response type', { ...HYBRID_GRANTS, response_types: ['code'] }],
    [
      'id_token without its grant type',
      { ...CODE, grant_types: ['authorization_code'], response_types: ['code id_token'] },
    ],
  ],
  'OpenID Connect Registration section 2': [
    ['an application type that nobody knows', { ...CODE, application_type: 'desktop' }],
    ['a subject type that nobody knows', { ...CODE, subject_type: 'anonymous' }],
    [
      'two hosts in one sector',
      { redirect_uris: [CALLBACK, 'https://other.example.net/cb'], subject_type: 'pairwise' },
    ],
    ['a sector by plain http', { ...CODE, sector_identifier_uri: 'http://rp.example.net/sector.json' }],
    [
      'ID tokens without a signature in the front channel',
      { ...HYBRID_GRANTS, response_types: ['code id_token'], id_token_signed_response_alg: 'none' },
    ],
    [
      'client authentication without a signature',
      {
        ...CODE,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: JWKS_URI,
        token_endpoint_auth_signing_alg: 'none',
      },
    ],
    [
      'a signature with the key of the other side',
      {
        ...CODE,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: JWKS_URI,
        token_endpoint_auth_signing_alg: 'HS256',
      },
    ],
    [
      'a signature with a key that a secret is not',
      { ...CODE, token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'RS256' },
    ],
    ['no key to authenticate with', { ...CODE, token_endpoint_auth_method: 'private_key_jwt' }],
    ['an algorithm that nobody knows', { ...CODE, id_token_signed_response_alg: 'XX256' }],
    ['an algorithm in another case', { ...CODE, id_token_signed_response_alg: 'rs256' }],
    ['content encryption alone', { ...CODE, id_token_encrypted_response_enc: 'A128CBC-HS256' }],
    ['UserInfo content encryption alone', { ...CODE, userinfo_encrypted_response_enc: 'A256GCM' }],
    ['request object content encryption alone', { ...CODE, request_object_encryption_enc: 'A256GCM' }],
    ['an age below nothing', { ...CODE, default_max_age: -1 }],
    ['an age that is a string', { ...CODE, default_max_age: '60' }],
    ['an age and a half', { ...CODE, default_max_age: 1.5 }],
    ['truth that is a string', { ...CODE, require_auth_time: 'true' }],
    ['a page to log in from by plain http', { ...CODE, initiate_login_uri: 'http://rp.example.net/login' }],
    ['a request URI by plain http', { ...CODE, request_uris: ['http://rp.example.net/r.jwt'] }],
  ],
  'OpenID Connect logout': [
    ['the front channel of another host', { ...CODE, frontchannel_logout_uri: 'https://other.example.net/out' }],
    ['the back channel with a fragment', { ...CODE, backchannel_logout_uri: 'https://rp.example.net/out#x' }],
    ['the back channel of an application', { ...CODE, backchannel_logout_uri: 'com.example.app:/out' }],
    ['elsewhere, relative', { ...CODE, post_logout_redirect_uris: ['/bye'] }],
    ['elsewhere with a script', { ...CODE, post_logout_redirect_uris: ['javascript:alert(1)'] }],
  ],
  'RFC 8705 section 2.1.2': [
    ['no subject', { ...CODE, token_endpoint_auth_method: 'tls_client_auth' }],
    [
      'two subjects',
      {
        ...CODE,
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_san_dns: 'a.example',
        tls_client_auth_san_ip: '203.0.113.1',
      },
    ],
    ['no certificate', { ...CODE, token_endpoint_auth_method: 'self_signed_tls_client_auth' }],
  ],
  'CIBA section 4': [
    ['no delivery mode', { grant_types: [CIBA] }],
    ['a delivery mode that nobody knows', { grant_types: [CIBA], backchannel_token_delivery_mode: 'carrier_pigeon' }],
    ['nobody to ping', { grant_types: [CIBA], backchannel_token_delivery_mode: 'ping' }],
    [
      'a notification by plain http',
      {
        grant_types: [CIBA],
        backchannel_token_delivery_mode: 'ping',
        backchannel_client_notification_endpoint: 'http://rp.example.net/n',
      },
    ],
    [
      'a symmetric signature',
      {
        grant_types: [CIBA],
        backchannel_token_delivery_mode: 'poll',
        backchannel_authentication_request_signing_alg: 'HS256',
      },
    ],
  ],
  'JARM section 3': [
    ['answers without a signature', { ...CODE, authorization_signed_response_alg: 'none' }],
    ['content encryption alone', { ...CODE, authorization_encrypted_response_enc: 'A256GCM' }],
  ],
};

const WRONG_REDIRECT_URIS: readonly Refused[] = [
  ...[
    'https://rp.example.net/cb#fragment',
    'https://rp.example.net/cb#',
    '/cb',
    'rp.example.net/cb',
    'https://',
    'invalid uri',
    'https://rp.example.net/c b',
    'https://user@rp.example.net/cb',
    'https://*.example.net/cb',
    'http://rp.example.net/cb',
    'javascript:alert(1)',
    'data:text/html;base64,PGI+',
    'https://rp.example.net/\u0000',
    'https://rp.example.net\\@evil.example/',
    ' https://rp.example.net/cb',
    '',
  ].map((uri): Refused => [JSON.stringify(uri), { redirect_uris: [CALLBACK, uri] }]),
  ['one string', { redirect_uris: CALLBACK }],
  ['an object', { redirect_uris: { 0: CALLBACK } }],
  ['a number', { redirect_uris: [1] }],
  ['null', { redirect_uris: [null] }],
  ['none for code', { grant_types: ['authorization_code'] }],
  ['none for id_token', { response_types: ['id_token'] }],
  ['an empty list for code', { redirect_uris: [], response_types: ['code'] }],
  [
    'plain http of a web client with the implicit grant',
    { ...IMPLICIT_GRANT, response_types: ['token'], redirect_uris: ['http://rp.example.net/cb'] },
  ],
  [
    'localhost of a web client with the implicit grant',
    { ...IMPLICIT_GRANT, response_types: ['token'], application_type: 'web', redirect_uris: ['https://localhost/cb'] },
  ],
  ['plain http of a native client', { application_type: 'native', redirect_uris: ['http://rp.example.net/cb'] }],
];

const ISSUED = ['client_id', 'client_secret', 'client_secret_expires_at', 'registration_access_token'];

describe('requests of existing clients and test suites', () => {
  describe.each(Object.entries(ACCEPTED))('%s', (_section, examples) => {
    it.each(examples.map(([request, metadata, registered = {}]) => [request, metadata, registered] as const))(
      'takes %s',
      (_request, metadata, registered) => {
        const sent = Object.fromEntries(Object.entries(metadata).filter(([name]) => !ISSUED.includes(name)));
        const decision = decideOn(metadata);
        const again = decideOnUpdate(sent);
        const members = decision.metadata as Record<string, unknown>;

        expect(refusalsOf(decision)).toEqual([]);
        for (const [name, value] of Object.entries({ ...sent, ...registered })) {
          expect([name, members[name]]).toEqual([name, value]);
        }
        expect(again.accepted).toBe(true);
        expect(again.metadata).toEqual(decision.metadata);
      },
    );
  });

  const expectRefused = (metadata: object, error: string): void => {
    const [onRegister] = refusalsOf(decideOn(metadata, { plane: 'protocol' }));
    const [onUpdate] = refusalsOf(decideOnUpdate(metadata, { plane: 'protocol' }));

    expect(onRegister).toMatchObject({ severity: 'refused', error });
    expect(onUpdate).toEqual(onRegister);
  };

  describe.each(Object.entries(WRONG_METADATA))('%s: invalid_client_metadata', (_section, examples) => {
    it.each(examples)('%s', (_request, metadata) => {
      expectRefused({ ...CODE, ...metadata }, 'invalid_client_metadata');
    });
  });

  describe('RFC 7591 sections 3.2.2 and 5, OpenID Connect Registration section 2: invalid_redirect_uri', () => {
    it.each(WRONG_REDIRECT_URIS)('%s', (_request, metadata) => {
      expectRefused(metadata, 'invalid_redirect_uri');
    });
  });
});
