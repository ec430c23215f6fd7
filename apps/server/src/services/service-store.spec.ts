import { setImmediate as nextTurn } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { ChainKeys, newChain } from '../changes/chains.ts';
import { SYSTEM } from '../changes/change.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { Database, type Row, type SqlSession, type Statement } from '../database/database.ts';
import { SCHEMA } from '../schema.ts';
import { SqliteDatabase } from '../database/sqlite-database.ts';
import { newService } from './service.ts';
import { insertService, listServices, PAGE_CHARACTERS, pageOfServices, ServiceStore } from './service-store.ts';

/** A database that counts the queries for services, and can delay their results. */
class SlowDatabase extends Database {
  readonly held: (() => void)[] = [];
  queries = 0;
  hold = false;

  constructor(private readonly database: Database) {
    super();
  }

  override get now(): string {
    return this.database.now;
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
  let changes: PendingChanges;
  const changed = { ...service, serviceName: 'Changed', modifiedAt: Date.UTC(2030, 0, 1) };

  beforeEach(async () => {
    database = new SlowDatabase(await SqliteDatabase.open(':memory:'));
    await SCHEMA.migrate(database);
    const encryption = new SecretEncryption([randomBytes(32)]);
    changes = new PendingChanges(new ChainKeys(database, encryption));
    services = new ServiceStore(database, changes);
    await database.write(insertService(service), newChain(1, encryption).statement);
  });

  afterEach(() => database.close());

  it('queries a service once if nothing changes', async () => {
    for (let call = 0; call < 5; call++) expect(await services.find(1)).toEqual(service);

    expect(database.queries).toBe(1);
  });

  it('sees a change by another process in the next call', async () => {
    await services.find(1);

    expect(await new ServiceStore(database, changes).replace(service, changed, SYSTEM)).toBe(true);

    expect(await services.find(1)).toMatchObject({ serviceName: 'Changed' });
  });

  it('takes the service ID from the row, not from the document', async () => {
    await database.write({
      sql: 'UPDATE service SET properties = $1',
      values: [JSON.stringify({ ...service, apiKey: 2 })],
    });

    expect(await services.find(1)).toEqual(service);
    expect(await listServices(database)).toEqual([service]);
  });

  it('does not cache a result that was read before a change and arrives after it', async () => {
    database.hold = true;
    const early = services.find(1);
    while (database.held.length === 0) await nextTurn();
    database.hold = false;
    await services.replace(service, changed, SYSTEM);
    await services.snapshot();

    database.held.forEach((release) => {
      release();
    });
    await early;

    expect(await services.find(1)).toMatchObject({ serviceName: 'Changed' });
  });

  it('ends a page of services early if their settings are long, from where the next one goes on', async () => {
    const description = 'x'.repeat(PAGE_CHARACTERS / 10);
    for (let id = 2; id <= 25; id++)
      await database.write(insertService({ ...newService(id, id, 0), serverMetadata: { description } }));

    const ids: number[][] = [];
    for (let start = 0; start < 25; start += ids.at(-1)!.length) {
      const { services: page, totalCount } = await pageOfServices(database, start, 25);
      expect(totalCount).toBe(25);
      ids.push(page.map(({ apiKey }) => apiKey));
    }

    expect(ids.map(({ length }) => length)).toEqual([20, 5]);
    expect(ids.flat()).toEqual(Array.from({ length: 25 }, (_id, i) => i + 1));
    expect((await listServices(database)).map(({ apiKey }) => apiKey)).toEqual(ids.flat());
  });
});
