import { decide } from '@clientele/model/decision';
import type { ClientMetadata } from '@clientele/model/metadata';
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
/** The key of RFC 7515 appendix A.3.1. */
const PUBLIC_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const WORDS_PER_TEXT = 60;
const LARGEST_WORDS = 3_000;

/**
 * Between these numbers of words, the values before and after an update can be short enough for the log each, but too long together
 * (`LONGEST_DIFFERENCES`). Then the log has only digests, from which the changes cannot be repeated.
 */
const LONGEST_SHORT = 350;
const SHORTEST_LONG = 1_000;

/**
 * Random client metadata of 0.5 to about 20 kB, in the complete form that the server returns. The marker distinguishes it from
 * all other metadata.
 */
export function randomMetadata(random: Random, marker: string): ClientMetadata {
  const members: ClientMetadata = {
    client_name: marker,
    'client_name#ja': `クライアント ${marker}`,
    software_version: marker,
    redirect_uris: Array.from({ length: 1 + random.below(4) }, (_, n) => `https://client.example.org/${marker}/${n}`),
    grant_types: random.pick([['authorization_code'], ['authorization_code', 'refresh_token']]),
    default_max_age: random.below(2 ** 31),
    contacts: randomTexts(random),
    ...(random.below(4) === 0 && { jwks: { keys: [{ ...PUBLIC_KEY, kid: marker, x_own: random.next() }] } }),
  };
  return decide({ members, inexact: new Map() }, {}, { plane: 'api', operation: 'register' }).metadata;
}

/** All orders of magnitude are equally likely: half of the results have fewer than 55 words. */
function randomTexts(random: Random): string[] {
  const texts: string[] = [];
  const words = Math.floor(LARGEST_WORDS ** random.next());
  for (let left = words > LONGEST_SHORT ? Math.max(words, SHORTEST_LONG) : words; left > 0; left -= WORDS_PER_TEXT) {
    texts.push(Array.from({ length: Math.min(left, WORDS_PER_TEXT) }, () => random.pick(WORDS)).join(' '));
  }
  return texts;
}
