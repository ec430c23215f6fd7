import { SCHEMA } from '../schema.ts';
import { ExpiredRows } from './expired-rows.ts';
import { SqliteDatabase } from './sqlite-database.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOW = 100 * DAY;

describe('ExpiredRows', () => {
  let database: SqliteDatabase;
  let rows: ExpiredRows;

  beforeEach(async () => {
    database = await SqliteDatabase.open(':memory:');
    await SCHEMA.migrate(database);
    rows = new ExpiredRows(database, SCHEMA);
  });

  afterEach(() => database.close());

  const execute = (sql: string) => database.write({ sql, values: [] });
  const idsOf = async (table: string, column: string) =>
    (await database.read({ sql: `SELECT ${column} AS id FROM ${table} ORDER BY 1`, values: [] })).map(({ id }) => id);

  it('deletes at most 500 rows with one statement, and only expired ones', async () => {
    await execute(`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1201)
      INSERT INTO idempotent_registration (service_id, key_hash, request_hash, entity_tag, response, expires_at)
      SELECT 1, i, '', '', '', CASE i WHEN 1201 THEN ${NOW + 1} ELSE ${NOW} END FROM n`);
    const deleted: number[] = [];
    const write = database.write.bind(database);
    database.write = async (...statements) => {
      const changes = await write(...statements);
      if (/DELETE FROM idempotent_registration.*<=/s.test(statements[0]?.sql ?? '')) deleted.push(...changes);
      return changes;
    };

    await rows.sweep(NOW);

    expect(deleted).toEqual([500, 500, 200]);
    expect(await idsOf('idempotent_registration', 'key_hash')).toEqual(['1201']);
  });

  it('deletes initial access tokens 30 days after they expire, and used-up ones 30 days after their creation', async () => {
    const token = (id: number, createdAt: number, expiresAt: number, usesLeft: number) =>
      `(1, ${id}, '${id}', ${createdAt}, ${expiresAt}, 5, ${usesLeft})`;
    const long = NOW - 30 * DAY;
    await execute(`
      INSERT INTO initial_access_token (service_id, token_id, token_hash, created_at, expires_at, uses, uses_left) VALUES
      ${[
        token(1, 0, long, 5),
        token(2, 0, long + 1, 5),
        token(3, long, NOW + DAY, 0),
        token(4, long + 1, NOW + DAY, 0),
        token(5, long, NOW + DAY, 1),
      ].join()}`);

    await rows.sweep(NOW);

    expect(await idsOf('initial_access_token', 'token_id')).toEqual([2, 4, 5]);
  });

  it('deletes locks of software IDs after an hour', async () => {
    const long = NOW - 60 * 60 * 1000;
    await execute(
      `INSERT INTO software_id_lock (service_id, software_id_hash, locked_at) VALUES (1, 'old', ${long}), (1, 'new', ${long + 1})`,
    );

    await rows.sweep(NOW);

    expect(await idsOf('software_id_lock', 'software_id_hash')).toEqual(['new']);
  });
});
