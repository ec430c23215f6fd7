import type { Row } from '../database/database.ts';
import { RecordError, type Table } from '../database/table.ts';
import { expectAccepted, expectTimes, parseColumn } from '../http/record-checks.ts';
import { ACCESS_RIGHTS } from './access-right.ts';
import { CreateInitialAccessTokenDto } from './initial-access-token.dto.ts';

/** The API access tokens. A token without `service_id` is for all services. */
const API_ACCESS_TOKEN_TABLE: Table = {
  name: 'api_access_token',
  columns: { token_hash: 'hash', service_id: 'id?', access_rights: 'text', created_at: 'number' },
  primaryKey: ['token_hash'],
  exported: { credential: true, check: checkApiAccessToken },
};

/** Milliseconds for which a list shows expired initial access tokens, and used-up ones after their creation. */
const TOKEN_KEPT_FOR = 30 * 24 * 60 * 60 * 1000;

/** The initial access tokens. A registration counts one down in its own transaction. */
const INITIAL_ACCESS_TOKEN_TABLE: Table = {
  name: 'initial_access_token',
  columns: {
    service_id: 'id',
    token_id: 'id',
    token_hash: 'hash',
    label: 'text?',
    created_at: 'number',
    expires_at: 'number',
    uses: 'number',
    uses_left: 'number',
  },
  primaryKey: ['service_id', 'token_id'],
  indexes: [{ name: 'initial_access_token_hash', columns: ['service_id', 'token_hash'], unique: true }],
  expiry: [
    { column: 'expires_at', keptFor: TOKEN_KEPT_FOR },
    { column: 'created_at', keptFor: TOKEN_KEPT_FOR, where: 'uses_left = 0' },
  ],
  distributedBy: 'service_id',
  exported: { check: checkInitialAccessToken },
};

export const ACCESS_TABLES = [API_ACCESS_TOKEN_TABLE, INITIAL_ACCESS_TOKEN_TABLE];

function checkApiAccessToken(row: Row): void {
  const rights = parseColumn(row, 'access_rights');
  const isKnown = (right: unknown): boolean => (ACCESS_RIGHTS as readonly unknown[]).includes(right);
  if (!Array.isArray(rights) || rights.length === 0 || !rights.every(isKnown))
    throw new RecordError(`access_rights must be a list of ${ACCESS_RIGHTS.join(', ')}`);
  expectTimes(row, 'created_at');
}

function checkInitialAccessToken(row: Row): void {
  const { uses, label } = row;
  const expiresIn = (Number(row.expires_at) - Number(row.created_at)) / 1000;
  expectAccepted(CreateInitialAccessTokenDto, { uses, label, expiresIn });
  expectTimes(row, 'created_at');
  if (Number(row.uses_left) > Number(uses)) throw new RecordError('uses_left must be at most uses');
}
