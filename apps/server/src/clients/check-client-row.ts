import { ClientAdministrationDto } from '@clientele/model';
import { printableName, type JsonObject } from '@clientele/model/metadata';
import type { Row } from '../database/database.ts';
import { RecordError } from '../database/table.ts';
import {
  expectAccepted,
  expectEnd,
  expectMembers,
  expectObject,
  expectObjectIn,
  expectOrder,
  expectWithin,
  isCount,
  isText,
  isTime,
  parseColumn,
} from '../http/record-checks.ts';
import { LONGEST_GRACE_PERIOD } from '../services/protocol-settings.dto.ts';
import { lengthProblem } from '../services/longest-json.ts';
import { checkClientDocument } from './check-client-document.ts';
import { CLIENT_SOURCES, MOST_SECRETS } from './client.ts';
import { identifierProblem } from './identifier-problem.ts';

type Checks = Readonly<Record<string, (value: unknown) => boolean>>;

/** Throws `RecordError` unless the API of this server could have stored the row of a client. */
export function checkClientRow(row: Row): void {
  checkClientDocument(row.metadata as string);
  checkPart(row, 'identifiers', { canonical: isIdentifier, alias: isIdentifier });
  checkAdministration(row);
  checkDigests(row);
  checkPart(row, 'registration', {
    plane: (value) => value === 'api' || value === 'protocol',
    initialAccessTokenId: (value) => isCount(value) && value !== 0,
    statementIssuer: isText,
  });
  if (!(CLIENT_SOURCES as readonly unknown[]).includes(row.source))
    throw new RecordError(`source must be one of ${CLIENT_SOURCES.join(', ')}`);
  if ((row.previous_token_hash === null) !== (row.previous_token_until === null))
    throw new RecordError('previous_token_hash and previous_token_until must both be null or neither');
  expectEnd(row, 'previous_token_until', LONGEST_GRACE_PERIOD * 1000);
  expectOrder(row);
  if (!isTime(Number(row.update_day) * 86_400_000))
    throw new RecordError('update_day must be at most one day after the time of the import');
}

function isIdentifier(value: unknown): boolean {
  return isText(value) && identifierProblem(value) === undefined;
}

function checkPart(row: Row, column: 'identifiers' | 'registration', checks: Checks): void {
  if (row[column] !== null) expectMembers(expectObjectIn(row, column), checks, column);
}

/** The properties of `Client` that are members of the administration part itself. */
const OWN = new Set(['developer', 'attributes', 'resources', 'notes', 'expiresAt']);

/** The properties of `Client` that have a place of their own in a row, so that `properties` must not have them. */
const ELSEWHERE = new Set([...OWN, 'clientIdAlias', 'clientType', 'customMetadata']);

/** The administration part must be one that an administrator could have set by a `Client`. */
function checkAdministration(row: Row): void {
  if (row.administration === null) return;
  const { locked = false, requestableScopes, properties = {}, ...own } = expectObjectIn(row, 'administration');
  if (typeof locked !== 'boolean') throw new RecordError('administration.locked must be a boolean');
  const tooLong = lengthProblem({ requestableScopes, properties, ...own }, 'the administration part');
  if (tooLong !== undefined) throw new RecordError(tooLong.replace(/\.$/, ''));
  const { extension = {}, ...others } = expectObject(properties, 'administration.properties');
  const durations = expectObject(extension, 'administration.properties.extension');
  const elsewhere = Object.keys(others).find((name) => ELSEWHERE.has(name));
  if (elsewhere !== undefined || 'requestableScopes' in durations || 'requestableScopesEnabled' in durations)
    throw new RecordError(
      `administration.properties must not have a member ${elsewhere ?? 'extension.requestableScopes'}`,
    );
  const other = Object.keys(own).find((name) => !OWN.has(name));
  if (other !== undefined) throw new RecordError(`administration has an unknown member ${printableName(other)}`);
  const client: JsonObject = {
    ...others,
    ...own,
    extension: { ...durations, ...(requestableScopes !== undefined && { requestableScopes }) },
  };
  expectWithin(client, expectAccepted(ClientAdministrationDto, client), 'administration');
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value);
}

/** Responses contain the digests. */
function checkDigests(row: Row): void {
  const column = 'secret_digests';
  if ((row[column] === null) !== (row.secrets === null))
    throw new RecordError(`secrets and ${column} must both be null or neither`);
  if (row[column] === null) return;
  const digests = parseColumn(row, column);
  if (!Array.isArray(digests) || digests.length > MOST_SECRETS)
    throw new RecordError(`${column} must be a list of at most ${MOST_SECRETS} elements`);
  for (const element of digests) {
    const digest = expectObject(element, column);
    if (!isTime(digest.createdAt)) throw new RecordError(`${column}.createdAt must be a time in milliseconds`);
    expectMembers(digest, { sha256: isDigest, createdAt: isTime, expiresAt: isCount }, column);
  }
}
