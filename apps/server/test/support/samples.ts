import { FIELDS, type AnyField, type ClientMetadata, type FieldName, type Kind } from '@clientele/model/metadata';

/** A member of client metadata as tests send it. */
interface Sample {
  /** A value other than the fallback. */
  readonly value: unknown;
  /** The value in Authlete's `Client`, if it differs. */
  readonly property?: unknown;
  /** The value of an omitted member, if it has one. */
  readonly fallback?: unknown;
  /** The fallback in Authlete's `Client`, if it differs. */
  readonly fallbackProperty?: unknown;
  /** Other members that the value requires. */
  readonly requires?: ClientMetadata;
}

/** The public key of RFC 7515 appendix A.3. */
export const JWK = {
  kty: 'EC',
  crv: 'P-256',
  kid: '1',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
} as const;
/** An RSA key of 2048 bits. */
export const RSA_JWK = {
  kty: 'RSA',
  kid: '2',
  n:
    'oR4Mzwl57phkEj6Bmm_KCYTJIF6CR2Vd4vOnTNcJDcgmeMqYu8Hu0vfk6nU6pOYkpAxegE3K-reUN1QrVBkd7fGV1Ha3zO3-ey1f' +
    'gTXayfxDmohNHzIO7gma3lKTa-rDySAY7-P0pCQGJcySB-JT9WR7b5ZFTStdCw4Vq-Z5vSByD60SkRPqHNJHCdFgjzlxiX4EP3Ln' +
    'UyIrWT3yIC-hLuMzua-6KwS5KjuNFIleKeqeMZmNp5qA2QbrJRwUn3pRXhyveDdD-_V2l1OLeL1ixSWOmEkFxK3w4XWMaLiKYKjo' +
    'KqKAxH0MIX4LtBOABtusRGLATbNeOLTKfJKLgoUfow',
  e: 'AQAB',
} as const;
/** Keys for every asymmetric algorithm except those on other curves. */
export const JWKS = { keys: [{ ...JWK }, { ...RSA_JWK }] };

const REDIRECT_URIS = ['https://client.example.org/callback'];

/** The sample of a row, by its kind, unless the row has its own sample. */
const SAMPLE_OF_KIND: Readonly<Record<Kind, (field: AnyField) => Sample>> = {
  text: () => ({ value: 'some text' }),
  texts: () => ({ value: ['one', 'two'] }),
  uri: () => ({ value: 'https://client.example.org/path?a=b' }),
  uris: () => ({ value: ['https://client.example.org/one', 'https://client.example.org/%E3%81%82'] }),
  flag: () => ({ value: true, fallback: false }),
  seconds: () => ({ value: 3600 }),
  choice: (field) => valueOfChoice(field, expressible(field).at(-1)),
  choices: (field) => valueOfChoice(field, expressible(field).slice(-2)),
  scope: () => ({ value: 'read write', property: ['read', 'write'] }),
  keys: () => ({ value: JWKS, property: JSON.stringify(JWKS) }),
  object: () => ({ value: { a: { b: [1] } } }),
};

/** The values of a choice for which Authlete's `Client` has constants. */
function expressible({ kind, values = [], toProperty }: AnyField): readonly string[] {
  return values.filter((value) => (toProperty(kind === 'choices' ? [value] : value) as unknown) !== undefined);
}

function valueOfChoice(field: AnyField, value: unknown): Sample {
  return { value, property: field.toProperty(value) as unknown };
}

/** The sample of a member with a key management algorithm, which requires a key of the client. */
function encryptionAlgorithm(value: string, property: string): Sample {
  return { value, property, requires: { jwks: JWKS } };
}

/** The sample of a member with a content encryption algorithm, which requires a key management algorithm. */
function contentEncryption(value: string, property: string, algorithm: FieldName): Sample {
  return {
    value,
    property,
    fallback: 'A128CBC-HS256',
    fallbackProperty: 'A128CBC_HS256',
    requires: { [algorithm]: 'RSA-OAEP', jwks: JWKS } as ClientMetadata,
  };
}

