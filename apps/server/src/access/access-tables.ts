import type { Row } from '../database/database.ts';
import { RecordError, type Table } from '../database/table.ts';
import { expectAccepted, expectObjectIn, isText, parseColumn } from '../http/record-checks.ts';
import { ACCESS_RIGHTS } from './access-right.ts';
import { CreateApiAccessTokenDto } from './api-access-token.dto.ts';
import { CreateInitialAccessTokenDto } from './initial-access-token.dto.ts';

/** Milliseconds for which a list shows expired tokens, and used-up initial access tokens after their creation. */
const TOKEN_KEPT_FOR = 30 * 24 * 60 * 60 * 1000;

/** An export does not contain the last use, because it changes while the service is exported. */
const WITHOUT_LAST_USE = { columns: ['last_used_at'], of: () => ({ last_used_at: null }) };

/** The API access tokens. A token without `service_id` is for all services. */
const API_ACCESS_TOKEN_TABLE: Table = {
  name: 'api_access_token',
  columns: {
    token_hash: 'hash',
    service_id: 'id?',
    access_rights: 'text',
    label: 'text?',
    created_at: 'time',
    /** `Actor` as JSON. */
    created_by: 'text',
    expires_at: 'number?',
    last_used_at: 'time?',
  },
  primaryKey: ['token_hash'],
  indexes: [{ name: 'api_access_token_service', columns: ['service_id'] }],
  expiry: [{ column: 'expires_at', keptFor: TOKEN_KEPT_FOR }],
  exported: { credential: true, derived: WITHOUT_LAST_USE, check: checkApiAccessToken },
};

/** The initial access tokens. A registration counts one down in its own transaction. */
const INITIAL_ACCESS_TOKEN_TABLE: Table = {
  name: 'initial_access_token',
  columns: {
    service_id: 'id',
    token_id: 'id',
    token_hash: 'hash',
    label: 'text?',
    created_at: 'time',
    expires_at: 'number',
    uses: 'count',
    uses_left: 'count',
    last_used_at: 'time?',
  },
  primaryKey: ['service_id', 'token_id'],
  indexes: [{ name: 'initial_access_token_hash', columns: ['service_id', 'token_hash'], unique: true }],
  expiry: [
    { column: 'expires_at', keptFor: TOKEN_KEPT_FOR },
    { column: 'created_at', keptFor: TOKEN_KEPT_FOR, where: 'uses_left = 0' },
  ],
  distributedBy: 'service_id',
  exported: { derived: WITHOUT_LAST_USE, check: checkInitialAccessToken },
};

export const ACCESS_TABLES = [API_ACCESS_TOKEN_TABLE, INITIAL_ACCESS_TOKEN_TABLE];

function checkApiAccessToken(row: Row): void {
  const accessRights = parseColumn(row, 'access_rights');
  const isKnown = (right: unknown): boolean => (ACCESS_RIGHTS as readonly unknown[]).includes(right);
  if (!Array.isArray(accessRights) || accessRights.length === 0 || !accessRights.every(isKnown))
    throw new RecordError(`access_rights must be a list of ${ACCESS_RIGHTS.join(', ')}`);
  const { label, created_at: createdAt, expires_at: expiresAt } = row;
  const expiresIn = expiresAt === null ? null : (Number(expiresAt) - Number(createdAt)) / 1000;
  expectAccepted(CreateApiAccessTokenDto, { accessRights: accessRights as string[], label, expiresIn });
  if (!isText(expectObjectIn(row, 'created_by').type)) throw new RecordError('created_by must be an actor');
}

function checkInitialAccessToken(row: Row): void {
  const { uses, label } = row;
  const expiresIn = (Number(row.expires_at) - Number(row.created_at)) / 1000;
  expectAccepted(CreateInitialAccessTokenDto, { uses, label, expiresIn });
  if (Number(row.uses_left) > Number(uses)) throw new RecordError('uses_left must be at most uses');
}
