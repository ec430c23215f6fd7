import { migrate } from '../database/migrations/migrate.ts';
import { SqliteDatabase } from '../database/sqlite-database.ts';
import { SERVICE_COLUMNS, TRANSFER_TABLES, UNTRANSFERRED_TABLES } from './transfer-tables.ts';

describe('what an export holds', () => {
  const schema = new Map<string, string[]>();

  beforeAll(async () => {
    const database = await SqliteDatabase.open(':memory:');
    await migrate(database);
    const tables = await database.read({ sql: "SELECT name FROM sqlite_master WHERE type = 'table'", values: [] });
    for (const { name } of tables) {
      const columns = await database.read({ sql: 'SELECT name FROM pragma_table_info($1)', values: [name!] });
      schema.set(
        String(name),
        columns.map((column) => String(column.name)),
      );
    }
    await database.close();
  });

  it('is every table of the schema, or the table is said to stay behind', () => {
    const known = ['service', ...TRANSFER_TABLES.map(({ table }) => table), ...UNTRANSFERRED_TABLES];

    expect([...schema.keys()].sort()).toEqual([...new Set(known)].sort());
  });

  it('is every column of the service', () => {
    expect(['service_id', ...Object.keys(SERVICE_COLUMNS)].sort()).toEqual(schema.get('service')?.sort());
  });

  it.each(TRANSFER_TABLES.map((table) => [table.kind, table] as const))(
    'is every column of %s, or the column follows from others',
    (_kind, { table, columns, derived, key, encrypted }) => {
      const names = ['service_id', ...Object.keys(columns), ...(derived?.columns ?? [])];

      expect(names.sort()).toEqual(schema.get(table)?.sort());
      expect(Object.keys(columns)).toEqual(expect.arrayContaining([key, ...encrypted]));
    },
  );
});
