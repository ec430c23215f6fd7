import { LARGEST_CLIENT_PAGE, LONGEST_IDENTIFIER } from '@clientele/model';
import { LIMITS, RESULTS, type ResultName } from '@clientele/model/metadata';
import { LONGEST_PATCH } from '../../apps/server/src/administration/patch/json-patch.ts';
import {
  AT_A_TIME as IMPACTS_AT_A_TIME,
  PER_SERVICE as IMPACTS_PER_SERVICE,
} from '../../apps/server/src/administration/services/service-impact.ts';
import { MOST_SECRETS } from '../../apps/server/src/clients/client.ts';
import { MOST_WAITING as MOST_CHANGES } from '../../apps/server/src/clients/change-queues.ts';
import {
  AT_A_TIME as PAGES_AT_A_TIME,
  MOST_WAITING as PAGES_WAITING,
  PER_SERVICE as PAGES_PER_SERVICE,
  SCANNED,
  SCANNED_CHARACTERS,
} from '../../apps/server/src/clients/client-search.ts';
import { Config } from '../../apps/server/src/config/config.ts';
import { SETTINGS } from '../../apps/server/src/config/setting.ts';
import {
  AT_A_TIME,
  MOST_WAITING,
  PER_CLIENT,
  PER_SERVICE,
} from '../../apps/server/src/crypto/secret-hash/secret-hashes.ts';
import {
  BODY_LIMIT,
  BODY_SHARES,
  DEEPEST_BODY,
  MANAGEMENT_CONNECTIONS,
  METADATA_BODY_LIMIT,
  MOST_PIPELINED,
  MOST_UNREAD,
  UNREAD_TIMEOUT,
} from '../../apps/server/src/http/limits.ts';
import {
  DEADLINE,
  LARGEST_DOCUMENT,
  PARALLEL,
  PARALLEL_PER_HOST,
  PARALLEL_PER_SERVICE,
} from '../../apps/server/src/outbound/document-fetcher.ts';
import { LONGEST_JSON } from '../../apps/server/src/services/longest-json.ts';
import { code, number } from './markdown.ts';

/** A limit of what a caller can spend. */
export interface Limit {
  readonly subject: string;
  readonly limit: string;
  /** The response to a request beyond the limit. */
  readonly response: string;
  /** The test that reaches the limit, as `findTest` reads it. */
  readonly test: string;
}

type LimitSetting =
  | 'maxInFlight'
  | 'maxConnections'
  | 'maxConnectionsPerAddress'
  | 'maxBodyBytes'
  | (`${string}PerDay` & keyof Config)
  | (`rateLimit${string}` & keyof Config)
  | (`${string}Timeout` & keyof Config);

/** A configurable limit with its default. */
function setting(property: LimitSetting, unit = ''): string {
  const name = SETTINGS.find((each) => each.property === property)?.name ?? '';
  return `[\`${name}\`](configuration.md): ${number(new Config()[property])} ${unit}`.trim();
}

export function codeOf(result: ResultName): string {
  return code(RESULTS[result].code);
}

/** The response to metadata beyond a limit. */
function badRequest(result: ResultName): string {
  return `\`BAD_REQUEST\`, ${codeOf(result)}`;
}

const SLOW = 'HTTP 408, connection closed';
const OVERLOADED = `HTTP 503 with \`Retry-After\`, ${codeOf('overloaded')} or \`temporarily_unavailable\``;
const TOO_MANY = 'HTTP 429 with `Retry-After`, `temporarily_unavailable`';

