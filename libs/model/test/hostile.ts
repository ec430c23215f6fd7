import fc, { type Arbitrary } from 'fast-check';
import type { RegistrationSettings } from '../src/decision.ts';
import { FIELDS } from '../src/metadata/client-metadata.ts';
import { LIMITS } from '../src/metadata/limits.ts';
import { acceptedBy, NAMES, refusedBy, sampleOf } from './samples.ts';
import { EC_KEY, ED25519_KEY, RSA_KEY } from './keys.ts';

const LISTS = FIELDS.filter(([, { kind }]) => ['uris', 'texts', 'choices'].includes(kind)).map(([name]) => name);
const TAGGED = FIELDS.filter(([, { localizable }]) => localizable !== undefined).map(([name]) => name);

/** Each list of alternatives, with all possible values. */
const ALTERNATIVES = FIELDS.flatMap(([, { alternatives, values }]) =>
  alternatives === undefined ? [] : [[alternatives, values] as const],
);

const SUPPORTED: RegistrationSettings = {
  unsupportedValues: 'NARROW',
  supportedScopes: Array.from({ length: 100 }, (_, i) => ({ name: `scope-${i}`, defaultEntry: true })),
  supportedGrantTypes: ['AUTHORIZATION_CODE', 'urn:example:grant'],
  supportedResponseTypes: ['CODE'],
  supportedTokenAuthMethods: ['NONE', 'PRIVATE_KEY_JWT'],
  supportedAcrs: ['a'],
  supportedCustomClientMetadata: ['custom', 'toString'],
  dcrDuplicateSoftwareIdBlocked: true,
};

/** Services that set no limits, and services that set many. */
export const anySettings: Arbitrary<RegistrationSettings> = fc.constantFrom(
  {},
  SUPPORTED,
  { ...SUPPORTED, unsupportedValues: 'STRICT' },
  { requestObjectRequired: true, supportedJwsAlgs: ['PS256', 'ES256'], supportedJweAlgs: [] },
);

/** Names that no document may contain, not even a statement. */
const FORBIDDEN = /"(?:__proto__|constructor|prototype)":/;

/** A JSON value of any kind, with texts that can be executed or cannot be stored. */
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }).filter((value) => !FORBIDDEN.test(JSON.stringify(value))),
  fc.constantFrom('javascript:alert(1)', '\u0000', '\ud800', 'http://localhost/', 'com.example:/', -1, 1e300, {}),
);

const fromSamples = (name: (typeof NAMES)[number]): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(acceptedBy(name)) },
    { weight: 1, arbitrary: fc.constantFrom(...refusedBy(name).map(([value]) => value)) },
    { weight: 1, arbitrary: fc.constantFrom(...(FIELDS.find(([one]) => one === name)![1].values ?? [null])) },
    { weight: 1, arbitrary: anyValue },
  );

