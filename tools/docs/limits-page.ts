import { LONGEST_DIFFERENCES, LONGEST_VALUE } from '../../apps/server/src/changes/entry.ts';
import { SCHEMES } from '../../apps/server/src/crypto/secret-hash/schemes.ts';
import { MOST } from '../../apps/server/src/crypto/secret-hash/slow-hashes.ts';
import { findTest } from './find-test.ts';
import { AT_THE_SAME_TIME, codeOf, IN_A_TIME, OF_A_REQUEST, type Limit } from './limits.ts';
import { code, number, table } from './markdown.ts';

/** A table of limits. Throws if the test that reaches a limit no longer exists. */
function limitsTable(limits: readonly Limit[]): string {
  return table(
    ['subject', 'limit', 'response beyond it', 'test'],
    limits.map(({ subject, limit, response, test }) => [subject, limit, response, `[test](../${findTest(test).file})`]),
  );
}

export function limitsPage(): string {
  return `# Limits

These limits apply to every caller. A request beyond a limit gets an error that names it, and changes nothing. Each row links to the
test that reaches its limit.

## One request

${limitsTable(OF_A_REQUEST)}

## At the same time

${limitsTable(AT_THE_SAME_TIME)}

## In a minute or a day

${limitsTable(IN_A_TIME)}

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
- If a connection is refused, or closed before a response began, the server processed nothing on it: the request can be repeated. This is
  not so if its caller sent further requests without waiting for responses.
- Callers behind a proxy share its address, unless [\`TRUSTED_PROXIES\`](configuration.md) names the proxy. Name it, or its connections count
  as those of one address.
- Set \`KEEP_ALIVE_TIMEOUT\` longer than the idle timeout of a proxy in front, so that the proxy, not the server, closes idle
  connections.
`;
}