/** Limits of one request. */
export const OF_A_REQUEST: readonly Limit[] = [
  {
    subject: 'headers',
    limit: '16 KiB',
    response: 'HTTP 431, connection closed',
    test: 'connections.e2e-spec.ts > returns %d for %s, and closes the connection',
  },
  {
    subject: 'body',
    limit: `${number(BODY_LIMIT)} bytes`,
    response: `HTTP 413, ${codeOf('bodyTooLarge')}`,
    test: 'bad-input.e2e-spec.ts > %s returns HTTP %d, %s',
  },
  {
    subject: 'nesting of a JSON body',
    limit: `${number(DEEPEST_BODY)} levels, also of members that are ignored`,
    response: `HTTP 400, ${codeOf('bodyUnacceptable')}`,
    test: 'bad-input.e2e-spec.ts > %s returns HTTP %d, %s',
  },
  {
    subject: 'body on the protocol plane',
    limit: `${number(METADATA_BODY_LIMIT)} bytes`,
    response: 'HTTP 413, `invalid_request`',
    test: 'protocol-registration.e2e-spec.ts > returns 413 if the body is too large, and 400 if the metadata is too long',
  },
  {
    subject: '`json`, the client metadata',
    limit: `${number(LIMITS.json)} characters`,
    response: badRequest('metadataUnparsable'),
    test: 'model/metadata/json.spec.ts > limits the length',
  },
  {
    subject: 'nesting of the client metadata',
    limit: `${LIMITS.depth} levels`,
    response: badRequest('metadataUnparsable'),
    test: 'model/metadata/json.spec.ts > limits the depth',
  },
  ...(
    [
      ['one string', `${number(LIMITS.text)} characters`, 'valueTooLong'],
      ['one URI', `${number(LIMITS.uri)} characters`, 'valueTooLong'],
      ['elements of a list', number(LIMITS.elements), 'tooManyEntries'],
      ['keys of a JWK Set by value', number(LIMITS.keys), 'tooManyEntries'],
      ['languages of one member', number(LIMITS.languageTags), 'tooManyEntries'],
      ['a language tag', `${LIMITS.languageTag} characters`, 'languageTagInvalid'],
    ] as const
  ).map(([subject, limit, result]) => ({
    subject,
    limit,
    response: badRequest(result),
    test: 'model/decision/limits.spec.ts > is limited for %s',
  })),
  {
    subject: 'identifier that an administrator gives to a client',
    limit: `${number(LONGEST_IDENTIFIER)} characters`,
    response: `HTTP 400, ${codeOf('identifierInvalid')} or ${codeOf('bodyUnacceptable')}`,
    test: 'client-administration.e2e-spec.ts > refuses to create under digits, a word of a path, or what no client_id contains',
  },
  {
    subject: 'clients of one page of a list',
    limit: number(LARGEST_CLIENT_PAGE),
    response: `HTTP 400, ${codeOf('bodyUnacceptable')}`,
    test: 'client-list.e2e-spec.ts > refuses %j',
  },
  {
    subject: 'clients that are read for one page of a list',
    limit: `${number(SCANNED)}, with ${number(SCANNED_CHARACTERS)} characters of metadata`,
    response: 'the page ends early, and `next` continues',
    test: 'client-list.e2e-spec.ts > ends a page after a bounded number of clients, with a cursor from which the next page goes on',
  },
  {
    subject: '`patch` of `service/configuration`',
    limit: `${number(LONGEST_PATCH)} characters`,
    response: `HTTP 400, ${codeOf('bodyUnacceptable')}`,
    test: 'service-configuration.e2e-spec.ts > refuses %s=%.60s',
  },
  {
    subject: 'settings of a service, as JSON',
    limit: `${number(LONGEST_JSON)} characters`,
    response: `HTTP 400, ${codeOf('bodyUnacceptable')}`,
    test: 'service.e2e-spec.ts > have a longest length, however many patches they come from',
  },
  {
    subject: 'properties of a client that only administrators set, as JSON',
    limit: `${number(LONGEST_JSON)} characters`,
    response: `HTTP 400, ${codeOf('bodyUnacceptable')}`,
    test: 'client-update.e2e-spec.ts > refuses what makes the properties that only administrators set too long, and changes nothing',
  },
  {
    subject: 'valid secrets of a client',
    limit: number(MOST_SECRETS),
    response: `HTTP 400, ${codeOf('clientSecretsTooMany')}`,
    test: 'secret-administration.e2e-spec.ts > refuses values that are no seconds, and more than 10 valid secrets',
  },
];