/** Documents of about ten valid and hostile members. */
export const mixedDocument: Arbitrary<Record<string, unknown>> = fc
  .tuple(
    fc.uniqueArray(
      fc.constantFrom(...NAMES).chain((name) => fc.tuple(fc.constant(name), fromSamples(name))),
      { maxLength: 12, selector: ([name]) => name },
    ),
    fc.uniqueArray(fc.tuple(fc.constantFrom(...TAGGED), fc.constantFrom('ja', 'JA', 'x_y', ''), anyValue), {
      maxLength: 2,
      selector: ([name, tag]) => `${name}#${tag}`,
    }),
    fc.subarray(ALTERNATIVES, { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('custom', 'toString', 'unknown', 'client_id', 'client_secret'), anyValue),
    fc.constantFrom(...NAMES),
  )
  .map(([members, tagged, lists, others, name]) => ({
    ...sampleOf(name),
    ...Object.fromEntries(lists),
    ...others,
    ...Object.fromEntries(tagged.map(([member, tag, value]) => [`${member}#${tag}`, value])),
    ...Object.fromEntries(members),
  }));

/** As many parts as a document can contain. */
function filled(open: string, part: (i: number) => string, close: string, size: number): string {
  const room = size - open.length - close.length;
  const parts: string[] = [];
  for (let length = 0, i = 0; ; i++) {
    const next = part(i);
    length += next.length + 1;
    if (length > room) return `${open}${parts.join()}${close}`;
    parts.push(next);
  }
}

const size = fc.constantFrom(2_000, 20_000, LIMITS.json);
const URI_SHAPES = [
  'https://a.example/',
  'HTTPS://A.example/',
  'http://localhost/',
  'http://a.example/',
  'com.example.app:/',
  'https://xn--bcher-kva.example/',
  'https://[2001:db8::1]/',
  'https://a.example/?code=',
  'javascript:',
  'https://user@a.example/',
  'x',
];
const key = fc.constantFrom<object>(
  EC_KEY,
  RSA_KEY,
  ED25519_KEY,
  { ...EC_KEY, use: 'enc' },
  { kty: 'EC', crv: 'P-521', x: 'A'.repeat(88), y: 'A'.repeat(88) },
  { kty: 'RSA', e: 'AQAB', n: 'z'.repeat(3_000) },
  { kty: 'of the future' },
  { kty: 'oct', k: 'x' },
);
const text = fc
  .tuple(fc.constantFrom('a', 'a ', '%41', '\\', '"', '\u0000', '💥', 'a-', '1'), fc.constantFrom('', '!', '\ud800'))
  .map(([part, end]) => part.repeat(1_000) + end);

/** Documents of up to 64 KiB that need as much work as possible. */
export const hostileDocument: Arbitrary<string> = fc.oneof(
  // The longest possible and the longest accepted lists.
  fc
    .tuple(fc.constantFrom(...LISTS), fc.constantFrom(...URI_SHAPES), size)
    .map(([name, start, room]) => filled(`{"${name}":[`, (i) => JSON.stringify(`${start}${i}`), ']}', room)),
  fc
    .tuple(fc.subarray(LISTS), fc.array(fc.constantFrom(...URI_SHAPES), { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([names, starts, repeated]) => {
      const list = Array.from(
        { length: LIMITS.elements },
        (_, i) => `${starts[i % starts.length]!}${repeated ? 0 : i}`,
      );
      return JSON.stringify({ ...Object.fromEntries(names.map((name) => [name, list])), subject_type: 'pairwise' });
    }),
  // Languages: of one member, or of all.
  fc
    .tuple(fc.constantFrom(...TAGGED), fc.constantFrom('x-', '', 'EN-'), size)
    .map(([name, tag, room]) => filled('{', (i) => `"${name}#${tag}${i}":"https://a.example/${i}"`, '}', room)),
  // Keys of all types, few and many, with algorithms that need them.
  fc
    .tuple(fc.array(key, { minLength: 1, maxLength: LIMITS.keys + 1 }), fc.boolean(), fc.subarray(ALTERNATIVES))
    .map(([keys, isPrivateKeyJwt, lists]) =>
      JSON.stringify({
        jwks: { keys },
        ...(isPrivateKeyJwt && { token_endpoint_auth_method: 'private_key_jwt' }),
        ...Object.fromEntries(lists),
      }),
    ),
  // Alternatives for every member, pairwise identifiers, and the most URIs and keys.
  fc
    .tuple(
      key,
      fc.constantFrom('https://b.example', 'com.b:/', 'https://a.example'),
      fc.constantFrom('public', 'pairwise'),
    )
    .map(([one, last, subject_type]) =>
      JSON.stringify({
        ...Object.fromEntries(ALTERNATIVES),
        redirect_uris: [...Array.from({ length: LIMITS.elements - 1 }, (_, i) => `HTTPS://a.example/${i}`), last],
        request_uris: Array.from({ length: LIMITS.elements }, (_, i) => `http://a.example/${i}`),
        post_logout_redirect_uris: Array.from({ length: LIMITS.elements }, (_, i) => `http://b.example/${i}`),
        frontchannel_logout_uri: 'https://c.example/',
        subject_type,
        jwks: { keys: Array<object>(LIMITS.keys).fill(one) },
      }),
    ),
  // The longest possible lists of alternatives.
  fc
    .tuple(fc.constantFrom(...ALTERNATIVES), size)
    .map(([[name, values = []], room]) =>
      filled(`{"${name}":[`, (i) => JSON.stringify(values[i % values.length]), ']}', room),
    ),
  // One text in every member.
  fc
    .tuple(text, fc.subarray([...NAMES], { minLength: 1, maxLength: 20 }), fc.boolean())
    .map(([one, names, list]) => JSON.stringify(Object.fromEntries(names.map((name) => [name, list ? [one] : one])))),
  // Unknown members, words of a response type, scopes.
  size.map((room) => filled('{', (i) => `"m${i}":${i}`, '}', room)),
  size.map((room) => `{"response_types":["${'a b '.repeat(room / 5)}"]}`),
  size.map((room) => `{"scope":"${'scope-1 '.repeat(room / 9)}x"}`),
  mixedDocument.map((metadata) => JSON.stringify(metadata)),
);
