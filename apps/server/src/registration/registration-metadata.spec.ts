import { generateKeyPairSync } from 'node:crypto';
import { FIELDS, LIMITS } from '@clientele/model/metadata';
import fc, { type Arbitrary } from 'fast-check';
import { newService, type Service } from '../service/service.ts';
import { RegistrationError } from './registration-error.ts';
import { readMetadata, readRequest } from './registration-metadata.ts';

/** What a stranger may cost the server with one document, in milliseconds of its processor. */
const BOUND = 50;

const NAMES = FIELDS.map(([name]) => name);
const LISTS = FIELDS.filter(([, { kind }]) => ['uris', 'texts', 'choices'].includes(kind)).map(([name]) => name);
const TAGGED = FIELDS.filter(([, { localizable }]) => localizable !== undefined).map(([name]) => name);

/** Each member that lists what a client accepts, with all that it could list. */
const CHOICES = FIELDS.flatMap(([, { alternatives, values }]) =>
  alternatives === undefined ? [] : [[alternatives, values]],
);

/** As many of the parts, one after the other, as there is room for in a document. */
function filled(open: string, part: (i: number) => string, separator: string, close: string, size: number): string {
  const room = size - open.length - close.length;
  const parts: string[] = [];
  for (let length = 0, i = 0; ; i++) {
    const next = part(i);
    length += next.length + separator.length;
    if (length > room) return `${open}${parts.join(separator)}${close}`;
    parts.push(next);
  }
}

