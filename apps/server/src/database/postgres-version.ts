import { OLD_POSTGRESQL, OLDEST_POSTGRESQL } from '../config/known-failures.ts';
import { StoreUnavailableError, type Row } from './database.ts';

/** The version of PostgreSQL: 180004 is 18.4. */
export const VERSION_SQL = "SELECT current_setting('server_version_num')::BIGINT AS version";

/** PostgreSQL is older than the server supports. */
export class OldPostgresError extends StoreUnavailableError {
  readonly code = OLD_POSTGRESQL;

  constructor(readonly version: string) {
    super(`PostgreSQL ${version} is older than version ${OLDEST_POSTGRESQL}.`);
  }
}

/** Throws `OldPostgresError`. The rows are those of `VERSION_SQL`. */
export function expectSupportedVersion([row]: readonly Row[]): void {
  const version = Number(row?.version);
  const major = Math.floor(version / 10_000);
  if (major < OLDEST_POSTGRESQL) throw new OldPostgresError(`${major}.${version % 10_000}`);
}
