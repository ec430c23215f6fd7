import { setImmediate as nextTurn } from 'node:timers/promises';
import { Database, type Row, type SqlSession, type Statement } from '../database/database.ts';
import { SCHEMA } from '../schema.ts';
import { SqliteDatabase } from '../database/sqlite-database.ts';
import { newService } from './service.ts';
import { insertService, ServiceStore } from './service-store.ts';

/** A database that counts the queries for services, and can delay their results. */
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

  it('queries a service once if nothing changes', async () => {
    for (let call = 0; call < 5; call++) expect(await services.find(1)).toEqual(service);

    expect(database.queries).toBe(1);
  });

  it('sees a change by another process in the next call', async () => {
    await services.find(1);

    await new ServiceStore(database).replace({ ...service, serviceName: 'Changed' });

    expect(await services.find(1)).toMatchObject({ serviceName: 'Changed' });
  });

  it('takes the service ID from the row, not from the document', async () => {
    await database.write({
      sql: 'UPDATE service SET properties = $1',
      values: [JSON.stringify({ ...service, apiKey: 2 })],
    });

    expect(await services.find(1)).toEqual(service);
    expect(await services.list()).toEqual([service]);
  });

  it('does not cache a result that was read before a change and arrives after it', async () => {
    database.hold = true;
    const early = services.find(1);
    while (database.held.length === 0) await nextTurn();
    database.hold = false;
    await services.replace({ ...service, serviceName: 'Changed' });
    await services.snapshot();

    database.held.forEach((release) => {
      release();
    });
    await early;

    expect(await services.find(1)).toMatchObject({ serviceName: 'Changed' });
  });
});