/** Limits of use at the same time. */
export const AT_THE_SAME_TIME: readonly Limit[] = [
  {
    subject: 'open connections',
    limit: setting('maxConnections'),
    response: 'the connection that has waited longest for its caller is closed',
    test: 'overload.e2e-spec.ts > a server with MAX_CONNECTIONS closes the one that has waited longest in favour of a new one',
  },
  {
    subject: 'open connections from one address (IPv6: one /64 network), unless it is a trusted proxy or this machine',
    limit: setting('maxConnectionsPerAddress'),
    response: 'new connection closed',
    test: 'http/connection-limits.spec.ts > refuse connections of an address that has too many, until one of them is closed',
  },
  {
    subject: 'open connections of the management port',
    limit: `${MANAGEMENT_CONNECTIONS.most}, and ${MANAGEMENT_CONNECTIONS.mostPerAddress} from one address`,
    response: 'as above',
    test: 'health.e2e-spec.ts > closes the connection that has waited longest if too many are open on that port',
  },
  {
    subject: 'time to receive the headers of a request',
    limit: setting('headersTimeout', 'ms'),
    response: SLOW,
    test: 'connections.e2e-spec.ts > returns 408 to a caller that is slow to send %s',
  },
  {
    subject: 'time to receive a request',
    limit: setting('requestTimeout', 'ms'),
    response: SLOW,
    test: 'connections.e2e-spec.ts > returns 408 to a caller that is slow to send %s',
  },
  {
    subject: 'time for which an idle connection stays open',
    limit: setting('keepAliveTimeout', 'ms'),
    response: 'connection closed',
    test: 'connections.e2e-spec.ts > closes an idle connection',
  },
  {
    subject: 'requests of one connection whose responses were not sent completely',
    limit: String(MOST_PIPELINED),
    response: 'connection closed',
    test: 'http/connection-limits.spec.ts > close a connection with too many requests whose responses were not sent, and admit as many again after each response',
  },
  {
    subject: 'time for which a caller reads nothing of a response',
    limit: `${number(UNREAD_TIMEOUT)} to ${number(2 * UNREAD_TIMEOUT)} ms`,
    response: 'connection closed',
    test: 'http/connections.spec.ts > disconnects a caller that reads nothing of a response',
  },
  {
    subject: 'responses that callers have not read yet',
    limit: `${number(MOST_UNREAD)} characters`,
    response: 'the connections that have been reading for longest are closed',
    test: 'http/connection-limits.spec.ts > close the connections whose callers have been reading for longest, if too much is unread',
  },
  {
    subject: 'bodies that are still arriving',
    limit: `${setting('maxBodyBytes', 'bytes')}; from one address a part of 1/${BODY_SHARES}`,
    response: `${OVERLOADED}, connection closed`,
    test: 'overload.e2e-spec.ts > refuses an address with more than its part, and serves others',
  },
  {
    subject: 'running requests',
    limit: setting('maxInFlight'),
    response: OVERLOADED,
    test: 'overload.e2e-spec.ts > refuses the next request on the API plane with 503, Retry-After and A001104',
  },
  {
    subject: 'changes of one client or service that wait for the previous one in a server process',
    limit: `${MOST_CHANGES}`,
    response: OVERLOADED,
    test: 'clients/change-queues.spec.ts > refuses a change of a subject for which too many wait, and no change of another one',
  },
  {
    subject: 'pages of lists of clients',
    limit: `${PAGES_AT_A_TIME}`,
    response: 'waits',
    test: 'client-list.e2e-spec.ts > reads two pages at a time, and the others afterwards',
  },
  {
    subject: 'pages of lists of clients that are read or wait',
    limit: `${PAGES_WAITING}; ${PAGES_PER_SERVICE} of one service`,
    response: `HTTP 503 with \`Retry-After\`, ${codeOf('overloaded')}`,
    test: 'client-list.e2e-spec.ts > reads or queues a bounded number of pages for a service, and refuses others with 503',
  },
  {
    subject: 'runs of `service/impact` in a server process',
    limit: `${IMPACTS_AT_A_TIME}; ${IMPACTS_PER_SERVICE} for one service`,
    response: `HTTP 503 with \`Retry-After\`, ${codeOf('overloaded')}`,
    test: 'service-impact.e2e-spec.ts > runs once at a time for a service, and ends when the caller disconnects',
  },
  {
    subject: 'verifications of hashes of secrets',
    limit: `${AT_A_TIME} at a time, ${MOST_WAITING} waiting; ${PER_SERVICE} of one service and ${PER_CLIENT} of one client in both together`,
    response: `HTTP 503 with \`Retry-After\`, ${codeOf('overloaded')}`,
    test: 'crypto/secret-hash/secret-hashes.spec.ts > is refused beyond the number of verifications that run or wait: %s',
  },
  {
    subject: 'fetches of documents of clients and issuers, with the look-ups of their names',
    limit: `${PARALLEL}; ${PARALLEL_PER_SERVICE} for one service, ${PARALLEL_PER_HOST} from one host`,
    response: `HTTP 503 with \`Retry-After\`, or \`INTERNAL_SERVER_ERROR\`, ${codeOf('documentsBusy')}`,
    test: 'outbound/document-fetcher.spec.ts > is busy beyond the concurrent fetches from one host, which is no fault of the document',
  },
  {
    subject: 'time to fetch a document, with the look-up of its name',
    limit: `${number(DEADLINE)} ms`,
    response: badRequest('sectorDocumentUnusable'),
    test: 'outbound/document-fetcher.spec.ts > stops reading a slow document at the deadline',
  },
  {
    subject: 'a document of a client or issuer',
    limit: `${number(LARGEST_DOCUMENT)} bytes`,
    response: badRequest('sectorDocumentUnusable'),
    test: 'outbound/document-fetcher.spec.ts > refuses %s',
  },
];

