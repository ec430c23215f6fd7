import { decideOn, decideOnUpdate, REGISTERED, refusalsOf } from '../../test/decisions.ts';
import { JWKS, keySet, RSA_KEY } from '../../test/keys.ts';
import type { ClientMetadata } from '../metadata/client-metadata.ts';
import { RESULTS } from '../wire/result-codes.ts';
import { decide } from './decide.ts';
import { readRequest } from './read-request.ts';

const redirect_uris = ['https://client.example.org/callback'];

describe('defaults', () => {
  it('are the registered metadata of a client that sends nothing (RFC 7591 section 2)', () => {
    const { accepted, metadata, provenance, findings, checks } = decideOn({});

    expect(accepted).toBe(true);
    expect(metadata).toEqual({
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'web',
      subject_type: 'public',
      id_token_signed_response_alg: 'RS256',
      require_auth_time: false,
      tls_client_certificate_bound_access_tokens: false,
      require_signed_request_object: false,
      require_pushed_authorization_requests: false,
      frontchannel_logout_session_required: false,
      backchannel_logout_session_required: false,
      dpop_bound_access_tokens: false,
      use_mtls_endpoint_aliases: false,
      backchannel_user_code_parameter: false,
    });
    expect(new Set(Object.values(provenance))).toEqual(new Set(['default']));
    expect(Object.keys(provenance).sort()).toEqual(Object.keys(metadata).sort());
    expect([findings, checks]).toEqual([[], []]);
  });

  it('do not include default_max_age, and do not replace a registered 0', () => {
    expect(decideOn({}).metadata).not.toHaveProperty('default_max_age');
    expect(decideOn({ default_max_age: 0 }).metadata).toHaveProperty('default_max_age', 0);
  });

  it.each([
    [{}, ['authorization_code'], ['code']],
    [{ grant_types: ['client_credentials'] }, ['client_credentials'], []],
    [{ grant_types: ['refresh_token', 'authorization_code'] }, ['refresh_token', 'authorization_code'], ['code']],
    [{ grant_types: ['client_credentials'], response_types: [] }, ['client_credentials'], []],
    [{ response_types: ['token'] }, ['implicit'], ['token']],
    [{ response_types: ['id_token token'] }, ['implicit'], ['id_token token']],
    [{ response_types: ['code id_token'] }, ['authorization_code', 'implicit'], ['code id_token']],
    [{ response_types: ['code', 'id_token'] }, ['authorization_code', 'implicit'], ['code', 'id_token']],
    [{ grant_types: [], response_types: [] }, ['authorization_code'], ['code']],
    [{ response_types: ['vp_token'] }, undefined, ['vp_token']],
  ])('complete %j to %j and %j (RFC 7591 section 2.1)', (metadata, grant_types, response_types) => {
    const decision = decideOn({ redirect_uris, ...metadata });

    expect(decision.accepted).toBe(true);
    expect(decision.metadata.grant_types).toEqual(grant_types);
    expect(decision.metadata.response_types).toEqual(response_types);
  });

  it.each([
    [['http://localhost:8080/callback'], 'native'],
    [['http://127.0.0.1/callback', 'http://[::1]:1/'], 'native'],
    [['com.example.app:/callback'], 'native'],
    [['com.example.app:/callback', 'http://localhost/'], 'native'],
    [['https://client.example.org/callback'], 'web'],
    [['com.example.app:/callback', 'https://client.example.org/'], 'web'],
    [['https://localhost/callback'], 'web'],
    [undefined, 'web'],
  ])(
    'set the application type of a client with redirect_uris %j to %s (OpenID Connect Registration section 2)',
    (uris, type) => {
      expect(decideOn({ redirect_uris: uris }).metadata.application_type).toBe(type);
    },
  );

  it('do not replace values that were sent', () => {
    const decision = decideOn({ redirect_uris: ['http://localhost/'], application_type: 'web' });

    expect(decision.metadata.application_type).toBe('web');
    expect(decision.provenance.application_type).toBe('requested');
  });

  it.each([
    ['id_token_encrypted_response', 'RSA-OAEP'],
    ['userinfo_encrypted_response', 'RSA-OAEP'],
    ['request_object_encryption', 'RSA-OAEP'],
    ['nfv_token_encrypted_response', 'RSA-OAEP'],
    ['introspection_encrypted_response', 'RSA-OAEP'],
    ['authorization_encrypted_response', 'RSA-OAEP'],
  ])('set A128CBC-HS256 if %s_alg is present', (name, algorithm) => {
    const { metadata } = decideOn({ [`${name}_alg`]: algorithm, jwks: keySet(RSA_KEY) });

    expect(metadata).toHaveProperty(`${name}_enc`, 'A128CBC-HS256');
  });

  it('accept the words of a response type in any order (RFC 6749 section 3.1.1)', () => {
    const { metadata } = decideOn({ redirect_uris, response_types: ['token id_token code', 'code code'] });

    expect(metadata.response_types).toEqual(['code id_token token', 'code']);
  });
});

