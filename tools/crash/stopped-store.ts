import { openSqlite } from '../../apps/server/src/store/sqlite-driver.ts';
import { Violation } from './expected-client.ts';
import { asStoredRows, type StoredRow } from './expected-store.ts';

/** Reads the clients from a database file that no server has open. Throws if the file is damaged. */
export async function readStoppedStore(path: string): Promise<readonly StoredRow[]> {
  const database = await openSqlite(path);
  try {
    const problems = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    const text = problems.map(({ integrity_check: problem }) => problem).join('\n');
    if (text !== 'ok') throw new Violation(`The database file is damaged:\n${text}`);
    return asStoredRows(database.prepare('SELECT client_id, properties FROM client').all() as object[]);
  } finally {
    database.close();
  }
}
