import { randomBytes } from 'node:crypto';
import { newChain } from '../changes/chains.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { SqliteDatabase } from '../database/sqlite-database.ts';
import { SCHEMA } from '../schema.ts';
import { DeletedServices } from './deleted-services.ts';
import { insertService } from './service-store.ts';
import { newService } from './service.ts';

const MINUTE = 60_000;

describe('DeletedServices', () => {
  let database: SqliteDatabase;
  let services: DeletedServices;
  const deletions: string[] = [];

  beforeEach(async () => {
    database = await SqliteDatabase.open(':memory:');
    await SCHEMA.migrate(database);
    services = new DeletedServices(database, SCHEMA);
    await database.write(
      newChain(1, new SecretEncryption([randomBytes(32)])).statement,
      rows('client_search (service_id, term, client_id)', "1, 'term', i", 1201),
      rows('client_search (service_id, term, client_id)', "2, 'term', i", 1),
      rows('deleted_service (service_id, deleted_at)', '1, 0', 1),
    );
    deletions.length = 0;
    const write = database.write.bind(database);
    database.write = async (...statements) => {
      const changes = await write(...statements);
      if (statements[0]?.sql.includes('DELETE FROM client_search')) deletions.push(String(changes));
      return changes;
    };
  });

  afterEach(() => database.close());

  const rows = (columns: string, values: string, count: number) => ({
    sql: `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) INSERT INTO ${columns} SELECT ${values} FROM n`,
    values: [],
  });
  const countOf = async (table: string) =>
    (await database.read({ sql: `SELECT COUNT(*) AS n FROM ${table}`, values: [] }))[0]?.n;

  it('deletes at most 500 rows with one statement, and only rows of the deleted service', async () => {
    await services.sweep(MINUTE);

    expect(deletions).toEqual(['500', '500', '201']);
    expect(await database.read({ sql: 'SELECT service_id FROM client_search', values: [] })).toEqual([
      { service_id: 2 },
    ]);
    expect([await countOf('audit_chain'), await countOf('deleted_service')]).toEqual([0, 0]);
  });

  it('deletes nothing while requests from before the deletion may be in progress', async () => {
    await services.sweep(MINUTE - 1);

    expect(deletions).toEqual([]);
  });

  it('deletes the rows of a service that was deleted while the clock was ahead', async () => {
    await database.write({ sql: 'UPDATE deleted_service SET deleted_at = $1', values: [60 * MINUTE] });

    await services.sweep(MINUTE);

    expect(await countOf('client_search')).toBe(1);
  });

  it('deletes no row of a new service with the same ID after another process has finished', async () => {
    const write = database.write.bind(database);
    database.write = async (...statements) => {
      if (statements[0]?.sql.includes('DELETE FROM client_search'))
        await write({ sql: 'DELETE FROM deleted_service', values: [] });
      return write(...statements);
    };

    await services.sweep(MINUTE);

    expect(await countOf('client_search')).toBe(1202);
  });

  it('lets nobody use the ID until all rows are deleted', async () => {
    const create = async () => (await database.write(insertService(newService(1, 1, 0)))).at(-1);

    expect(await create()).toBe(0);
    await services.sweep(MINUTE);
    expect(await create()).toBe(1);
  });
});