describe('members without effect', () => {
  it.each([
    'a_member_that_nobody_knows',
    'toString',
    'hasOwnProperty',
    'developer',
    'clientId',
    'locked',
    'dynamicallyRegistered',
    'scope#ja',
    'unknown#ja',
    'client_name_',
    'Client_Name',
  ])('are unknown members: %s (RFC 7591 section 2)', (name) => {
    const { accepted, metadata, findings } = decideOn({ [name]: true });

    expect(accepted).toBe(true);
    expect(metadata).toEqual(decideOn({}).metadata);
    expect(findings).toMatchObject([
      { rule: 'member-unknown', severity: 'ignored', members: [name.includes('#') ? `"${name}"` : name] },
    ]);
  });

  it('are, in a registration, the members that the server issues, with any value', () => {
    const issued = {
      client_id: '1',
      client_secret: 1,
      client_id_issued_at: 1,
      client_secret_expires_at: 'x',
      registration_access_token: 'a-token-of-my-own',
      registration_client_uri: 'https://attacker.example.org/',
    };
    const decision = decideOn(issued);

    expect(decision.metadata).toEqual(decideOn({}).metadata);
    expect(decision.checks).toEqual([]);
    expect(decision.findings.map(({ rule, members }) => [rule, ...members])).toEqual(
      Object.keys(issued).map((name) => ['member-issued', name]),
    );
    expect(JSON.stringify(decision)).not.toContain('a-token-of-my-own');
  });

  it('are named, at most twenty of them', () => {
    const { findings } = decideOn(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`m${i}`, 1])));

    const ignored = (name: string) => `[${RESULTS.memberIgnored.code}] ${name}: is not known and is ignored.`;
    expect(findings).toHaveLength(20);
    expect(findings[0]?.message).toBe(ignored('m0'));
    expect(findings.at(-1)?.message).toBe(`${ignored('m19')} 10 other members are ignored as well.`);
  });
});

describe('the order of decisions', () => {
  it('is issued members, statement, fields, rules, support, custom members', () => {
    const parts = [
      { client_id: 'another' },
      { software_statement: 1 },
      { client_name: 1 },
      { grant_types: ['client_credentials'], response_types: ['code'] },
      { scope: 'write' },
      { custom: '\0' },
    ];
    const settings = {
      supportedScopes: [{ name: 'read' }],
      supportedCustomClientMetadata: ['custom'],
    };
    const rules = [
      'issued-members',
      'statement-text',
      'string-expected',
      'grant-authorization-code',
      'value-supported',
      'text-characters',
    ];
    for (let first = 0; first < parts.length; first++) {
      const metadata = Object.assign({}, ...parts.slice(first)) as object;
      for (const findings of ['first', 'all'] as const) {
        const decision = decideOnUpdate(metadata, { settings, findings });
        const reported = refusalsOf(decision).map(({ rule }) => rule);

        expect(reported).toEqual(findings === 'first' ? [rules[first]] : rules.slice(first));
      }
    }
  });

  it('is the order of the rows for fields', () => {
    const { findings } = decideOn({ client_name: 1, redirect_uris: ['x'], scope: 1 });

    expect(refusalsOf({ findings } as never).map(({ members }) => members[0])).toEqual([
      'redirect_uris[0]',
      'client_name',
      'scope',
    ]);
  });
});

