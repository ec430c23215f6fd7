import { withDefaults, type ClientMetadata } from '@clientele/model/metadata';
import type { Random } from './random.ts';

const WORDS = [
  'plain',
  'Zürich',
  '漢字',
  'e\u0301',
  '🦊🦊',
  '"quoted"',
  'back\\slash',
  '{"a":[1]}',
  "it's",
  '%00',
  '</p>',
];
const WORDS_PER_TEXT = 60;
const LARGEST_WORDS = 3_000;

/**
 * Client metadata of random content, between half a kilobyte and some twenty, complete: a server gives back exactly this.
 * The marker tells it from all other.
 */
export function randomMetadata(random: Random, marker: string): ClientMetadata {
  return withDefaults({
    client_name: marker,
    'client_name#ja': `クライアント ${marker}`,
    software_version: marker,
    redirect_uris: Array.from({ length: 1 + random.below(4) }, (_, n) => `https://client.example.org/${marker}/${n}`),
    grant_types: random.pick([['authorization_code'], ['authorization_code', 'refresh_token']]),
    default_max_age: random.below(2 ** 31),
    contacts: randomTexts(random),
    ...(random.below(4) === 0 && { jwks: { keys: [{ kty: 'oct', kid: marker, k: String(random.next()) }] } }),
  });
}

/** Of all orders of magnitude equally many: half of them have fewer than 55 words. */
function randomTexts(random: Random): string[] {
  const texts: string[] = [];
  for (let left = Math.floor(LARGEST_WORDS ** random.next()); left > 0; left -= WORDS_PER_TEXT) {
    texts.push(Array.from({ length: Math.min(left, WORDS_PER_TEXT) }, () => random.pick(WORDS)).join(' '));
  }
  return texts;
}
