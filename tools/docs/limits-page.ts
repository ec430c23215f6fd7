import { LARGEST_CLIENT_PAGE, LONGEST_IDENTIFIER } from '@clientele/model';
import { LIMITS, RESULTS, type ResultName } from '@clientele/model/metadata';
import { Config } from '../../apps/server/src/config/config.ts';
import { MOST_SECRETS } from '../../apps/server/src/administration/secret-administration.ts';
import { LONGEST_PATCH } from '../../apps/server/src/administration/json-patch.ts';
import { LONGEST_DIFFERENCES, LONGEST_VALUE } from '../../apps/server/src/changes/entry.ts';
import { SCANNED, SCANNED_CHARACTERS } from '../../apps/server/src/clients/client-search.ts';
import { SETTINGS } from '../../apps/server/src/config/setting.ts';
import { SCHEMES } from '../../apps/server/src/crypto/secret-hash/schemes.ts';
import {
  AT_A_TIME,
  MOST_WAITING,
  PER_CLIENT,
  PER_SERVICE,
} from '../../apps/server/src/crypto/secret-hash/secret-hashes.ts';
import { MOST } from '../../apps/server/src/crypto/secret-hash/slow-hashes.ts';
import {
  BODY_LIMIT,
  BODY_SHARES,
  MANAGEMENT_CONNECTIONS,
  METADATA_BODY_LIMIT,
} from '../../apps/server/src/http/limits.ts';
import { PARALLEL, PARALLEL_PER_HOST, PARALLEL_PER_SERVICE } from '../../apps/server/src/outbound/document-fetcher.ts';
import { code, table } from './markdown.ts';

const SLOW = 'HTTP 408, connection closed';

type LimitSetting =
  | 'maxInFlight'
  | 'maxConnections'
  | 'maxConnectionsPerAddress'
  | 'maxBodyBytes'
  | (`${string}PerDay` & keyof Config)
  | (`${string}Timeout` & keyof Config);

/** A configurable limit with its default. */
function setting(property: LimitSetting, unit = ''): string {
  const name = SETTINGS.find((each) => each.property === property)?.name ?? '';
  return `[\`${name}\`](configuration.md): ${new Config()[property].toLocaleString('en')} ${unit}`.trim();
}

function codeOf(result: ResultName): string {
  return code(RESULTS[result].code);
}

/** The response to metadata beyond a limit. */
function badRequest(result: ResultName): string {
  return `\`BAD_REQUEST\`, ${codeOf(result)}`;
}

export function limitsPage(): string {
  const number = (value: number) => value.toLocaleString('en');
  return `# Limits

These limits apply to every caller. A request beyond a limit gets an error that names it, and changes nothing.

${table(
  ['subject', 'limit', 'response beyond it'],
  [
    ['request body', `${number(BODY_LIMIT)} bytes`, `HTTP 413, ${codeOf('bodyTooLarge')}`],
    ['request body on the protocol plane', `${number(METADATA_BODY_LIMIT)} bytes`, 'HTTP 413, `invalid_request`'],
    ['time to receive the headers of a request', setting('headersTimeout', 'ms'), SLOW],
    ['time to receive a request', setting('requestTimeout', 'ms'), SLOW],
    ['time for which an idle connection stays open', setting('keepAliveTimeout', 'ms'), 'connection closed'],
    ['open connections', setting('maxConnections'), 'the connection that has waited longest for its caller is closed'],
    [
      'open connections from one address (IPv6: one /64 network), unless it is a trusted proxy or this machine',
      setting('maxConnectionsPerAddress'),
      'new connection closed',
    ],
    [
      'open connections of the management port',
      `${MANAGEMENT_CONNECTIONS.most}, and ${MANAGEMENT_CONNECTIONS.mostPerAddress} from one address`,
      'as above',
    ],
    [
      'bodies that are still arriving',
      `${setting('maxBodyBytes', 'bytes')}; from one address a part of 1/${BODY_SHARES}`,
      `HTTP 503 with \`Retry-After\`, ${codeOf('overloaded')} or \`temporarily_unavailable\`, connection closed`,
    ],
    [
      'running requests',
      setting('maxInFlight'),
      `HTTP 503 with \`Retry-After\`, ${codeOf('overloaded')} or \`temporarily_unavailable\``,
    ],
    ['`json`, the client metadata', `${number(LIMITS.json)} characters`, badRequest('metadataUnparsable')],
    ['nesting of the client metadata', `${number(LIMITS.depth)} levels`, badRequest('metadataUnparsable')],
    ['one string', `${number(LIMITS.text)} characters`, badRequest('valueTooLong')],
    ['one URI', `${number(LIMITS.uri)} characters`, badRequest('valueTooLong')],
    ['elements of a list', number(LIMITS.elements), badRequest('tooManyEntries')],
    ['keys of a JWK Set by value', number(LIMITS.keys), badRequest('tooManyEntries')],
    ['a language tag', `${number(LIMITS.languageTag)} characters`, badRequest('languageTagInvalid')],
    ['languages of one member', number(LIMITS.languageTags), badRequest('tooManyEntries')],
    [
      '`patch` of `service/configuration`',
      `${number(LONGEST_PATCH)} characters`,
      `HTTP 400, ${codeOf('bodyUnacceptable')}`,
    ],
    [
      'identifier that an administrator gives to a client',
      `${number(LONGEST_IDENTIFIER)} characters`,
      `HTTP 400, ${codeOf('identifierInvalid')} or ${codeOf('bodyUnacceptable')}`,
    ],
    ['clients of one page of a list', number(LARGEST_CLIENT_PAGE), `HTTP 400, ${codeOf('bodyUnacceptable')}`],
    [
      'clients that are read for one page of a list',
      `${number(SCANNED)}, with ${number(SCANNED_CHARACTERS)} characters of metadata`,
      'the page ends early, and `next` continues',
    ],
    ['valid secrets of a client', number(MOST_SECRETS), `HTTP 400, ${codeOf('clientSecretsTooMany')}`],
    [
      'verifications of hashes of secrets',
      `${AT_A_TIME} at a time, ${MOST_WAITING} waiting; ${PER_SERVICE} of one service and ${PER_CLIENT} of one client in both together`,
      `HTTP 503 with \`Retry-After\`, ${codeOf('overloaded')}`,
    ],
    [
      'concurrent fetches of documents of clients and issuers',
      `${PARALLEL}; ${PARALLEL_PER_SERVICE} for one service, ${PARALLEL_PER_HOST} from one host`,
      `HTTP 503 with \`Retry-After\`, or \`INTERNAL_SERVER_ERROR\`, ${codeOf('documentsBusy')}`,
    ],
    ['headers of a request', '16 KiB', 'HTTP 431, connection closed'],
    [
      'requests a minute on the protocol plane',
      '[`RATE_LIMIT_PER_ADDRESS`, `RATE_LIMIT_PER_SERVICE`](configuration.md)',
      'HTTP 429 with `Retry-After`',
    ],
    [
      'registrations in a day without an initial access token on the protocol plane, for each service',
      setting('openRegistrationsPerDay'),
      'HTTP 429 with `Retry-After`, `temporarily_unavailable`',
    ],
    [
      'updates in a day on the protocol plane by all clients without an initial access token, for each service',
      setting('openUpdatesPerDay'),
      'HTTP 429 with `Retry-After`, `temporarily_unavailable`',
    ],
    [
      'updates in a day by one client of its own registration',
      setting('updatesPerClientPerDay'),
      `HTTP 429 with \`Retry-After\`, ${codeOf('clientUpdatesExceeded')} or \`temporarily_unavailable\``,
    ],
  ],
)}