describe('all findings', () => {
  it('do not include rules that read a refused member', () => {
    const { findings } = decideOn({ redirect_uris: ['x'], grant_types: ['implicit'], response_types: ['code'] });

    expect(findings.map(({ rule }) => rule)).toEqual([
      'uri-scheme',
      'grant-authorization-code',
      'grant-implicit',
      'advice-grant-types',
    ]);
  });

  it('report the valid members of a refused request', () => {
    const decision = decideOn({ client_name: 'A', client_uri: 'x', contacts: ['b'] });

    expect(decision.accepted).toBe(false);
    expect(decision.metadata).toMatchObject({ client_name: 'A', contacts: ['b'] });
    expect(decision.metadata).not.toHaveProperty('client_uri');
  });

  it('report ten independent problems', () => {
    const decision = decideOn({
      redirect_uris: ['https://client.example.org/', 'javascript:alert(1)'],
      token_endpoint_auth_method: 'telepathy',
      client_name: 1,
      'client_name#ja': '\u0000',
      logo_uri: 'http://client.example.org/',
      scope: ' openid',
      contacts: 'me',
      jwks: { keys: [{ kty: 'oct' }] },
      default_max_age: -1,
      require_auth_time: 'true',
      tls_client_auth_san_ip: 'x',
      grant_types: ['refresh_token'],
      vp_formats_supported: [1],
    });

    expect(refusalsOf(decision).map(({ rule, members }) => [rule, members[0]])).toEqual([
      ['scheme-allowed', 'redirect_uris[1]'],
      ['value-known', 'token_endpoint_auth_method'],
      ['string-expected', 'client_name'],
      ['text-characters', 'client_name#ja'],
      ['scheme-https', 'logo_uri'],
      ['scope-tokens', 'scope'],
      ['list-expected', 'contacts'],
      ['key-symmetric', 'jwks.keys[0].kty'],
      ['number-negative', 'default_max_age'],
      ['boolean-expected', 'require_auth_time'],
      ['object-expected', 'vp_formats_supported'],
      ['grant-refresh-token-alone', 'grant_types'],
      ['certificate-address', 'tls_client_auth_san_ip'],
    ]);
  });

  it('name at most ten languages of a member', () => {
    const metadata = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`client_name#x-${i}`, 1]));

    expect(refusalsOf(decideOn(metadata))).toHaveLength(10);
  });
});

describe('languages (RFC 7591 section 2.2)', () => {
  it('of a member are accepted without the member itself', () => {
    const decision = decideOn({ 'client_name#en': 'A', 'tos_uri#fr': 'https://client.example.org/fr' });

    expect(decision.accepted).toBe(true);
    expect(decision.metadata).toMatchObject({ 'client_name#en': 'A', 'tos_uri#fr': 'https://client.example.org/fr' });
    expect(decision.metadata).not.toHaveProperty('client_name');
    expect(decision.provenance).toHaveProperty('client_name#en', 'requested');
  });

  it.each([
    [{ 'client_name#ja-JP': 'a', 'client_name#JA-jp': 'b' }, 'language-tag-repeated', 'client_name#JA-jp'],
    [{ 'client_name#': 'x' }, 'language-tag', 'client_name#'],
    [{ 'client_name#日本': 'x' }, 'language-tag', 'client_name#\\u65e5\\u672c'],
    [{ 'client_name#\u0000\u001b': 'x' }, 'language-tag', 'client_name#\\u0000\\u001b'],
    [{ 'client_name#"\\': 'x' }, 'language-tag', 'client_name#\\"\\\\'],
    [{ [`client_name#${'a-'.repeat(20_000)}b`]: 'x' }, 'language-tag', `client_name#${'a-'.repeat(20)}...`],
    [{ 'logo_uri#en': 'JavaScript:alert(1)' }, 'scheme-allowed', 'logo_uri#en'],
  ])('are refused in %j by %s', (metadata, rule, member) => {
    const [refusal, ...others] = refusalsOf(decideOn(metadata));

    expect(others).toEqual([]);
    expect(refusal).toMatchObject({ rule, members: [member] });
    expect(refusal?.message).toMatch(/^\[A\d{6}\] [\x20-\x7e]+\.$/);
  });

  it('without a value are ignored', () => {
    expect(decideOn({ 'client_name#JA': '', 'client_name#ja': 'A', 'client_name#no such': null }).metadata).toEqual({
      ...decideOn({}).metadata,
      'client_name#ja': 'A',
    });
  });
});