/** Limits of use in a minute or a day. Those of a day bound how fast strangers fill the disk. */
export const IN_A_TIME: readonly Limit[] = [
  {
    subject: 'requests a minute on the protocol plane from one address',
    limit: setting('rateLimitPerAddress'),
    response: 'HTTP 429 with `Retry-After`',
    test: 'rate-limits.e2e-spec.ts > a request beyond the limit of an address gets 429 with Retry-After, and registers nothing',
  },
  {
    subject: 'requests a minute on the protocol plane for one service',
    limit: setting('rateLimitPerService'),
    response: 'HTTP 429 with `Retry-After`',
    test: 'rate-limits.e2e-spec.ts > a request beyond the limit of a service gets 429 from any address, and other services are not affected',
  },
  {
    subject: 'registrations in a day without an initial access token on the protocol plane, for each service',
    limit: setting('openRegistrationsPerDay'),
    response: TOO_MANY,
    test: 'registration-quotas.e2e-spec.ts > refuse more registrations without a token on the protocol plane, exactly, and no others',
  },
  {
    subject: 'updates in a day on the protocol plane by all clients without an initial access token, for each service',
    limit: setting('openUpdatesPerDay'),
    response: TOO_MANY,
    test: 'registration-quotas.e2e-spec.ts > holds for all of them together on the protocol plane, and for no other update',
  },
  {
    subject: 'updates in a day by one client of its own registration',
    limit: setting('updatesPerClientPerDay'),
    response: `HTTP 429 with \`Retry-After\`, ${codeOf('clientUpdatesExceeded')} or \`temporarily_unavailable\``,
    test: 'registration-quotas.e2e-spec.ts > refuse more updates by one client, on both planes, and change nothing',
  },
];
