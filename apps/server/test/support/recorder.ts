import { Database, type Row, type SqlSession, type Statement } from '../../src/database/database.ts';

/** Records all statements and passes them on. */
export class Recorder extends Database {
  readonly statements: Statement[] = [];

  constructor(private readonly database: Database) {
    super();
  }

  override get now(): string {
    return this.database.now;
  }

  override read(statement: Statement): Promise<readonly Row[]> {
    this.statements.push(statement);
    return this.database.read(statement);
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    this.statements.push(...statements);
    return this.database.write(...statements);
  }

  override changeSchema<T>(change: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.database.changeSchema(change);
  }

  override close(): Promise<void> {
    return this.database.close();
  }
}
