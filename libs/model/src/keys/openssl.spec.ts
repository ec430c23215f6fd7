import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import fc from 'fast-check';
import { KEY_RULES, keyProblem, type KeyRule } from './index.ts';

type Key = Record<string, unknown>;

const RUNS = 10_000;
const TYPES = ['RSA', 'EC', 'OKP'];
const MATERIAL = ['n', 'e', 'x', 'y'];

/** A message may happen to contain a shorter text. */
const SHORTEST_MATERIAL = 4;

/** Rules that OpenSSL has too. The other rules are stricter than OpenSSL. */
const RULES_OF_OPENSSL: readonly KeyRule[] = ['key-curve', 'key-member', 'key-bytes', 'key-point'];

const exported = ({ publicKey }: { publicKey: { export(options: { format: 'jwk' }): JsonWebKey } }): Key => ({
  ...publicKey.export({ format: 'jwk' }),
});
const KEYS: readonly Key[] = [
  exported(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  ...['P-256', 'P-384', 'P-521', 'secp256k1'].map((namedCurve) => exported(generateKeyPairSync('ec', { namedCurve }))),
  exported(generateKeyPairSync('ed25519')),
  exported(generateKeyPairSync('ed448')),
  exported(generateKeyPairSync('x25519')),
  exported(generateKeyPairSync('x448')),
];
const OTHER_MATERIAL = KEYS.flatMap((key) =>
  MATERIAL.map((member) => key[member]).filter((value) => value !== undefined),
);

/** A change to the text of one member, at a position between 0 and 1. */
const EDITS: readonly ((text: string, position: number, character: string) => string)[] = [
  (text, position, character) => text.slice(0, position) + character + text.slice(position + 1),
  (text, position, character) => text.slice(0, position) + character + text.slice(position),
  (text, position) => text.slice(0, position) + text.slice(position + 1),
  (text, position) => text.slice(0, position),
  (text, position) => text.slice(position),
  (text, _, character) => text.slice(0, -1) + character,
  (text) => `${text}=`,
  (text) => `AAAA${text}`,
  (text) => text + text,
  (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
];
const character = fc.oneof(fc.stringMatching(/^[\w-]$/), fc.constantFrom('=', '+', '/', ' ', '\n', 'é'));
const member = fc.constantFrom(...MATERIAL);
const edit = fc
  .tuple(member, fc.constantFrom(...EDITS), fc.double({ min: 0, max: 1, noNaN: true }), character)
  .map(([name, change, position, letter]) => (key: Key) => {
    const text = key[name];
    return typeof text === 'string'
      ? { ...key, [name]: change(text, Math.floor(position * text.length), letter) }
      : key;
  });
const swap = fc.tuple(member, member).map(([a, b]) => (key: Key) => ({ ...key, [a]: key[b], [b]: key[a] }));
const replace = fc
  .oneof(
    fc.tuple(member, fc.constantFrom(undefined, null, 1, [], '', ...OTHER_MATERIAL)),
    fc.tuple(fc.constant('kty'), fc.constantFrom(...TYPES, 'AKP', 'oct', '', null)),
    fc.tuple(fc.constant('crv'), fc.constantFrom(...KEYS.map((key) => key.crv), 'brainpoolP256r1', null)),
    fc.tuple(
      fc.constant('alg'),
      fc.constantFrom('RS256', 'ES256', 'ES256K', 'EdDSA', 'ECDH-ES', 'HS256', 'ML-DSA-44', 1),
    ),
    fc.tuple(fc.constantFrom('use', 'kid', 'key_ops', 'd'), fc.constantFrom('sig', null, ['verify'])),
  )
  .map(([name, value]) => (key: Key) => ({ ...key, [name]: value }));
const mutated = fc
  .tuple(fc.constantFrom(...KEYS), fc.array(fc.oneof(edit, swap, replace), { minLength: 1, maxLength: 3 }))
  .map(([key, changes]) => changes.reduce<Key>((changed, change) => change(changed), key));

function isReadByOpenSsl(key: Key): boolean {
  try {
    createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

it('accepts the keys that the mutations begin with', () => {
  for (const key of KEYS) expect([keyProblem(key), isReadByOpenSsl(key)]).toEqual([undefined, true]);
});

it('accepts no mutated key that OpenSSL refuses, and names a rule for every key that only OpenSSL accepts', () => {
  const counts = { accepted: 0, stricter: 0, refused: 0 };
  fc.assert(
    fc.property(mutated, (key) => {
      const problem = keyProblem(key);
      if (!TYPES.includes(key.kty as string)) return;
      const isRead = isReadByOpenSsl(key);
      if (problem === undefined) {
        counts.accepted += 1;
        expect(isRead).toBe(true);
      } else {
        counts[isRead ? 'stricter' : 'refused'] += 1;
        expect(Object.keys(KEY_RULES)).toContain(problem.rule);
        if (RULES_OF_OPENSSL.includes(problem.rule)) expect(isRead).toBe(false);
      }
    }),
    { numRuns: RUNS },
  );
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(RUNS / 100);
});

it('never repeats key material', () => {
  fc.assert(
    fc.property(mutated, (key) => {
      const { at, detail } = keyProblem(key) ?? { at: '', detail: '' };
      const material = MATERIAL.map((name) => key[name]);
      const repeated = material.filter(
        (text) => typeof text === 'string' && text.length >= SHORTEST_MATERIAL && `${at}: ${detail}`.includes(text),
      );
      expect(repeated).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
