import { generateKeyPairSync } from 'node:crypto';
import { JWK, JWKS } from './support/samples.ts';
import { startServer, type Answer, type TestServer } from './support/server.ts';

const CALLBACK = 'https://client.example.org/callback';
const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';
const CODE = { grant_types: ['authorization_code'], response_types: ['code'] };
const IMPLICIT = { grant_types: ['implicit'], response_types: ['id_token'] };

const RSA_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
const OKP_KEY = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

/** The result code, the member that the description names, and the metadata that is refused. */
type Refused = [resultCode: string, member: string, metadata: object];

describe('the rules across members', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer();
  });

  afterAll(() => server.close());

  const register = (metadata: object): Promise<Answer> => server.call('register', { json: JSON.stringify(metadata) });

  const expectRefused = (
    { status, body, content }: Answer,
    resultCode: string,
    member: string,
    error = 'invalid_client_metadata',
  ): void => {
    expect(status).toBe(200);
    expect(body).toMatchObject({ action: 'BAD_REQUEST', resultCode });
    expect(content).toEqual({ error, error_description: body.resultMessage });
    expect(content.error_description).toContain(member);
  };

  const accepts = (examples: readonly object[]): void => {
    it.each(examples)('accepts %j', async (metadata) => {
      const { body, content } = await register(metadata);

      expect(body).toMatchObject({ action: 'CREATED' });
      expect(content).toMatchObject(metadata);
    });
  };

  const refuses = (examples: readonly Refused[], error?: string): void => {
    it.each(examples)('refuses with %s, naming %s: %j', async (resultCode, member, metadata) => {
      expectRefused(await register(metadata), resultCode, member, error);
    });
  };

  describe('redirect_uris are there when a flow with redirection is named (RFC 7591 section 2)', () => {
    accepts([
      { client_name: 'My Dynamic Client' },
      {},
      { ...CODE, redirect_uris: [CALLBACK] },
      { grant_types: ['client_credentials'] },
      { grant_types: ['client_credentials'], response_types: ['none'] },
      { response_types: ['none'], grant_types: ['password'] },
    ]);
    refuses(
      [
        ['A031234', "'redirect_uris'", CODE],
        ['A031234', "'redirect_uris'", IMPLICIT],
        ['A031234', "'redirect_uris'", { grant_types: ['authorization_code', 'refresh_token'] }],
        ['A031234', "'redirect_uris'", { response_types: ['code'] }],
        ['A031234', "'redirect_uris'", { response_types: ['id_token token'] }],
        ['A031234', "'redirect_uris'", { ...CODE, redirect_uris: [] }],
        ['A031234', "'redirect_uris'", { ...CODE, redirect_uris: null }],
      ],
      'invalid_redirect_uri',
    );
  });

  describe('grant types and response types go together (RFC 7591 section 2.1)', () => {
    accepts([
      { ...IMPLICIT, redirect_uris: [CALLBACK] },
      {
        grant_types: ['authorization_code', 'implicit'],
        response_types: ['code id_token'],
        redirect_uris: [CALLBACK],
      },
    ]);
    refuses([
      [
        'A204302',
        "'authorization_code'",
        { grant_types: ['authorization_code'], response_types: ['none'], redirect_uris: [CALLBACK] },
      ],
      ['A204303', "'implicit'", { grant_types: ['implicit'], response_types: ['none'], redirect_uris: [CALLBACK] }],
      ['A204304', "'authorization_code'", { grant_types: ['client_credentials'], response_types: ['code'] }],
      ['A204305', "'implicit'", { grant_types: ['client_credentials'], response_types: ['token'] }],
    ]);
  });

  describe('redirect URIs use https, loopback or a scheme of their own (RFC 7591 section 5, RFC 9700 section 4.1.3)', () => {
    accepts(
      [CALLBACK, 'http://localhost:8080/callback', 'http://127.0.0.1/', 'http://[::1]/', 'exampleapp://callback'].map(
        (redirectUri) => ({ redirect_uris: [redirectUri] }),
      ),
    );
    refuses(
      [
        { redirect_uris: ['http://client.example.org/callback'] },
        { redirect_uris: ['HTTP://client.example.org/callback'] },
        { redirect_uris: [CALLBACK, 'http://localhost.example.org/'] },
        { redirect_uris: ['http://client.example.org/callback'], application_type: 'web' },
        { redirect_uris: ['http://client.example.org/callback'], token_endpoint_auth_method: 'none' },
        { redirect_uris: ['http://192.168.0.1/callback'] },
      ].map((metadata): Refused => ['A031219', "'redirect_uris'", metadata]),
      'invalid_redirect_uri',
    );
  });

  describe('redirect URIs leave the answer to the server (RFC 6749 section 4.1.2, JARM section 2.3)', () => {
    accepts([
      { redirect_uris: [`${CALLBACK}?a=b&c=d`] },
      { redirect_uris: [`${CALLBACK}?codes=1&states`, `${CALLBACK}/code?x=code`] },
      { redirect_uris: ['com.example.app:/callback?Code=1'] },
    ]);
    refuses(
      ['?code=1', '?a=b&state', '?response=', '?%63ode=1'].map((query): Refused => [
        'A031214',
        "'redirect_uris'",
        { redirect_uris: [CALLBACK, `${CALLBACK}${query}`] },
      ]),
      'invalid_redirect_uri',
    );
  });

  describe('redirect URIs of a web client with the implicit grant use https (OpenID Connect Registration section 2)', () => {
    const web = { ...IMPLICIT, application_type: 'web' };
    accepts([
      { ...web, redirect_uris: [CALLBACK] },
      { ...web, redirect_uris: ['HTTPS://client.example.org/callback'] },
      { ...CODE, application_type: 'web', redirect_uris: ['http://localhost/callback'] },
      { ...IMPLICIT, application_type: 'native', redirect_uris: ['http://localhost/callback'] },
    ]);
    refuses(
      [
        ['A031219', "'redirect_uris'", { ...web, redirect_uris: ['http://client.example.org/callback'] }],
        ['A031219', "'redirect_uris'", { ...web, redirect_uris: [CALLBACK, 'http://localhost/callback'] }],
        ['A031219', "'redirect_uris'", { ...web, redirect_uris: ['https://localhost/callback'] }],
        ['A031219', "'redirect_uris'", { ...web, redirect_uris: ['https://127.0.0.1/callback'] }],
        ['A031219', "'redirect_uris'", { ...web, redirect_uris: ['https://[::1]:8443/callback'] }],
        ['A031219', "'redirect_uris'", { ...web, redirect_uris: ['com.example.app:/callback'] }],
        ['A031219', "'redirect_uris'", { ...IMPLICIT, redirect_uris: ['http://client.example.org/callback'] }],
      ],
      'invalid_redirect_uri',
    );
  });

  describe('redirect URIs of a native client stay on its device (RFC 8252 section 7)', () => {
    const native = { application_type: 'native' };
    accepts([
      { ...native, redirect_uris: ['com.example.app:/callback'] },
      { ...native, redirect_uris: ['http://localhost:3000/callback', 'http://127.0.0.1/', 'http://[::1]:1/'] },
      { ...native, redirect_uris: ['https://app.example.org/callback'] },
      { redirect_uris: ['http://127.0.0.1:8080/callback'] },
    ]);
    refuses(
      [
        ['A031219', "'redirect_uris'", { ...native, redirect_uris: ['http://client.example.org/callback'] }],
        ['A031219', "'redirect_uris'", { ...native, redirect_uris: ['http://127.0.0.1.example.org/'] }],
        ['A031219', "'redirect_uris'", { ...native, redirect_uris: ['http://localhost.example.org/'] }],
        ['A031219', "'redirect_uris'", { ...native, redirect_uris: ['https://localhost/callback'] }],
        [
          'A031219',
          "'redirect_uris'",
          { ...native, redirect_uris: ['com.example.app:/callback', 'http://client.example.org/'] },
        ],
      ],
      'invalid_redirect_uri',
    );
  });

  describe('redirect URIs can be taken apart (RFC 3986)', () => {
    refuses(
      [
        ['A204307', "'redirect_uris'", { redirect_uris: ['ftp://'], subject_type: 'pairwise' }],
        ['A204307', "'redirect_uris'", { redirect_uris: ['com.example://[x]/'], subject_type: 'pairwise' }],
        ['A031210', "'redirect_uris'", { redirect_uris: ['com.example.app:/callback#fragment'] }],
      ],
      'invalid_redirect_uri',
    );
  });

  describe('keys are given by reference or by value (RFC 7591 section 2)', () => {
    accepts([{ jwks: JWKS }, { jwks_uri: 'https://client.example.org/jwks.json' }]);
    refuses([['A204301', "'jwks'", { jwks: JWKS, jwks_uri: 'https://client.example.org/jwks.json' }]]);
  });

  describe('a JWK Set by value holds valid public keys (RFC 7591 section 2, RFC 7517)', () => {
    const keys = (...keys: object[]) => ({ jwks: { keys } });
    accepts([
      keys(),
      keys(JWK, RSA_KEY, OKP_KEY),
      keys({ ...RSA_KEY, alg: 'PS256', use: 'sig', kid: 'a' }),
      keys({ ...RSA_KEY, alg: 'RSA-OAEP-256', use: 'enc' }),
      keys({ ...JWK, alg: 'ES256' }, { ...JWK, alg: 'ECDH-ES+A128KW', kid: '2' }),
      keys({ ...OKP_KEY, alg: 'EdDSA' }),
      keys({ ...JWK, alg: 'an algorithm of the future' }),
      keys({ kty: 'AKP', alg: 'ML-DSA-44', pub: 'x' }),
      keys({ kty: 'of the future' }),
    ]);
    refuses(
      [
        { ...JWK, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' },
        { ...RSA_KEY, d: 'AQAB' },
        { ...RSA_KEY, p: 'AQAB' },
        { ...RSA_KEY, oth: [] },
        { ...OKP_KEY, d: null },
        { kty: 'AKP', pub: 'x', priv: 'x' },
        { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr8' },
        { kty: 'oct' },
        { kty: 'of the future', k: 'x' },
        { kid: 'no type' },
        { kty: 1 },
        { ...JWK, kid: 1 },
        { ...JWK, use: ['sig'] },
        { ...JWK, alg: {} },
        { ...JWK, alg: 'RS256' },
        { ...JWK, alg: 'EdDSA' },
        { ...RSA_KEY, alg: 'ES256' },
        { ...RSA_KEY, alg: 'ECDH-ES' },
        { ...OKP_KEY, alg: 'RSA-OAEP' },
        { kty: 'RSA', e: 'AQAB' },
        { kty: 'RSA', n: 1, e: 'AQAB' },
        { kty: 'EC', crv: 'P-256', x: JWK.x },
        { kty: 'EC', crv: 'P-256', x: JWK.y, y: JWK.x },
        { kty: 'EC', crv: 'P-512', x: JWK.x, y: JWK.y },
        { kty: 'OKP', crv: 'Ed25519', x: 'AQAB' },
      ].map((key): Refused => ['A031212', "'jwks'", keys(JWK, key)]),
    );

    it('never repeats a key', async () => {
      const { body } = await register(keys({ ...JWK, d: 'a-private-value' }));

      expect(JSON.stringify(body)).not.toContain('a-private-value');
    });
  });

  describe('client authentication with a certificate of a CA has one subject (RFC 8705 section 2.1.2)', () => {
    const method = { token_endpoint_auth_method: 'tls_client_auth' };
    accepts([
      { ...method, tls_client_auth_subject_dn: 'CN=client,O=Example' },
      { ...method, tls_client_auth_subject_dn: 'CN=client, OU=A+OU=B, 2.5.4.5=, street=\\C3\\BC\\, 1 = 2' },
      { ...method, tls_client_auth_san_dns: 'client.example.org' },
      { ...method, tls_client_auth_san_uri: 'spiffe://example.org/client' },
      { ...method, tls_client_auth_san_ip: '203.0.113.7' },
      { ...method, tls_client_auth_san_ip: '2001:db8::7' },
      { ...method, tls_client_auth_san_email: 'client@example.org' },
      { tls_client_auth_san_dns: 'client.example.org' },
    ]);
    refuses([
      ['A032217', "'tls_client_auth'", method],
      ['A032217', "'tls_client_auth'", { ...method, tls_client_auth_san_dns: '' }],
      ['A032216', 'tls_client_auth_', { ...method, tls_client_auth_san_dns: 'a', tls_client_auth_san_email: 'b' }],
      ['A032216', 'tls_client_auth_', { tls_client_auth_subject_dn: 'CN=a', tls_client_auth_san_ip: '203.0.113.7' }],
      ...[
        'client',
        'CN',
        '=client',
        'CN=client,',
        'CN=client;O=Example',
        'CN=a"b',
        'CN=client\\',
        'CN=client\\x',
        '2.=client',
        `${'CN=a,'.repeat(300)}!`,
      ].map((tls_client_auth_subject_dn): Refused => [
        'A032218',
        "'tls_client_auth_subject_dn'",
        { ...method, tls_client_auth_subject_dn },
      ]),
      ['A031214', "'tls_client_auth_san_ip'", { ...method, tls_client_auth_san_ip: 'client.example.org' }],
      ['A031214', "'tls_client_auth_san_ip'", { ...method, tls_client_auth_san_ip: '203.0.113.0/24' }],
      ['A031214', "'tls_client_auth_san_ip'", { ...method, tls_client_auth_san_ip: 'fe80::1%eth0' }],
    ]);
  });

  describe('client authentication with a key of its own has that key (RFC 7523 section 3, RFC 8705 section 2.2.2)', () => {
    for (const token_endpoint_auth_method of ['private_key_jwt', 'self_signed_tls_client_auth']) {
      accepts([
        { token_endpoint_auth_method, jwks: JWKS },
        { token_endpoint_auth_method, jwks_uri: 'https://client.example.org/jwks.json' },
        { token_endpoint_auth_method, signed_jwks_uri: 'https://client.example.org/jwks.jwt' },
      ]);
      refuses([['A031234', "'jwks_uri'", { token_endpoint_auth_method }]]);
    }
  });

  describe('token_endpoint_auth_signing_alg fits the method (OpenID Connect Registration section 2)', () => {
    const secret = { token_endpoint_auth_method: 'client_secret_jwt' };
    const key = { token_endpoint_auth_method: 'private_key_jwt', jwks: JWKS };
    accepts([
      { ...secret, token_endpoint_auth_signing_alg: 'HS512' },
      { ...key, token_endpoint_auth_signing_alg: 'ES256' },
      { token_endpoint_auth_signing_alg: 'ES256' },
    ]);
    refuses([
      ['A031222', "'token_endpoint_auth_signing_alg'", { ...secret, token_endpoint_auth_signing_alg: 'RS256' }],
      ['A031222', "'token_endpoint_auth_signing_alg'", { ...key, token_endpoint_auth_signing_alg: 'HS256' }],
      ['A031201', "'token_endpoint_auth_signing_alg'", { ...secret, token_endpoint_auth_signing_alg: 'none' }],
    ]);
  });

  describe('content encryption comes with key management (OpenID Connect Registration section 2)', () => {
    const pairs = [
      'id_token_encrypted_response',
      'userinfo_encrypted_response',
      'request_object_encryption',
      'nfv_token_encrypted_response',
      'introspection_encrypted_response',
      'authorization_encrypted_response',
    ];
    accepts(pairs.map((name) => ({ [`${name}_alg`]: 'RSA-OAEP', [`${name}_enc`]: 'A256GCM', jwks: JWKS })));
    refuses(pairs.map((name): Refused => ['A032211', `'${name}_alg'`, { [`${name}_enc`]: 'A256GCM', jwks: JWKS }]));
  });

  describe('encryption to the client takes a key of the client (OpenID Connect Core section 10.2)', () => {
    const names = ['id_token', 'userinfo', 'nfv_token', 'introspection', 'authorization'].map(
      (name) => `${name}_encrypted_response_alg`,
    );
    accepts([
      ...names.map((name) => ({ [name]: 'A256KW' })),
      ...names.map((name) => ({ [name]: 'ECDH-ES', jwks_uri: 'https://client.example.org/jwks.json' })),
      { request_object_encryption_alg: 'RSA-OAEP' },
    ]);
    refuses(names.map((name): Refused => ['A031234', `'${name}'`, { [name]: 'ECDH-ES' }]));
  });

  describe('a symmetric algorithm takes a client secret (OpenID Connect Core section 16.19)', () => {
    const open = { token_endpoint_auth_method: 'none' };
    accepts([
      { ...open, id_token_signed_response_alg: 'ES256' },
      { id_token_signed_response_alg: 'HS256' },
      { id_token_encrypted_response_alg: 'dir' },
    ]);
    refuses([
      ['A031222', "'id_token_signed_response_alg'", { ...open, id_token_signed_response_alg: 'HS256' }],
      ['A031222', "'userinfo_signed_response_alg'", { ...open, userinfo_signed_response_alg: 'HS512' }],
      ['A031222', "'request_object_signing_alg'", { ...open, request_object_signing_alg: 'HS384' }],
      ['A031222', "'id_token_encrypted_response_alg'", { ...open, id_token_encrypted_response_alg: 'dir' }],
      ['A031222', "'authorization_signed_response_alg'", { ...open, authorization_signed_response_alg: 'HS256' }],
    ]);
  });

  describe('what must be signed is not signed with none (OpenID Connect Registration section 2, RFC 9101 section 10.5)', () => {
    const unsigned = { id_token_signed_response_alg: 'none' };
    accepts([
      { ...unsigned, ...CODE, redirect_uris: [CALLBACK] },
      { ...unsigned, grant_types: ['implicit'], response_types: ['token'], redirect_uris: [CALLBACK] },
      { request_object_signing_alg: 'none' },
      { require_signed_request_object: true },
      { require_signed_request_object: true, request_object_signing_alg: 'ES256' },
    ]);
    refuses([
      ['A031222', "'id_token_signed_response_alg'", { ...unsigned, ...IMPLICIT, redirect_uris: [CALLBACK] }],
      [
        'A031222',
        "'id_token_signed_response_alg'",
        { ...unsigned, response_types: ['code id_token'], redirect_uris: [CALLBACK] },
      ],
      [
        'A031222',
        "'request_object_signing_alg'",
        { require_signed_request_object: true, request_object_signing_alg: 'none' },
      ],
      ['A031201', "'authorization_signed_response_alg'", { authorization_signed_response_alg: 'none' }],
      ['A031201', "'introspection_signed_response_alg'", { introspection_signed_response_alg: 'none' }],
    ]);
  });

  describe('pairwise identifiers are made for one sector (OpenID Connect Core section 8.1)', () => {
    const pairwise = { subject_type: 'pairwise' };
    accepts([
      { ...pairwise, redirect_uris: [CALLBACK, 'https://client.example.org/other'] },
      { ...pairwise, redirect_uris: [CALLBACK, 'https://client.example.org:8443/'] },
      { subject_type: 'public', redirect_uris: [CALLBACK, 'https://other.example.org/'] },
    ]);
    refuses([
      ['A204312', "'sector_identifier_uri'", pairwise],
      ['A204312', "'sector_identifier_uri'", { ...pairwise, redirect_uris: [CALLBACK, 'https://other.example.org/'] }],
      ['A204312', "'sector_identifier_uri'", { ...pairwise, redirect_uris: ['com.example.app:/callback'] }],
      ['A032219', "'sector_identifier_uri'", { ...pairwise, sector_identifier_uri: 'https://127.0.0.1/' }],
      ['A204313', "'sector_identifier_uri'", { sector_identifier_uri: 'http://client.example.org/' }],
    ]);
  });

  describe('pairwise identifiers of backchannel authentication are made for where its keys or its endpoint are (CIBA section 4)', () => {
    const jwks_uri = 'https://client.example.org/jwks.json';
    const poll = { subject_type: 'pairwise', grant_types: [CIBA_GRANT], backchannel_token_delivery_mode: 'poll' };
    const push = {
      subject_type: 'pairwise',
      backchannel_token_delivery_mode: 'push',
      backchannel_client_notification_endpoint: 'https://client.example.org/notify',
    };
    const ping = { ...poll, ...push, grant_types: [CIBA_GRANT], backchannel_token_delivery_mode: 'ping' };
    const both = { grant_types: ['authorization_code', CIBA_GRANT], response_types: ['code'] };
    accepts([
      { ...poll, jwks_uri },
      { ...ping, jwks_uri, backchannel_client_notification_endpoint: 'https://other.example.org/notify' },
      { ...poll, ...both, jwks_uri, redirect_uris: [CALLBACK] },
      push,
      { ...push, jwks_uri: 'https://other.example.org/jwks.json' },
      { ...push, redirect_uris: [CALLBACK] },
      { ...poll, subject_type: 'public' },
    ]);
    refuses([
      ['A031234', "'jwks_uri'", poll],
      ['A031234', "'jwks_uri'", { ...poll, jwks: JWKS }],
      ['A031234', "'jwks_uri'", { ...ping, redirect_uris: [CALLBACK] }],
      ['A031234', "'jwks_uri'", { ...poll, sector_identifier_uri: 'https://client.example.org/sector.json' }],
      ['A204312', "'pairwise'", { ...poll, ...both, jwks_uri, redirect_uris: ['https://other.example.org/'] }],
      ['A204312', "'pairwise'", { ...push, redirect_uris: ['https://other.example.org/'] }],
    ]);
  });

  describe('request URIs use https, or what is behind them is signed (OpenID Connect Registration section 2)', () => {
    const http = { request_uris: ['https://client.example.org/a#b', 'http://client.example.org/request'] };
    accepts([
      { request_uris: ['https://client.example.org/request#47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'] },
      { ...http, request_object_signing_alg: 'RS256' },
      { ...http, require_signed_request_object: true },
    ]);
    refuses([
      ['A031219', "'request_uris'", http],
      ['A031219', "'request_uris'", { ...http, request_object_signing_alg: 'none' }],
      ['A204307', "'request_uris'", { request_uris: ['com.example.app:/request'] }],
      ['A031204', "'request_uris'", { request_uris: [`https://client.example.org/${'x'.repeat(512)}`] }],
    ]);
  });

  describe('backchannel authentication says how tokens are delivered (CIBA section 4)', () => {
    const ciba = { grant_types: [CIBA_GRANT] };
    const endpoint = { backchannel_client_notification_endpoint: 'https://client.example.org/notify' };
    accepts([
      { ...ciba, backchannel_token_delivery_mode: 'poll' },
      { ...ciba, ...endpoint, backchannel_token_delivery_mode: 'ping' },
      { ...ciba, ...endpoint, backchannel_token_delivery_mode: 'push' },
      { ...endpoint, backchannel_token_delivery_mode: 'push' },
    ]);
    refuses([
      ['A031234', "'backchannel_token_delivery_mode'", ciba],
      ['A031214', "'grant_types'", { backchannel_token_delivery_mode: 'poll' }],
      ['A031214', "'grant_types'", { ...endpoint, backchannel_token_delivery_mode: 'ping' }],
      ['A032215', "'backchannel_client_notification_endpoint'", { ...ciba, backchannel_token_delivery_mode: 'ping' }],
      ['A032215', "'backchannel_client_notification_endpoint'", { backchannel_token_delivery_mode: 'push' }],
      [
        'A031201',
        "'backchannel_authentication_request_signing_alg'",
        { backchannel_authentication_request_signing_alg: 'HS256' },
      ],
    ]);
  });

  describe('front-channel logout stays with a redirect URI (OpenID Connect Front-Channel Logout section 2)', () => {
    const redirect_uris = [CALLBACK, 'http://localhost:3000/callback'];
    accepts([
      { redirect_uris, frontchannel_logout_uri: 'https://client.example.org/logout?a=b' },
      { redirect_uris, frontchannel_logout_uri: 'https://CLIENT.example.org:443/logout' },
      { redirect_uris, frontchannel_logout_uri: 'http://localhost:3000/logout' },
    ]);
    refuses([
      ['A031214', "'frontchannel_logout_uri'", { frontchannel_logout_uri: 'https://client.example.org/logout' }],
      ...[
        'https://other.example.org/logout',
        'https://client.example.org:8443/logout',
        'http://client.example.org/logout',
        'http://localhost:3001/logout',
      ].map((frontchannel_logout_uri): Refused => [
        'A031214',
        "'frontchannel_logout_uri'",
        { redirect_uris, frontchannel_logout_uri },
      ]),
    ]);
  });

  describe('public clients log out over https (OpenID Connect RP-Initiated Logout section 3.1)', () => {
    const open = { token_endpoint_auth_method: 'none' };
    const http = 'http://client.example.org/logout';
    accepts([
      { post_logout_redirect_uris: [http], backchannel_logout_uri: http },
      {
        ...open,
        post_logout_redirect_uris: ['https://client.example.org/logout', 'http://localhost/', 'com.example:/'],
      },
      { ...open, backchannel_logout_uri: 'https://client.example.org/logout' },
    ]);
    refuses([
      ['A031219', "'post_logout_redirect_uris'", { ...open, post_logout_redirect_uris: ['https://a.example', http] }],
      ['A031219', "'backchannel_logout_uri'", { ...open, backchannel_logout_uri: http }],
    ]);
  });

  describe('of an update are those of a registration (RFC 7592 section 2.2)', () => {
    const broken: Refused[] = [
      ['A031234', "'redirect_uris'", { grant_types: ['implicit'] }],
      ['A031219', "'redirect_uris'", { ...IMPLICIT, redirect_uris: ['http://a.example'] }],
      ['A031212', "'jwks'", { jwks: { keys: [{ kty: 'oct' }] } }],
      ['A032217', "'tls_client_auth'", { token_endpoint_auth_method: 'tls_client_auth' }],
      ['A032211', "'userinfo_encrypted_response_alg'", { userinfo_encrypted_response_enc: 'A256GCM' }],
      ['A204312', "'sector_identifier_uri'", { subject_type: 'pairwise' }],
      ['A032219', "'sector_identifier_uri'", { sector_identifier_uri: 'https://127.0.0.1/' }],
      ['A031234', "'backchannel_token_delivery_mode'", { grant_types: [CIBA_GRANT] }],
    ];

    it.each(broken)('%s, naming %s: %j', async (resultCode, member, metadata) => {
      const { clientId, token } = await server.register();
      const before = await server.stored(clientId);

      const json = JSON.stringify({ client_id: String(clientId), ...metadata });
      const error = member === "'redirect_uris'" ? 'invalid_redirect_uri' : 'invalid_client_metadata';
      expectRefused(await server.call('update', { clientId, token, json }), resultCode, member, error);

      expect(await server.stored(clientId)).toEqual(before);
    });

    it('judges what remains: a member that another one needed cannot be left out', async () => {
      const jwks = { token_endpoint_auth_method: 'private_key_jwt', jwks: JWKS };
      const { clientId, token } = await server.register(jwks);

      const json = JSON.stringify({ client_id: String(clientId), token_endpoint_auth_method: 'private_key_jwt' });

      expectRefused(await server.call('update', { clientId, token, json }), 'A031234', "'jwks_uri'");
    });

    it('let a client without redirect URIs send back the flow that it was given, and name no other', async () => {
      const registered = await server.register({ client_name: 'My Dynamic Client' });
      const { clientId, token, information } = registered;

      const { content } = await server.update(registered, { ...information, client_name: 'My New Name' });
      const other = { ...information, grant_types: ['authorization_code', 'refresh_token'] };
      const refused = await server.call('update', { clientId, token, json: JSON.stringify(other) });

      expect(content).toEqual({ ...information, client_name: 'My New Name' });
      expectRefused(refused, 'A031234', "'redirect_uris'", 'invalid_redirect_uri');
    });
  });
});