/** Strings that are a little, again and again, and then something else: what careless regular expressions take badly. */
const repetitive = fc
  .tuple(
    fc.constantFrom('', 'https://', 'https://a.', 'com.example:/', 'http://[', 'HTTPS://a@', 'client_name#', ' '),
    fc.oneof(
      fc.constantFrom(
        'a',
        'a-',
        'a.',
        '-',
        '.',
        '%41',
        '%',
        ' ',
        'a ',
        '1',
        '0x',
        '\\',
        '"',
        '\u0000',
        '\u0085',
        '💥',
        '😀',
        '/',
        '?',
        ':',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
    ),
    fc.constantFrom('', '!', '\u0000', '#', '.', '"', '\ud800', ' '),
  )
  .map(
    ([start, again, end]) =>
      (length: number) =>
        start + again.repeat(length / again.length) + end,
  );

const size = fc.constantFrom(1_000, 10_000, LIMITS.json);
const lengths = fc.constantFrom(35, 100, LIMITS.text - 20, LIMITS.uri - 20, 60_000);
const member = fc.oneof(fc.constantFrom(...NAMES), fc.constantFrom('unknown', '__proto__', 'client_id'));

const jwk = fc.constantFrom(
  ...['P-256', 'P-384', 'P-521', 'secp256k1'].map((namedCurve) => publicKey('ec', { namedCurve })),
  publicKey('rsa', { modulusLength: 2048 }),
  { kty: 'RSA', e: 'AQAB', n: 'z'.repeat(3_000) },
  { kty: 'RSA', e: 'z'.repeat(60_000), n: 'AQAB' },
  { kty: 'EC', crv: 'P-521', x: 'z'.repeat(20_000), y: 'z'.repeat(20_000) },
  { kty: 'of the future' },
);

function publicKey(type: 'ec' | 'rsa', options: object): object {
  const generate = generateKeyPairSync as (type: string, options: object) => ReturnType<typeof generateKeyPairSync>;
  return (generate(type, options) as unknown as { publicKey: { export(o: object): object } }).publicKey.export({
    format: 'jwk',
  });
}

/** Texts that are made to be expensive, up to the greatest that is read and beyond. */
const hostile: Arbitrary<string> = fc.oneof(
  // Deep nesting, closed or not.
  fc
    .tuple(fc.constantFrom(['[', ']'], ['{"a":', '}'], ['{"jwks":', '}'], ['[{"a":[', ']}]']), fc.boolean(), size)
    .map(([[open = '', close = ''], closed, size]) => {
      const levels = Math.floor(size / (open.length + close.length));
      return open.repeat(levels) + (closed ? `1${close.repeat(levels)}` : '');
    }),
  // As many members as there is room for: all different, or one of them twice, or all the same; tagged or not.
  fc
    .tuple(fc.oneof(member, fc.constantFrom(...TAGGED)), fc.constantFrom('', '#x-', '#'), fc.nat({ max: 3 }), size)
    .map(([name, tag, repeat, size]) => {
      const suffix = (i: number) => (repeat === 0 ? 0 : repeat === 1 && i === 3 ? 2 : i);
      return filled('{', (i) => `"${name}${tag}${tag === '' && repeat > 1 ? i : suffix(i)}":"x"`, ',', '}', size);
    }),
  // The same in objects inside of each other, or beside each other.
  fc
    .tuple(fc.constantFrom('{"a":1,"a":2}', '{"a":{"b":{}}}', '[[[]]]', '{"kty":"RSA"}'), member, size)
    .map(([part, name, size]) => filled(`{"${name}":[`, () => part, ',', ']}', size)),
  // One string again and again, as the value of one member or of every one.
  fc
    .tuple(repetitive, fc.uniqueArray(member, { minLength: 1 }), lengths, fc.boolean())
    .map(([text, names, length, list]) =>
      JSON.stringify(Object.fromEntries(names.map((name) => [name, list ? [text(length)] : text(length)]))),
    ),
  // One string again and again in lists, which end where the document does.
  fc.tuple(repetitive, fc.constantFrom(...LISTS), lengths, size).map(([text, name, length, size]) => {
    const element = JSON.stringify(text(length));
    return filled(
      `{"subject_type":"pairwise","frontchannel_logout_uri":"https://a.b","${name}":[`,
      () => element,
      ',',
      ']}',
      size,
    );
  }),
  // Lists that are just short enough, with elements of which each has to be taken apart.
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...LISTS)),
      fc.constantFrom('http://localhost/', 'HTTPS://a.example/', 'com.a:/'),
    )
    .map(([names, uri]) => {
      const list = Array.from({ length: LIMITS.elements }, (_, i) => `${uri}${i}`);
      return JSON.stringify({
        ...Object.fromEntries(names.map((name) => [name, list])),
        application_type: 'native',
        token_endpoint_auth_method: 'none',
      });
    }),
  // Words of a response type, which are put in order.
  size.map((size) => filled('{"response_types":["', (i) => i.toString(36), ' ', '"]}', size)),
  // Numbers that are long or large.
  fc
    .tuple(fc.constantFrom('1', '0.', '-1', '1e'), fc.constantFrom('0', '9'), member, size)
    .map(([start, digit, name, size]) => `{"${name}":${start}${digit.repeat(size - 100)}}`),
  // Keys, which are costly to judge.
  fc
    .tuple(jwk, fc.constantFrom(1, LIMITS.keys, LIMITS.keys + 1, 1_000))
    .map(([key, count]) => JSON.stringify({ jwks: { keys: Array<object>(count).fill(key) } })),
  // Choices, each of which asks the rules again, beside all that makes the rules costly.
  fc
    .tuple(
      jwk,
      fc.constantFrom('public', 'pairwise'),
      fc.constantFrom('https://b.example', 'com.b:/', 'https://a.example'),
    )
    .map(([key, subject_type, last]) => {
      const uris = Array.from({ length: LIMITS.elements - 1 }, (_, i) => `HTTPS://a.example/${i}`);
      return JSON.stringify({
        ...Object.fromEntries(CHOICES),
        redirect_uris: [...uris, last],
        subject_type,
        jwks: { keys: Array<object>(LIMITS.keys).fill(key) },
      });
    }),
  fc.json({ maxDepth: 8 }),
  fc.string({ unit: 'binary', maxLength: LIMITS.json }),
);

describe('reading client metadata', () => {
  const everything: Service = newService(1, 1, 0);
  const little: Service = {
    ...everything,
    unsupportedValues: 'NARROW',
    supportedScopes: Array.from({ length: 100 }, (_, i) => ({ name: `scope-${i}`, defaultEntry: true })),
    supportedGrantTypes: ['AUTHORIZATION_CODE'],
    supportedResponseTypes: ['CODE'],
    supportedTokenAuthMethods: ['NONE'],
    supportedAcrs: ['a'],
  };

  /** Milliseconds of processor time, on this and all helping threads. */
  const cost = (service: Service, json: string): number => {
    const start = process.cpuUsage();
    try {
      readMetadata(service, readRequest(json));
    } catch (error) {
      if (!(error instanceof RegistrationError)) throw error;
    }
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };

  /** The least of three tries: whatever else the process does, compiling and collecting garbage included, is not the input's doing. */
  const leastCost = (service: Service, json: string): number => {
    let least = Infinity;
    for (let i = 0; i < 3 && least > BOUND; i++) least = Math.min(least, cost(service, json));
    return least;
  };

  it(`costs no more than ${BOUND} ms, whatever is sent`, () => {
    fc.assert(
      fc.property(fc.constantFrom(everything, little), hostile, (service, json) => {
        expect(leastCost(service, json)).toBeLessThanOrEqual(BOUND);
      }),
      { numRuns: 1_000 },
    );
  });
});