/** Rows with their own sample. The fallbacks come from the specifications and from Authlete's example. */
const OWN_SAMPLES: { readonly [N in FieldName]?: Sample } = {
  token_endpoint_auth_method: {
    value: 'client_secret_post',
    property: 'CLIENT_SECRET_POST',
    fallback: 'client_secret_basic',
    fallbackProperty: 'CLIENT_SECRET_BASIC',
  },
  grant_types: {
    value: ['authorization_code', 'refresh_token', 'urn:openid:params:grant-type:ciba'],
    property: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN', 'CIBA'],
    fallback: ['authorization_code'],
    fallbackProperty: ['AUTHORIZATION_CODE'],
    requires: {
      redirect_uris: REDIRECT_URIS,
      backchannel_token_delivery_mode: 'push',
      backchannel_client_notification_endpoint: 'https://client.example.org/notify',
    },
  },
  response_types: {
    value: ['code', 'none'],
    property: ['CODE', 'NONE'],
    fallback: ['code'],
    fallbackProperty: ['CODE'],
    requires: { redirect_uris: REDIRECT_URIS },
  },
  client_name: { value: 'Ein Client 🦊 \u{10FFFF} é e\u0301' },
  client_uri: { value: 'https://client.example.org/#about' },
  application_type: { value: 'native', property: 'NATIVE', fallback: 'web', fallbackProperty: 'WEB' },
  subject_type: {
    value: 'pairwise',
    property: 'PAIRWISE',
    fallback: 'public',
    fallbackProperty: 'PUBLIC',
    requires: { redirect_uris: REDIRECT_URIS },
  },
  id_token_signed_response_alg: { value: 'ES256', fallback: 'RS256' },
  id_token_encrypted_response_alg: encryptionAlgorithm('RSA-OAEP-256', 'RSA_OAEP_256'),
  id_token_encrypted_response_enc: contentEncryption('A256GCM', 'A256GCM', 'id_token_encrypted_response_alg'),
  userinfo_encrypted_response_alg: encryptionAlgorithm('ECDH-ES+A256KW', 'ECDH_ES_A256KW'),
  userinfo_encrypted_response_enc: contentEncryption(
    'A256CBC-HS512',
    'A256CBC_HS512',
    'userinfo_encrypted_response_alg',
  ),
  request_object_encryption_alg: { value: 'ECDH-ES', property: 'ECDH_ES' },
  request_object_encryption_enc: contentEncryption('A192GCM', 'A192GCM', 'request_object_encryption_alg'),
  token_endpoint_auth_signing_alg: { value: 'HS384', requires: { token_endpoint_auth_method: 'client_secret_jwt' } },
  // Authlete's number cannot be absent.
  default_max_age: { value: 3600, fallbackProperty: 0 },
  request_uris: { value: ['https://client.example.org/request#1'] },
  nfv_token_encrypted_response_alg: encryptionAlgorithm('RSA1_5', 'RSA1_5'),
  nfv_token_encrypted_response_enc: contentEncryption('A128GCM', 'A128GCM', 'nfv_token_encrypted_response_alg'),
  tls_client_auth_subject_dn: { value: String.raw`CN=Client\, Inc.,O=Example+OU=\C3\BC,2.5.4.5=1` },
  tls_client_auth_san_ip: { value: '2001:db8::7' },
  introspection_encrypted_response_alg: encryptionAlgorithm('ECDH-ES', 'ECDH_ES'),
  introspection_encrypted_response_enc: contentEncryption(
    'A192CBC-HS384',
    'A192CBC_HS384',
    'introspection_encrypted_response_alg',
  ),
  frontchannel_logout_uri: {
    value: 'https://client.example.org/logout?a=b',
    requires: { redirect_uris: REDIRECT_URIS },
  },
  spiffe_id: { value: 'spiffe://example.org/client' },
  backchannel_token_delivery_mode: {
    value: 'push',
    property: 'PUSH',
    requires: { backchannel_client_notification_endpoint: 'https://client.example.org/notify' },
  },
  authorization_encrypted_response_alg: encryptionAlgorithm('RSA-OAEP', 'RSA_OAEP'),
  authorization_encrypted_response_enc: contentEncryption('A256GCM', 'A256GCM', 'authorization_encrypted_response_alg'),
};

/** One sample for every row of the model. */
export const SAMPLES = Object.fromEntries(
  FIELDS.map(([name, field]) => [name, OWN_SAMPLES[name] ?? SAMPLE_OF_KIND[field.kind](field)]),
) as { readonly [N in FieldName]: Sample & { readonly value: NonNullable<ClientMetadata[N]> } };

/**
 * The names of the rows, for tables of tests. `sector_identifier_uri` is absent, because the server would fetch its document
 * over https from the public internet; see `sector-identifier.spec.ts`.
 */
export const FIELD_NAMES: readonly FieldName[] = FIELDS.map(([name]) => name).filter(
  (name) => name !== 'sector_identifier_uri',
);

/** Members that exclude others: keys are by reference or by value, and a client has one certificate subject. */
const ALTERNATIVES: readonly FieldName[] = [
  'jwks',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
];

/** The names of the rows that may carry a language tag. */
export const LOCALIZABLE_NAMES = FIELDS.filter(([, field]) => field.localizable !== undefined).map(([name]) => name);

/** The path of a member in Authlete's `Client`. */
export function propertyOf(name: FieldName): string {
  return FIELDS.find(([field]) => field === name)?.[1].property ?? '';
}

/** Metadata with the sample of one member and the members that it requires. */
export function sampleOf(name: FieldName): ClientMetadata {
  const { value, requires } = SAMPLES[name];
  return { ...requires, [name]: value };
}

/** All compatible members, with keys by reference and with two languages for every localizable member. */
export function everyMember(): ClientMetadata {
  const untagged = FIELD_NAMES.filter((name) => !ALTERNATIVES.includes(name)).map((name): Member => [
    name,
    SAMPLES[name].value,
  ]);
  const tagged = LOCALIZABLE_NAMES.flatMap((name) =>
    ['ja', 'de-CH-1996'].map((tag): Member => [`${name}#${tag}`, SAMPLES[name].value]),
  );
  return Object.fromEntries<unknown>([...untagged, ...tagged]) as ClientMetadata;
}

type Member = [name: string, value: unknown];

/** The members of a client information response that only the server sets, and that a client must not send back. */
export const FOUR_MEMBERS = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
] as const;

/** An object without some of its members. */
export function without<T extends object>(object: T, ...names: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as Partial<T>;
}
