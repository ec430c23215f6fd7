import {
  CLIENT_METADATA,
  FIELDS,
  type AnyField,
  type ClientMetadata,
  type FieldName,
} from '../src/metadata/client-metadata.ts';
import type { Kind } from '../src/metadata/field.ts';
import type { ResultName } from '../src/wire/result-codes.ts';
import { EC_KEY, JWKS, RSA_KEY } from './keys.ts';

/** A value that is refused, the rule that it violates, the result and the position. */
export type RefusedValue = readonly [value: unknown, rule: string, result: ResultName, at: string];

const notText: readonly RefusedValue[] = [1, true, {}, ['x']].map((value) => [
  value,
  'string-expected',
  'stringExpected',
  '',
]);
const notList: readonly RefusedValue[] = ['x', 1, {}, { 0: 'x', length: 1 }].map((value) => [
  value,
  'list-expected',
  'listExpected',
  '',
]);
const notTexts: readonly RefusedValue[] = [
  ...notList,
  ...[1, null, ['x'], {}].map((element): RefusedValue => [['a:b', element], 'list-expected', 'listExpected', '[1]']),
];
const unknownValues = ['no such value', 'toString', '__proto__', 'constructor'];

/** An accepted value and refused values of each kind of row. */
const SAMPLES: Readonly<Record<Kind, { accepted: (field: AnyField) => unknown; refused: readonly RefusedValue[] }>> = {
  text: {
    accepted: () => 'some text',
    refused: [
      ...notText,
      ['a\u0000b', 'text-characters', 'textMalformed', ''],
      ['\ud800', 'text-characters', 'textMalformed', ''],
      ['x'.repeat(2001), 'text-length', 'valueTooLong', ''],
    ],
  },
  texts: {
    accepted: () => ['one', 'two'],
    refused: [
      ...notTexts,
      [['one', '\u202e'], 'text-characters', 'textMalformed', '[1]'],
      [['one', 'x'.repeat(2001)], 'text-length', 'valueTooLong', '[1]'],
      [Array(101).fill('x'), 'list-length', 'tooManyEntries', ''],
    ],
  },
  uri: {
    accepted: () => 'https://client.example.org/path?x=y',
    refused: [
      ...notText,
      ['not a uri', 'uri-blank', 'uriMalformed', ''],
      ['/path', 'uri-scheme', 'uriMalformed', ''],
      ['https://user@client.example.org/', 'uri-user-information', 'authorityInvalid', ''],
      [`https://client.example.org/${'x'.repeat(2022)}`, 'text-length', 'valueTooLong', ''],
    ],
  },
  uris: {
    accepted: () => ['https://client.example.org/a'],
    refused: [
      ...notList,
      [['https://client.example.org/', 1], 'list-expected', 'listExpected', '[1]'],
      [['https://client.example.org/', ''], 'uri-scheme', 'uriMalformed', '[1]'],
      [Array(101).fill('https://client.example.org/'), 'list-length', 'tooManyEntries', ''],
    ],
  },
  flag: {
    accepted: () => true,
    refused: ['true', 1, 0, {}, [true]].map((value) => [value, 'boolean-expected', 'booleanExpected', '']),
  },
  seconds: {
    accepted: () => 3600,
    refused: [
      ...['1', {}, [1], true, 1.5].map((value): RefusedValue => [value, 'integer-expected', 'integerExpected', '']),
      [-1, 'number-negative', 'numberNegative', ''],
      [2 ** 31, 'number-too-large', 'numberTooLarge', ''],
    ],
  },
  choice: {
    accepted: ({ values = [] }) => values.at(-1),
    refused: [
      ...notText,
      ...unknownValues.map((value): RefusedValue => [value, 'value-known', 'valueUnsupported', '']),
    ],
  },
  choices: {
    accepted: ({ values = [] }) => values.slice(0, 1),
    refused: [
      ...notList,
      ...unknownValues.map((value): RefusedValue => [[value], 'value-known', 'valueUnsupported', '[0]']),
      [[1], 'list-expected', 'listExpected', '[0]'],
    ],
  },
  scope: {
    accepted: () => 'openid profile',
    refused: [
      ...notText,
      ...['a"b', 'a\\b', ' leading', 'trailing ', 'two  blanks', 'a\tb', 'umlaut\u00e4'].map((value): RefusedValue => [
        value,
        'scope-tokens',
        'valueUnsupported',
        '',
      ]),
      ['x'.repeat(2001), 'text-length', 'valueTooLong', ''],
    ],
  },
  keys: {
    accepted: () => JWKS,
    refused: [
      ...['{"keys":[]}', [1], {}, { keys: {} }, { keys: ['x'] }, 1].map((value): RefusedValue => [
        value,
        'key-set-expected',
        'keySetExpected',
        '',
      ]),
      [{ keys: Array(17).fill(EC_KEY) }, 'list-length', 'tooManyEntries', '.keys'],
      [{ keys: [EC_KEY, { kty: 'oct' }] }, 'key-symmetric', 'keyInvalid', '.keys[1].kty'],
      [{ keys: [{ ...EC_KEY, d: 'x' }] }, 'key-private', 'keyInvalid', '.keys[0].d'],
      [{ keys: [EC_KEY], name: 'a\u0000' }, 'text-characters', 'textMalformed', '.name'],
      [{ keys: [{ ...EC_KEY, kid: '\ud800' }] }, 'text-characters', 'textMalformed', '.keys[0].kid'],
    ],
  },
  object: {
    accepted: () => ({ a: { b: [1] } }),
    refused: [
      ...['{}', [1], 1, true].map((value): RefusedValue => [value, 'object-expected', 'objectExpected', '']),
      [{ a: [{ b: 'x\u0000' }] }, 'text-characters', 'textMalformed', '.a[0].b'],
      [{ a: 'javascript:alert(1)' }, 'text-executable', 'schemeRefused', '.a'],
    ],
  },
};

