import type { AnyField } from '../src/metadata/client-metadata.ts';
import type { Kind } from '../src/metadata/field.ts';

/** For each kind of row: a value that is accepted, and values that are not. */
const SAMPLES: Readonly<Record<Kind, { accepted: (field: AnyField) => unknown; refused: readonly unknown[] }>> = {
  text: { accepted: () => 'some text', refused: [1, true, {}, ['x'], 'a\u0000b', '\ud800', 'x'.repeat(2001)] },
  texts: { accepted: () => ['one', 'two'], refused: ['one', { 0: 'one' }, [1], [['one']], Array(101).fill('x')] },
  uri: {
    accepted: () => 'https://client.example.org/path?x=y',
    refused: [1, 'not a uri', 'javascript:alert(1)', '/path'],
  },
  uris: {
    accepted: () => ['https://client.example.org/a'],
    refused: ['https://client.example.org', [1], ['JavaScript:alert(1)']],
  },
  flag: { accepted: () => true, refused: ['true', 1, 0, {}, [true]] },
  seconds: { accepted: () => 3600, refused: [-1, 1.5, '1', 2 ** 31, Infinity, {}] },
  choice: { accepted: firstValue, refused: ['', 'no such value', 'toString', '__proto__', 1, [], {}] },
  choices: { accepted: (field) => [firstValue(field)], refused: ['x', ['no such value'], ['constructor'], [1]] },
  scope: { accepted: () => 'openid profile', refused: [1, ['openid'], 'a"b', 'a\\b', ' leading', 'umlaut\u00e4'] },
  keys: {
    accepted: () => ({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] }),
    refused: ['{"keys":[]}', [], {}, { keys: {} }, { keys: ['x'] }, { keys: Array(17).fill({ kty: 'RSA' }) }],
  },
  object: { accepted: () => ({ a: { b: [1] } }), refused: ['{}', [], 1, true] },
};

export function acceptedBy(field: AnyField): unknown {
  return SAMPLES[field.kind].accepted(field);
}

export function refusedBy(field: AnyField): readonly unknown[] {
  return SAMPLES[field.kind].refused;
}

function firstValue(field: AnyField): string {
  return field.values![0]!;
}
