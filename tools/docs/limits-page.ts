import { LIMITS } from '@clientele/model/metadata';
import { Settings } from '../../apps/server/src/config/config.ts';
import { BODY_LIMIT, METADATA_BODY_LIMIT } from '../../apps/server/src/http/limits.ts';
import { table } from './markdown.ts';

const SLOW = 'HTTP 408, connection closed';

/** A limit that is configured, with its default. */
function setting(
  name: 'MAX_IN_FLIGHT' | 'MAX_CONNECTIONS' | (`${string}_TIMEOUT` & keyof Settings),
  unit = '',
): string {
  return `[\`${name}\`](configuration.md): ${new Settings()[name].toLocaleString('en')} ${unit}`.trim();
}

export function limitsPage(): string {
  const number = (value: number) => value.toLocaleString('en');
  return `# Limits

What a stranger may send at most. Beyond a limit the answer is an error that names it, and nothing is changed.

${table(
  ['what', 'limit', 'answer beyond it'],
  [
    ['request body', `${number(BODY_LIMIT)} bytes`, 'HTTP 413, `A001206`'],
    ['request body on the protocol plane', `${number(METADATA_BODY_LIMIT)} bytes`, 'HTTP 413, `invalid_request`'],
    ['time in which the headers of a request must have arrived', setting('HEADERS_TIMEOUT', 'ms'), SLOW],
    ['time in which a request must have arrived', setting('REQUEST_TIMEOUT', 'ms'), SLOW],
    ['time for which a connection without a request is kept', setting('KEEP_ALIVE_TIMEOUT', 'ms'), 'connection closed'],
    ['connections at the same time', setting('MAX_CONNECTIONS'), 'connection closed as it comes'],
    [
      'requests that are worked on at the same time',
      setting('MAX_IN_FLIGHT'),
      'HTTP 503 with `Retry-After`, `A001104` or `temporarily_unavailable`',
    ],
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

## When there is too much to do

\`MAX_IN_FLIGHT\` bounds everything that waits inside the server, the queues of the store too: a request that is admitted waits for
no more than those others, so its answer takes about \`MAX_IN_FLIGHT\` divided by the requests a second that the server does. What
comes beyond it is answered before it is read, looked up or logged, and costs little; \`/health/*\`, \`/metrics\` and Authlete's
health check are never refused. A request whose body is still arriving takes none of the room. Why it is done so:
[ADR 5](adr/0005-overload.md).

A connection that was refused, or was closed because no request came, has lost nothing: no request of it was read.
\`KEEP_ALIVE_TIMEOUT\` should be longer than the time for which a proxy before the server keeps its connections, so that the one
who closes is the one who sends.
`;
}
