import { decideOn, decideOnUpdate, refusalsOf } from '../../test/decisions.ts';
import { JWKS, keySet, RSA_KEY } from '../../test/keys.ts';
import { FIELDS } from '../metadata/client-metadata.ts';
import { RESULTS } from '../wire/result-codes.ts';
import type { RegistrationSettings } from '../metadata/registration-settings.ts';

const redirect_uris = ['https://client.example.org/callback'];

type Limit = readonly [settings: RegistrationSettings, member: string, whole: unknown, partly: unknown, none: unknown];

/** Each setting that limits a list, with a supported value, a partly supported value and an unsupported value. */
const LIMITS: readonly Limit[] = [
  [
    { supportedGrantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'] },
    'grant_types',
    ['authorization_code', 'refresh_token'],
    ['authorization_code', 'password', 'refresh_token'],
    ['password'],
  ],
  [
    { supportedResponseTypes: ['CODE', 'CODE_ID_TOKEN'] },
    'response_types',
    ['code', 'code id_token'],
    ['code', 'token', 'code id_token'],
    ['id_token token'],
  ],
  [
    { supportedScopes: ['read', 'write'].map((name) => ({ name, defaultEntry: false })) },
    'scope',
    'read write',
    'read admin write',
    'admin',
  ],
  [{ supportedAcrs: ['one', 'two'] }, 'default_acr_values', ['one', 'two'], ['one', 'three', 'two'], ['three']],
  [
    { supportedAuthorizationDetailsTypes: ['payment', 'account'] },
    'authorization_details_types',
    ['payment', 'account'],
    ['payment', 'other', 'account'],
    ['other'],
  ],
  [
    { supportedClientRegistrationTypes: ['EXPLICIT'] },
    'client_registration_types',
    ['explicit'],
    ['automatic', 'explicit'],
    ['automatic'],
  ],
];

type SingleLimit = readonly [settings: RegistrationSettings, member: string, supported: string, other: string];

const SINGLE_LIMITS: readonly SingleLimit[] = [
  [{ supportedTokenAuthMethods: ['CLIENT_SECRET_POST'] }, 'token_endpoint_auth_method', 'client_secret_post', 'none'],
  [{ supportedDigestAlgorithms: ['sha-256'] }, 'digest_algorithm', 'sha-256', 'sha-512'],
  [{ supportedBackchannelTokenDeliveryModes: ['PUSH'] }, 'backchannel_token_delivery_mode', 'push', 'poll'],
  [{ supportedSubjectTypes: ['PAIRWISE'] }, 'subject_type', 'pairwise', 'public'],
  ...FIELDS.flatMap(([member, { supported, algorithm }]): SingleLimit[] => {
    if (algorithm === undefined || supported === undefined) return [];
    if ('signs' in algorithm) return [[{ [supported]: ['PS256', 'RS256'] }, member, 'PS256', 'ES256']];
    return 'contentOf' in algorithm
      ? [[{ [supported]: ['A256GCM'] }, member, 'A256GCM', 'A128GCM']]
      : [[{ [supported]: ['RSA_OAEP_256'] }, member, 'RSA-OAEP-256', 'RSA-OAEP']];
  }),
];

/** Members that a service supports with every value, or does not support. */
const CAPABILITIES: readonly (readonly [setting: string, member: string, value: unknown, absent: unknown])[] = [
  ['tlsClientCertificateBoundAccessTokens', 'tls_client_certificate_bound_access_tokens', true, false],
  ['backchannelUserCodeParameterSupported', 'backchannel_user_code_parameter', true, false],
  ['backchannelLogoutSupported', 'backchannel_logout_uri', 'https://client.example.org/logout', undefined],
  ['backchannelLogoutSessionSupported', 'backchannel_logout_session_required', true, false],
];

/** Further members, with which no value of these tables violates a rule. */
function beside(member: string): object {
  const { algorithm } = FIELDS.find(([name]) => name === member)![1];
  return {
    redirect_uris,
    jwks: keySet(RSA_KEY, JWKS.keys[0]!),
    ...(algorithm !== undefined && 'contentOf' in algorithm && { [algorithm.contentOf]: 'RSA-OAEP' }),
    ...(member === 'backchannel_token_delivery_mode' && {
      grant_types: ['urn:openid:params:grant-type:ciba'],
      backchannel_client_notification_endpoint: 'https://client.example.org/notify',
    }),
    ...(member === 'response_types' && { grant_types: ['authorization_code', 'implicit'] }),
  };
}

function expectUnsupported(decision: ReturnType<typeof decideOn>, member: string, words: string): void {
  const refusal = refusalsOf(decision).find(({ rule }) => rule === 'value-supported');

  expect(decision.accepted).toBe(false);
  expect(refusal).toMatchObject({
    members: [member],
    error: 'invalid_client_metadata',
    resultCode: RESULTS.valueUnsupported.code,
  });
  expect(refusal?.message).toContain(words);
}

describe('settings', () => {
  it('in these tables are all settings that limit a member', () => {
    const limited = FIELDS.filter(([, { supported }]) => supported !== undefined).map(([name]) => name);
    const tested = [...LIMITS, ...SINGLE_LIMITS, ...CAPABILITIES].map(([, member]) => member);

    expect([...tested].sort()).toEqual([...limited].sort());
  });
});

describe('a strict service', () => {
  it.each(LIMITS)('%j, in %s: accepts %j, refuses %j and %j', (settings, member, whole, partly, none) => {
    const others = member === 'response_types' ? { redirect_uris } : beside(member);
    const expected = [whole].flat().join(', ').replaceAll('read write', 'read, write');

    expect(decideOn({ ...others, [member]: whole }, { settings }).metadata).toHaveProperty(member, whole);
    const at =
      typeof partly === 'string' ? '' : Array.isArray(partly) && member === 'client_registration_types' ? '[0]' : '[1]';
    expectUnsupported(
      decideOn({ ...others, [member]: partly }, { settings }),
      `${member}${at}`,
      `use one of ${expected}.`,
    );
    expectUnsupported(
      decideOn({ ...others, [member]: none }, { settings }),
      `${member}${typeof none === 'string' ? '' : '[0]'}`,
      'is not supported by this service',
    );
  });

  it.each(SINGLE_LIMITS)('%j, in %s: accepts %j and refuses %j', (settings, member, supported, other) => {
    const accepted = decideOn({ ...beside(member), [member]: supported }, { settings });

    expect(refusalsOf(accepted)).toEqual([]);
    expect(accepted.metadata).toHaveProperty(member, supported);
    expectUnsupported(
      decideOn({ ...beside(member), [member]: other }, { settings }),
      member,
      `"${other}" is not supported by this service; use one of ${supported}`,
    );
  });

  it.each(CAPABILITIES)('without %s refuses %s: %j', (setting, member, value, absent) => {
    for (const settings of [{}, { [setting]: true }]) {
      expect(decideOn({ redirect_uris, [member]: value }, { settings }).metadata).toHaveProperty(member, value);
    }
    const settings = { [setting]: false };

    expectUnsupported(decideOn({ redirect_uris, [member]: value }, { settings }), member, 'omit the member');
    expect(decideOn({ redirect_uris, [member]: absent }, { settings }).accepted).toBe(true);
  });

  it('also applies to updates and defaults', () => {
    const settings = { supportedGrantTypes: ['CLIENT_CREDENTIALS'] };

    expectUnsupported(decideOn({}, { settings }), 'grant_types[0]', 'send one of client_credentials');
    expectUnsupported(
      decideOnUpdate({ scope: 'read admin' }, { settings: { supportedScopes: [{ name: 'read' }] } }),
      'scope',
      'use one of read',
    );
  });

  it('refuses values that no service knows, and accepts extension grants that it lists', () => {
    const extension = 'urn:example:grant';
    const metadata = { redirect_uris, grant_types: ['authorization_code', extension] };
    const settings = { supportedGrantTypes: ['AUTHORIZATION_CODE', extension] };

    expect(refusalsOf(decideOn(metadata))).toMatchObject([{ rule: 'value-known', members: ['grant_types[1]'] }]);
    expect(decideOn(metadata, { settings }).metadata.grant_types).toEqual(metadata.grant_types);
  });

  it('does not depend on the order of the words of a response type (RFC 6749 section 3.1.1)', () => {
    const settings = { supportedResponseTypes: ['CODE_ID_TOKEN'] };

    expect(
      decideOn({ redirect_uris, response_types: ['id_token code'] }, { settings }).metadata.response_types,
    ).toEqual(['code id_token']);
  });
});

describe('a default', () => {
  it.each([
    [{ supportedJwsAlgs: ['ES256', 'PS256'] }, {}, { id_token_signed_response_alg: 'ES256' }],
    [{ supportedJwsAlgs: ['ES256', 'RS256'] }, {}, { id_token_signed_response_alg: 'RS256' }],
    [{ supportedSubjectTypes: ['PAIRWISE'] }, {}, { subject_type: 'pairwise' }],
    [
      { supportedTokenAuthMethods: ['CLIENT_SECRET_POST', 'CLIENT_SECRET_BASIC'] },
      {},
      { token_endpoint_auth_method: 'client_secret_basic' },
    ],
    [
      { supportedTokenAuthMethods: ['CLIENT_SECRET_POST', 'NONE'] },
      {},
      { token_endpoint_auth_method: 'client_secret_post' },
    ],
    [{ supportedTokenAuthMethods: ['NONE'] }, {}, { token_endpoint_auth_method: 'none' }],
    [
      { supportedJweEncs: ['A256GCM'] },
      { jwks: JWKS, id_token_encrypted_response_alg: 'ECDH-ES' },
      { id_token_encrypted_response_enc: 'A256GCM' },
    ],
  ])('with the settings %j and the members %j is a supported value: %j', (settings, metadata, expected) => {
    const decision = decideOn({ redirect_uris, ...metadata }, { settings });

    expect(decision.accepted).toBe(true);
    expect(decision.metadata).toMatchObject(expected);
    for (const name of Object.keys(expected)) expect(decision.provenance).toHaveProperty(name, 'default');
  });

  it('is the scope of the default entries, for a client without a scope', () => {
    const settings = {
      supportedScopes: [
        { name: 'openid', defaultEntry: true },
        { name: 'profile', defaultEntry: false },
        { name: 'email', defaultEntry: true },
      ],
    };

    expect(decideOn({}, { settings }).metadata.scope).toBe('openid email');
    expect(decideOn({ scope: '' }, { settings }).metadata.scope).toBe('openid email');
    expect(decideOn({ scope: 'profile' }, { settings }).metadata.scope).toBe('profile');
    expect(decideOn({}).metadata).not.toHaveProperty('scope');
  });
});

describe('a service that narrows (RFC 7591 section 2)', () => {
  it.each(LIMITS)('%j, in %s: accepts %j, narrows %j, refuses %j', (limits, member, whole, partly, none) => {
    const settings = { ...limits, unsupportedValues: 'NARROW' as const };
    const decide = (value: unknown) => decideOn({ ...beside(member), [member]: value }, { settings });
    const narrowed = decide(partly);
    const finding = narrowed.findings.find(({ rule }) => rule === 'value-narrowed');

    if (member !== 'response_types') expect(decide(whole).accepted).toBe(true);
    expect(narrowed.metadata).toHaveProperty(member, whole);
    expect(narrowed.provenance).toHaveProperty(member, 'narrowed');
    expect(finding).toMatchObject({
      severity: 'narrowed',
      members: [member],
      resultCode: RESULTS.valueDropped.code,
    });
    expect(finding).not.toHaveProperty('error');
    expect(finding?.message).toMatch(/"\w+" is not supported and was dropped\.$/);
    expect(decide(whole).provenance).toHaveProperty(member, 'requested');
    expectUnsupported(
      decide(none),
      `${member}${typeof none === 'string' ? '' : '[0]'}`,
      'is not supported by this service',
    );
  });

  const settings = { unsupportedValues: 'NARROW' as const };

  it.each([
    ['grant_types', ['authorization_code', 'urn:example:grant'], ['authorization_code']],
    ['response_types', ['code', 'id_token code2'], ['code']],
    ['response_modes', ['web_message', 'query'], ['query']],
    ['client_registration_types', ['explicit', 'other'], ['explicit']],
    ['encrypted_response_enc_values_supported', ['A256GCM', 'C20P'], ['A256GCM']],
  ])('drops values of %s that no service knows: %j becomes %j', (member, value, remaining) => {
    for (const decide of [decideOn, decideOnUpdate]) {
      const decision = decide({ redirect_uris, [member]: value }, { settings });

      expect(decision.accepted).toBe(true);
      expect(decision.metadata).toHaveProperty(member, remaining);
    }
  });

  it.each([
    ['grant_types', ['urn:example:grant'], 'value-known', 'grant_types[0]'],
    ['grant_types', ['authorization_code', 1], 'list-expected', 'grant_types[1]'],
    ['grant_types', 'authorization_code', 'list-expected', 'grant_types'],
    ['grant_types', ['authorization_code', ...Array<string>(100).fill('x')], 'list-length', 'grant_types'],
    ['response_modes', ['web_message'], 'value-known', 'response_modes[0]'],
    ['scope', ' read', 'scope-tokens', 'scope'],
    ['scope', 'read  admin', 'scope-tokens', 'scope'],
    ['scope', 'read "', 'scope-tokens', 'scope'],
  ])('refuses %s %j, which has no supported value or is malformed', (member, value, rule, at) => {
    const limits = { ...settings, supportedScopes: [{ name: 'read' }] };

    expect(refusalsOf(decideOn({ redirect_uris, [member]: value }, { settings: limits }))).toMatchObject([
      { rule, members: [at] },
    ]);
  });

  it('applies the rules to the remaining values', () => {
    const limits = { ...settings, supportedGrantTypes: ['AUTHORIZATION_CODE'] };
    const metadata = {
      redirect_uris,
      grant_types: ['authorization_code', 'implicit'],
      response_types: ['code', 'token'],
    };

    expect(refusalsOf(decideOn(metadata, { settings: limits }))).toMatchObject([{ rule: 'grant-implicit' }]);
  });
});
