import { FIELDS, type AnyField, type ClientMetadata, type FieldName, type Kind } from '@clientele/model/metadata';
import fc, { type Arbitrary } from 'fast-check';
import { FIELD_NAMES, JWK, LOCALIZABLE_NAMES } from './samples.ts';

/** Characters that no text may contain: control characters and invisible characters. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const text = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .map((value) => value.replace(HIDDEN, '?'))
  .map((value) => (value.trim() === '' ? 'text' : value));
const texts = fc.array(text, { minLength: 1, maxLength: 5 });
const webUri = fc.webUrl({ validSchemes: ['https'], withQueryParameters: true, withFragments: true });
const httpsUri = fc.webUrl({ validSchemes: ['https'], withQueryParameters: true });
const redirectUri = fc.oneof(
  httpsUri,
  fc.integer({ min: 1, max: 65_535 }).map((port) => `http://localhost:${port}/callback`),
  fc.stringMatching(/^com\.example\.[a-z]{1,8}:\/[a-z]{0,8}$/),
);
/** A URI on a public host. */
const logoUri = fc.webPath().map((path) => `https://client.example.org${path}`);
const scopeToken = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,12}$/);
const jwks = fc.record({
  keys: fc.array(
    fc.oneof(
      fc.constant({ ...JWK }),
      fc.record({ kty: fc.constant('of the future'), x_1: fc.oneof(text, fc.boolean(), fc.integer()), x_2: text }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
});

/** Valid values of a row, by its kind. They ignore the rules across members. */
const VALUES_OF_KIND: Readonly<Record<Kind, (field: AnyField) => Arbitrary<unknown>>> = {
  text: () => text,
  texts: () => texts,
  uri: () => httpsUri,
  uris: () => fc.array(httpsUri, { minLength: 1, maxLength: 4 }),
  flag: () => fc.boolean(),
  seconds: () => fc.nat(),
  choice: ({ values = [] }) => fc.constantFrom(...values),
  choices: ({ values = [] }) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }),
  scope: () => fc.array(scopeToken, { minLength: 1, maxLength: 5 }).map((tokens) => tokens.join(' ')),
  keys: () => jwks,
  object: () => fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(text, texts, fc.integer())),
};

/** Rows whose valid values differ from those of their kind. */
const OWN_VALUES: { readonly [N in FieldName]?: Arbitrary<unknown> } = {
  redirect_uris: fc.array(redirectUri, { minLength: 1, maxLength: 4 }),
  client_uri: webUri,
  logo_uri: logoUri,
  request_uris: fc.array(webUri, { minLength: 1, maxLength: 3 }),
  tls_client_auth_subject_dn: fc
    .array(fc.tuple(fc.constantFrom('CN', 'O', 'OU', '2.5.4.5'), fc.stringMatching(/^[A-Za-z0-9 .-]{1,12}$/)), {
      minLength: 1,
      maxLength: 4,
    })
    .map((attributes) => attributes.map(([type, value]) => `${type}=${value}`).join(',')),
  tls_client_auth_san_ip: fc.oneof(fc.ipV4(), fc.ipV6()),
};

/** Valid values of every row. */
const VALUES = Object.fromEntries(
  FIELDS.filter(([name]) => FIELD_NAMES.includes(name)).map(([name, field]) => [
    name,
    OWN_VALUES[name] ?? VALUES_OF_KIND[field.kind](field),
  ]),
);

const taggedMembers = fc.dictionary(
  fc
    .tuple(fc.constantFrom(...LOCALIZABLE_NAMES), fc.constantFrom('ja', 'de-CH-1996', 'zh-Hant', 'x-own'))
    .map(([name, tag]) => `${name}#${tag}`),
  logoUri,
  { maxKeys: 4 },
);

/** Client metadata that breaks no rule: any members with any values, adjusted to each other. */
export const clientMetadata: Arbitrary<ClientMetadata> = fc
  .tuple(fc.record(VALUES, { requiredKeys: [] }), taggedMembers)
  .map(([metadata, tagged]) => consistent({ ...metadata, ...tagged } as ClientMetadata));

type Members = Record<string, unknown> & { [N in FieldName]?: ClientMetadata[N] | undefined };

const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';
const REDIRECT_URI = 'https://client.example.org/callback';

/** Adds and removes members until the rules across members are satisfied. */
function consistent(metadata: ClientMetadata): ClientMetadata {
  const members: Members = { ...metadata };
  adjustGrants(members);
  adjustRedirectUris(members);
  adjustAuthentication(members);
  adjustAlgorithms(members);
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as ClientMetadata;
}

/** Pairs grant types with response types (RFC 7591 section 2.1), and CIBA with a delivery mode. */
function adjustGrants(members: Members): void {
  const words = new Set((members.response_types ?? []).flatMap((type) => type.split(' ')));
  const grants = new Set(members.grant_types);
  grants.delete('authorization_code');
  grants.delete('implicit');
  if (words.has('code')) grants.add('authorization_code');
  if (words.has('token') || words.has('id_token')) grants.add('implicit');
  if (members.backchannel_token_delivery_mode !== undefined && grants.size > 0) grants.add(CIBA_GRANT);
  if (grants.size === 1 && grants.has('refresh_token')) grants.add('password');
  if (
    grants.has('client_credentials') ||
    grants.has(CIBA_GRANT) ||
    members.backchannel_token_delivery_mode !== undefined
  ) {
    if (members.token_endpoint_auth_method === 'none') members.token_endpoint_auth_method = undefined;
  }
  members.grant_types = grants.size > 0 ? [...grants] : undefined;
  if (grants.size === 0) members.response_types = undefined;
  if (grants.has(CIBA_GRANT)) members.backchannel_token_delivery_mode ??= 'poll';
  else if (members.backchannel_token_delivery_mode !== undefined) members.backchannel_token_delivery_mode = 'push';
  members.backchannel_client_notification_endpoint ??=
    members.backchannel_token_delivery_mode === undefined ? undefined : 'https://client.example.org/notify';
}