describe('numbers', () => {
  it('that a double cannot hold are refused in members of the table', () => {
    for (const [text, member] of [
      ['{"default_max_age":3600.0000000000000001}', 'default_max_age'],
      ['{"vp_formats_supported":{"a":[9007199254740993]}}', 'vp_formats_supported'],
      [`{"jwks":{"keys":[${JSON.stringify({ ...RSA_KEY })}],"a":9007199254740993}}`, 'jwks'],
    ] as const) {
      expect(refusalsOf(decideOn(text))).toMatchObject([
        { rule: 'number-exact', members: [member], resultCode: RESULTS.numberInexact.code },
      ]);
    }
    expect(refusalsOf(decideOn('{"default_max_age":1e999}'))).toMatchObject([{ rule: 'number-too-large' }]);
    expect(decideOn('{"unknown":9007199254740993}').accepted).toBe(true);
  });
});

describe('the planes', () => {
  it.each([
    ['protocol', { protocolRegistration: 'OFF' }, false],
    ['protocol', { protocolRegistration: 'INITIAL_ACCESS_TOKEN' }, true],
    ['protocol', { dynamicRegistrationSupported: false }, true],
    ['api', { protocolRegistration: 'OFF' }, true],
    ['api', { dynamicRegistrationSupported: false }, false],
  ] as const)('on the %s plane, %j lets clients register: %s', (plane, settings, accepted) => {
    expect(decideOn({ redirect_uris: ['https://client.example.org/'] }, { plane, settings }).accepted).toBe(accepted);
  });

  it('differ if a client without redirect URIs names no flow', () => {
    expect(decideOn({}, { plane: 'api' }).accepted).toBe(true);
    expect(refusalsOf(decideOn({}, { plane: 'protocol' }))).toMatchObject([
      { rule: 'redirect-uris-present', error: 'invalid_redirect_uri', members: ['redirect_uris'] },
    ]);
  });

  it('do not differ for a client with redirect URIs', () => {
    const metadata = { redirect_uris, jwks: JWKS, client_name: 'A', unknown: 1 };

    expect(decideOn(metadata, { plane: 'protocol' })).toEqual(decideOn(metadata, { plane: 'api' }));
  });
});

describe('an update (RFC 7592 section 2.2)', () => {
  it('is decided on the new metadata: a member cannot be omitted if another member needs it', () => {
    const metadata = { token_endpoint_auth_method: 'private_key_jwt' };

    expect(decideOnUpdate({ ...metadata, jwks: JWKS }).accepted).toBe(true);
    expect(refusalsOf(decideOnUpdate(metadata))).toMatchObject([{ rule: 'keys-for-authentication' }]);
  });

  it('without redirect URIs has a check on the API plane whether the client has the default flow', () => {
    const sent = { grant_types: ['authorization_code'], response_types: ['code'] };
    const api = decideOnUpdate(sent, { plane: 'api' });
    const protocol = decideOnUpdate(sent, { plane: 'protocol' });

    expect(api.accepted).toBe(true);
    expect(api.checks).toMatchObject([
      {
        rule: 'redirect-uris-present',
        finding: { rule: 'redirect-uris-present', error: 'invalid_redirect_uri', members: ['redirect_uris'] },
      },
    ]);
    expect(protocol.accepted).toBe(false);
    expect(refusalsOf(protocol)[0]?.message).toContain('add the URIs, or send grant_types without redirection');
  });

  it('by an administrator may keep the default flow of a client without redirect URIs, and no other flow', () => {
    const flow = { grant_types: ['authorization_code'], response_types: ['code'] };
    const replace = (requested: object, replaced: ClientMetadata) =>
      decide(
        readRequest(JSON.stringify(requested)),
        {},
        {
          plane: 'api',
          operation: 'register',
          byAdministrator: true,
          replaced,
        },
      ).accepted;

    expect(replace(flow, flow)).toBe(true);
    expect(replace(flow, { ...flow, redirect_uris: ['https://client.example.org/'] })).toBe(false);
    expect(replace(flow, { ...flow, grant_types: ['authorization_code', 'refresh_token'] })).toBe(false);
  });

  it('depends on whether the server can read the secret of the client', () => {
    const metadata = { id_token_signed_response_alg: 'HS256' };

    expect(decideOnUpdate(metadata, { registered: { ...REGISTERED, secret: 'none' } }).accepted).toBe(true);
    expect(decideOnUpdate(metadata, { registered: { ...REGISTERED, secret: 'recoverable' } }).accepted).toBe(true);
    expect(decideOnUpdate(metadata, { registered: { ...REGISTERED, secret: 'hashed' } }).accepted).toBe(false);
  });
});