/** The rows that need another accepted value than their kind, or further members. */
const OWN_SAMPLES: { readonly [N in FieldName]?: { readonly value?: unknown; readonly requires?: ClientMetadata } } = {
  token_endpoint_auth_method: { value: 'client_secret_post' },
  grant_types: { value: ['client_credentials', 'urn:ietf:params:oauth:grant-type:device_code'] },
  response_types: {
    value: ['code', 'none'],
    requires: { redirect_uris: ['https://client.example.org/'] },
  },
  subject_type: { requires: { redirect_uris: ['https://client.example.org/'] } },
  token_endpoint_auth_signing_alg: { value: 'ES256' },
  request_object_encryption_alg: { value: 'RSA-OAEP' },
  frontchannel_logout_uri: { requires: { redirect_uris: ['https://client.example.org/a'] } },
  tls_client_auth_subject_dn: { value: 'CN=client,O=Example' },
  tls_client_auth_san_ip: { value: '2001:db8::7' },
  backchannel_token_delivery_mode: {
    requires: { backchannel_client_notification_endpoint: 'https://client.example.org/notify' },
  },
};

/** The values that only some members refuse, because of schemes, hosts and fragments. */
const OWN_REFUSALS: { readonly [N in FieldName]?: readonly RefusedValue[] } = {
  redirect_uris: [
    ...['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'urn:a:b', 'mailto:a@b', 'ms-msdt:x'].map(
      (uri): RefusedValue => [['https://client.example.org/', uri], 'scheme-allowed', 'schemeRefused', '[1]'],
    ),
    [['https://client.example.org/#'], 'fragment-allowed', 'fragmentPresent', '[0]'],
    [['https:///callback'], 'uri-host', 'authorityInvalid', '[0]'],
    [['java\tscript:alert(1)'], 'uri-control-character', 'uriMalformed', '[0]'],
    [['https:\\\\client.example.org'], 'uri-character', 'uriMalformed', '[0]'],
    [['https://*.example.org/'], 'uri-wildcard', 'authorityInvalid', '[0]'],
  ],
  post_logout_redirect_uris: [
    [['javascript:alert(1)'], 'scheme-allowed', 'schemeRefused', '[0]'],
    [['ftp://client.example.org/'], 'scheme-allowed', 'schemeRefused', '[0]'],
    [['https://client.example.org/#a'], 'fragment-allowed', 'fragmentPresent', '[0]'],
  ],
  claims_redirect_uris: [
    [['smb://client.example.org/'], 'scheme-allowed', 'schemeRefused', '[0]'],
    [['https://client.example.org/#a'], 'fragment-allowed', 'fragmentPresent', '[0]'],
  ],
  credential_offer_endpoint: [['ldap://client.example.org/', 'scheme-allowed', 'schemeRefused', '']],
  request_uris: [[['com.example.app:/request'], 'scheme-allowed', 'schemeRefused', '[0]']],
  client_uri: [['com.example.app:/home', 'scheme-allowed', 'schemeRefused', '']],
  tos_uri: [['javascript:alert(1)', 'scheme-allowed', 'schemeRefused', '']],
  logo_uri: [
    ['http://client.example.org/', 'scheme-https', 'httpsExpected', ''],
    ['https://10.0.0.1/logo.png', 'host-public', 'httpRefused', ''],
    ['https://localhost/logo.png', 'host-public', 'httpRefused', ''],
  ],
  ...Object.fromEntries(
    (
      [
        'jwks_uri',
        'signed_jwks_uri',
        'sector_identifier_uri',
        'initiate_login_uri',
        'backchannel_client_notification_endpoint',
        'spiffe_bundle_endpoint',
      ] as const
    ).map((name) => [name, [['http://client.example.org/', 'scheme-https', 'httpsExpected', '']]]),
  ),
  frontchannel_logout_uri: [['https://client.example.org/#a', 'fragment-allowed', 'fragmentPresent', '']],
  backchannel_logout_uri: [
    ['https://client.example.org/#a', 'fragment-allowed', 'fragmentPresent', ''],
    ['com.example.app:/out', 'scheme-allowed', 'schemeRefused', ''],
  ],
  spiffe_id: [['javascript:alert(1)', 'scheme-allowed', 'schemeRefused', '']],
  authorization_signed_response_alg: [['none', 'value-known', 'valueUnsupported', '']],
  introspection_signed_response_alg: [['none', 'value-known', 'valueUnsupported', '']],
  token_endpoint_auth_signing_alg: [['none', 'value-known', 'valueUnsupported', '']],
  backchannel_authentication_request_signing_alg: [['HS256', 'value-known', 'valueUnsupported', '']],
  id_token_signed_response_alg: [['rs256', 'value-known', 'valueUnsupported', '']],
};

export function fieldOf(name: FieldName): AnyField {
  return CLIENT_METADATA[name];
}

export const NAMES: readonly FieldName[] = FIELDS.map(([name]) => name);

export function acceptedBy(name: FieldName): unknown {
  const field = fieldOf(name);
  return OWN_SAMPLES[name]?.value ?? SAMPLES[field.kind].accepted(field);
}

/** Metadata with the sample of one member and the members that it requires. */
export function sampleOf(name: FieldName): ClientMetadata {
  return { ...requiredBy(name), ...OWN_SAMPLES[name]?.requires, [name]: acceptedBy(name) };
}

export function refusedBy(name: FieldName): readonly RefusedValue[] {
  return [...SAMPLES[fieldOf(name).kind].refused, ...(OWN_REFUSALS[name] ?? [])];
}

/** Keys for encryption to the client, and key management for content encryption. */
function requiredBy(name: FieldName): ClientMetadata {
  const { algorithm } = fieldOf(name);
  if (algorithm === undefined || 'signs' in algorithm) return {};
  const jwks = { keys: [{ ...RSA_KEY }] };
  return 'contentOf' in algorithm ? ({ jwks, [algorithm.contentOf]: 'RSA-OAEP' } as ClientMetadata) : { jwks };
}