/** Adds redirect URIs if a flow needs them: of one host for pairwise identifiers, with https for the implicit grant. */
function adjustRedirectUris(members: Members): void {
  const { grant_types: grants = [] } = members;
  if (grants.includes('authorization_code') || grants.includes('implicit')) members.redirect_uris ??= [REDIRECT_URI];
  if (grants.includes('implicit') && members.application_type !== 'native') {
    const secure = members.redirect_uris?.filter((uri) => uri.startsWith('https:')) ?? [];
    members.redirect_uris = secure.length > 0 ? secure : [REDIRECT_URI];
  }
  if (members.subject_type === 'pairwise') adjustSector(members);
  const redirectUri = members.redirect_uris?.find((uri) => uri.startsWith('https:'));
  if (members.frontchannel_logout_uri !== undefined) {
    members.frontchannel_logout_uri = redirectUri && new URL('/logout', redirectUri).href;
  }
}

/** Uses one host for every URI of the sector of pairwise identifiers, and keys by reference for backchannel authentication. */
function adjustSector(members: Members): void {
  const redirectUri = members.redirect_uris?.find((uri) => uri.startsWith('https:')) ?? REDIRECT_URI;
  members.redirect_uris = [redirectUri];
  if (members.backchannel_token_delivery_mode === undefined) return;
  members.backchannel_client_notification_endpoint = new URL('/notify', redirectUri).href;
  members.jwks_uri = new URL('/jwks.json', redirectUri).href;
  members.jwks = undefined;
}

/** Leaves one certificate subject, and adds the keys that an authentication method or an encryption needs. */
function adjustAuthentication(members: Members): void {
  const [, ...others] = Object.keys(members).filter((name) => name.startsWith('tls_client_auth_'));
  for (const name of others) members[name] = undefined;
  const { token_endpoint_auth_method: method } = members;
  if (method === 'tls_client_auth' && !Object.keys(members).some((name) => name.startsWith('tls_client_auth_'))) {
    members.tls_client_auth_subject_dn = 'CN=client';
  }
  if (method === 'private_key_jwt' || method === 'client_secret_jwt')
    members.token_endpoint_auth_signing_alg = undefined;
  // Keys by value would have to match every algorithm.
  if (method === 'private_key_jwt' || method === 'self_signed_tls_client_auth' || namesAlgorithm(members)) {
    members.jwks = undefined;
  }
  if (members.jwks === undefined) members.jwks_uri ??= 'https://client.example.org/jwks.json';
  else members.jwks_uri = undefined;
}

function namesAlgorithm(members: Members): boolean {
  return Object.keys(members).some((name) => name.endsWith('_alg') && members[name] !== undefined);
}

/** Removes algorithms whose key is missing, and `none` if something must be signed. */
function adjustAlgorithms(members: Members): void {
  for (const name of Object.keys(members)) {
    // OpenID Connect Registration section 2: content encryption is meaningless without key management.
    if (name.endsWith('_enc') && members[name.replace(/_enc$/, '_alg')] === undefined) members[name] = undefined;
  }
  if (members.token_endpoint_auth_method === 'none') {
    for (const name of Object.keys(members).filter((name) => name.endsWith('_alg'))) {
      if (!/^(?:HS\d|dir|A\d|PBES2)/.test(String(members[name]))) continue;
      members[name] = undefined;
      members[name.replace(/_alg$/, '_enc')] = undefined;
    }
  }
  if (members.id_token_signed_response_alg === 'none') members.id_token_signed_response_alg = undefined;
  if (members.request_object_signing_alg === 'none') members.require_signed_request_object = undefined;
}

/** Documents that resemble metadata and are mostly invalid: known names with unknown values, and hostile names. */
export const nearlyMetadata: Arbitrary<string> = fc
  .dictionary(
    fc.oneof(
      fc.constantFrom(...Object.keys(VALUES), 'client_id', 'client_secret', 'registration_client_uri'),
      fc.constantFrom(
        '__proto__',
        'constructor',
        'prototype',
        'toString',
        'hasOwnProperty',
        'client_name#',
        'logo_uri#ja',
      ),
      fc.string({ unit: 'binary' }),
    ),
    fc.oneof(fc.jsonValue(), ...Object.values(VALUES)),
  )
  .map((document) => JSON.stringify(document));

/** A document with a few characters removed or inserted. */
export const brokenMetadata: Arbitrary<string> = fc
  .tuple(nearlyMetadata, fc.nat(), fc.nat({ max: 3 }), fc.string({ unit: 'binary', maxLength: 3 }))
  .map(([document, position, removed, inserted]) => {
    const start = position % (document.length + 1);
    return document.slice(0, start) + inserted + document.slice(start + removed);
  });