## Hashes of client secrets

[An imported hash](clients.md#import-hashed-secrets) is the name of a scheme, a colon, and the hash as the other server stores it:

${table(
  ['scheme', 'servers', 'the hash'],
  Object.entries(SCHEMES).map(([name, { usedBy, form }]) => [
    code(name),
    usedBy,
    /[$}]/.test(form) ? code(form) : form,
  ]),
)}

A hash that would cost more than this is refused with HTTP 400, ${codeOf('clientSecretHashUnfit')}, when it is imported:

${table(
  ['function', 'limit'],
  [
    ['PBKDF2', `${number(MOST.pbkdf2Iterations)} iterations, counted for each block of the key`],
    [
      'bcrypt',
      `cost ${MOST.bcryptCost}; no secret with more than 72 bytes is accepted, because bcrypt ignores the rest`,
    ],
    [
      'Argon2',
      `${number(MOST.memory / 1024)} KiB of memory, ${MOST.argon2Iterations} iterations, parallelism ${MOST.argon2Parallelism}`,
    ],
    ['scrypt', `128 · N · r = ${number(MOST.memory)} bytes, and 128 · N · r · p = ${number(MOST.scryptWritten)} bytes`],
  ],
)}

## Documents of others

The server fetches the document at \`sector_identifier_uri\` and the keys of issuers of software statements:

- only over https and from public addresses, in three seconds from the look-up of the name to the last byte, without redirects.
- Names are resolved by DNS alone: the hosts file is not read, and no search domains are added, so write names in full.
- A fetch counts until the name server has responded or the look-up was cancelled, and the connection is closed.
- Concurrent requests for one URL share one fetch.
- A limit of concurrent fetches is never a fault of the client: the client may repeat the request.

## What strangers can store

- A day begins at 00:00 UTC, and the limits of a day hold for all servers of a store together. Set one to 0 to switch it off.
- An update that changes nothing writes nothing, and does not count. After the limit, it is refused like any other.
- In the log of changes, a value with more than ${number(LONGEST_VALUE)} bytes of JSON is replaced by its SHA-256. If the differences between two
  documents have more than ${number(LONGEST_DIFFERENCES)} bytes in all, the log has only the SHA-256 of both documents.
- An entry of the log has at most about 10 KiB. The three limits of a day therefore bound how fast strangers can fill the disk.
- Registrations that nobody uses are deleted if the service sets \`unusedRegistrationLifetime\`.

## Overload

- \`MAX_IN_FLIGHT\` also limits the queues of the store. Under overload, an admitted request takes about \`MAX_IN_FLIGHT\` divided by the requests per
  second of the server.
- Further requests are refused before they are read, looked up or logged, at little cost ([ADR 5](adr/0005-overload.md)).
- \`/health/*\`, \`/metrics\` and Authlete's health check are never refused.
- A request whose body is still arriving does not count. Its bytes count in \`MAX_BODY_BYTES\`: those that \`Content-Length\` announces, or the
  largest accepted body if it is sent in chunks.
- A connection waits for its caller if the server works on none of its requests. If too many connections are open, the one that has waited
  longest is closed, so that idle callers cannot exclude others. If none waits, the new connection is closed.
- If a connection is refused, or closed before a response began, the server processed nothing on it: the request can be repeated.
- Callers behind a proxy share its address, unless [\`TRUSTED_PROXIES\`](configuration.md) names the proxy. Name it, or its connections count
  as those of one address.
- Set \`KEEP_ALIVE_TIMEOUT\` longer than the idle timeout of a proxy in front, so that the proxy, not the server, closes idle
  connections.
`;
}
