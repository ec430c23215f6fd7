import { setImmediate as nextTurn } from 'node:timers/promises';
import { Database, type Row, type SqlSession, type Statement } from '../database/database.ts';
import { SCHEMA } from '../schema.ts';
import { SqliteDatabase } from '../database/sqlite-database.ts';
import { newService } from './service.ts';
import { insertService, ServiceStore } from './service-store.ts';

/** A database whose answers to queries about services wait until they are let through; counts the queries. */
class SlowDatabase extends Database {
  readonly held: (() => void)[] = [];
  queries = 0;
  hold = false;

  constructor(private readonly database: Database) {
    super();
  }

  override async read(statement: Statement): Promise<readonly Row[]> {
    const rows = await this.database.read(statement);
    if (!statement.sql.includes('FROM service WHERE')) return rows;
    this.queries++;
    if (this.hold) await new Promise<void>((resolve) => this.held.push(resolve));
    return rows;
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    return this.database.write(...statements);
  }

  override changeSchema<T>(change: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.database.changeSchema(change);
  }

  override close(): Promise<void> {
    return this.database.close();
  }
}

describe('ServiceStore', () => {
  const service = newService(1, 1, 0);
  let database: SlowDatabase;
  let services: ServiceStore;

  beforeEach(async () => {
    database = new SlowDatabase(await SqliteDatabase.open(':memory:'));
    await SCHEMA.migrate(database);
    services = new ServiceStore(database);
    await database.write(insertService(service, ''));
  });

  afterEach(() => database.close());

  it('reads a service once for as long as nothing changes', async () => {
    for (let call = 0; call < 5; call++) expect(await services.find(1)).toEqual(service);

    expect(database.queries).toBe(1);
  });

  it('sees a change that another process made in the next call', async () => {
    await services.find(1);

    await new ServiceStore(database).replace({ ...service, serviceName: 'Changed' });

    expect(await services.find(1)).toMatchObject({ serviceName: 'Changed' });
  });

  it('knows a service by the ID of its row, whatever its document says', async () => {
    await database.write({
      sql: 'UPDATE service SET properties = $1',
      values: [JSON.stringify({ ...service, apiKey: 2 })],
    });

    expect(await services.find(1)).toEqual(service);
    expect(await services.list()).toEqual([service]);
  });

  it('forgets what was read before a change and arrives after it', async () => {
    database.hold = true;
    const early = services.find(1);
    while (database.held.length === 0) await nextTurn();
    database.hold = false;
    await services.replace({ ...service, serviceName: 'Changed' });
    await services.snapshot();

    database.held.forEach((letThrough) => {
      letThrough();
    });
    await early;

    expect(await services.find(1)).toMatchObject({ serviceName: 'Changed' });
  });
});
