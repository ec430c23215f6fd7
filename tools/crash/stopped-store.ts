import { openSqlite } from '../../apps/server/src/database/sqlite-driver.ts';
import { Violation } from './expected-client.ts';
import { asStoredRows, type StoredRow } from './expected-store.ts';

/** The clients in a database file that no server has open; throws when SQLite finds the file damaged. */
export async function readStoppedStore(path: string): Promise<readonly StoredRow[]> {
  const database = await openSqlite(path);
  try {
    const problems = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    const text = problems.map(({ integrity_check: problem }) => problem).join('\n');
    if (text !== 'ok') throw new Violation(`SQLite finds the database file damaged:\n${text}`);
    return asStoredRows(database.prepare('SELECT client_id, properties FROM client').all() as object[]);
  } finally {
    database.close();
  }
}
