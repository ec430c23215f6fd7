import type { DatabaseSync, StatementSync } from '../../../apps/server/src/database/sqlite-driver.ts';
import { Database, type Row, type SchemaSession, type Statement } from '../../../apps/server/src/database/database.ts';

/** SQLite as it is used without group commit: every write is a transaction of its own, flushed before the next begins. */
export class OneTransactionEach extends Database {
  private readonly prepared = new Map<string, StatementSync>();

  constructor(private readonly connection: DatabaseSync) {
    super();
  }

  override read({ sql, values }: Statement): Promise<readonly Row[]> {
    return Promise.resolve(this.prepare(sql).all(namedValues(values)) as Row[]);
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    this.prepare('BEGIN IMMEDIATE').run();
    const changes = statements.map(({ sql, values }) => this.prepare(sql).run(namedValues(values)).changes);
    this.prepare('COMMIT').run();
    return Promise.resolve(changes.map(Number));
  }

  override changeSchema<T>(_change: (session: SchemaSession) => Promise<T>): Promise<T> {
    throw new Error('The schema is there already.');
  }

  override close(): Promise<void> {
    this.connection.close();
    return Promise.resolve();
  }

  private prepare(sql: string): StatementSync {
    let statement = this.prepared.get(sql);
    if (statement === undefined) {
      statement = this.connection.prepare(sql);
      this.prepared.set(sql, statement);
    }
    return statement;
  }
}

/** `$1`, `$2`... are names to SQLite. */
function namedValues(values: Statement['values']): Record<string, Statement['values'][number]> {
  return Object.fromEntries(values.map((value, place) => [`$${place + 1}`, value]));
}
