import { LIMITS } from '@clientele/model/metadata';
import {
  BODY_LIMIT,
  HEADERS_TIMEOUT,
  METADATA_BODY_LIMIT,
  REQUEST_TIMEOUT,
} from '../../apps/server/src/http/limits.ts';
import { table } from './markdown.ts';

export function limitsPage(): string {
  const number = (value: number) => value.toLocaleString('en');
  return `# Limits

What a stranger may send at most. Beyond a limit the answer is an error that names it, and nothing is changed.

${table(
  ['what', 'limit', 'answer beyond it'],
  [
    ['request body', `${number(BODY_LIMIT)} bytes`, 'HTTP 413, `A001206`'],
    ['request body on the protocol plane', `${number(METADATA_BODY_LIMIT)} bytes`, 'HTTP 413, `invalid_request`'],
    [
      'time in which the headers of a request must have arrived',
      `${number(HEADERS_TIMEOUT / 1000)} s`,
      'HTTP 408, connection closed',
    ],
    ['time in which a request must have arrived', `${number(REQUEST_TIMEOUT / 1000)} s`, 'HTTP 408, connection closed'],
    ['`json`, the client metadata', `${number(LIMITS.json)} characters`, '`BAD_REQUEST`, `A203303`'],
    ['nesting of the client metadata', `${number(LIMITS.depth)} levels`, '`BAD_REQUEST`, `A203303`'],
    ['one string', `${number(LIMITS.text)} characters`, '`BAD_REQUEST`, `A031204`'],
    ['one URI', `${number(LIMITS.uri)} characters`, '`BAD_REQUEST`, `A031204`'],
    ['elements of a list', number(LIMITS.elements), '`BAD_REQUEST`, `A031220`'],
    ['keys of a JWK Set by value', number(LIMITS.keys), '`BAD_REQUEST`, `A031220`'],
    ['a language tag', `${number(LIMITS.languageTag)} characters`, '`BAD_REQUEST`, `A032205`'],
    ['languages of one member', number(LIMITS.languageTags), '`BAD_REQUEST`, `A031220`'],
    ['headers of a request', '16 KiB', 'HTTP 431, connection closed'],
    [
      'requests a minute on the protocol plane',
      '[`RATE_LIMIT_PER_ADDRESS`, `RATE_LIMIT_PER_SERVICE`](configuration.md)',
      'HTTP 429 with `Retry-After`',
    ],
  ],
)}
`;
}
