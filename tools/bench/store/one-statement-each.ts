import { Database, type Row, type SchemaSession, type Statement } from '../../../apps/server/src/database/database.ts';

/** A database to which every write is sent by itself, as soon as it is asked for. */
export class OneStatementEach extends Database {
  constructor(private readonly database: Database) {
    super();
  }

  override read(statement: Statement): Promise<readonly Row[]> {
    return this.database.read(statement);
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    return this.database.write(...statements.map(({ sql, values }) => ({ sql, values })));
  }

  override changeSchema<T>(change: (session: SchemaSession) => Promise<T>): Promise<T> {
    return this.database.changeSchema(change);
  }

  override close(): Promise<void> {
    return this.database.close();
  }
}
