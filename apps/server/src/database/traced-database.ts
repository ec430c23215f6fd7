import {
  ATTR_DB_OPERATION_BATCH_SIZE,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_SYSTEM_NAME,
} from '@opentelemetry/semantic-conventions';
import type { DatabaseConfig } from '../config/config.ts';
import type { Tracing } from '../observability/tracing.ts';
import { Database, type Row, type SqlSession, type Statement } from './database.ts';

/** Traces the reads and writes of a database. A span contains neither statements nor values. */
export class TracedDatabase extends Database {
  constructor(
    private readonly database: Database,
    private readonly engine: DatabaseConfig['engine'],
    private readonly tracing: Tracing,
  ) {
    super();
  }

  override get now(): string {
    return this.database.now;
  }

  override read(statement: Statement): Promise<readonly Row[]> {
    return this.trace('read', [statement], () => this.database.read(statement));
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    return this.trace('write', statements, () => this.database.write(...statements));
  }

  override changeSchema<T>(change: (session: SqlSession) => Promise<T>): Promise<T> {
    return this.database.changeSchema(change);
  }

  override close(): Promise<void> {
    return this.database.close();
  }

  private trace<T>(operation: string, statements: readonly Statement[], execute: () => Promise<T>): Promise<T> {
    const span = this.tracing.startSpan(`store ${operation}`, {
      [ATTR_DB_SYSTEM_NAME]: this.engine,
      [ATTR_DB_QUERY_SUMMARY]: statements.map(({ sql }) => summaryOf(sql)).join('; '),
      ...(statements.length > 1 && { [ATTR_DB_OPERATION_BATCH_SIZE]: statements.length }),
    });
    const result = execute();
    if (span === undefined) return result;
    result.then(
      () => {
        span.end();
      },
      (error: unknown) => {
        // The message of the error may repeat values.
        span.fail(error instanceof Error ? error.name : 'unknown');
        span.end();
      },
    );
    return result;
  }
}

/** `UPDATE client` */
function summaryOf(sql: string): string {
  const [, verb = '', table = ''] =
    /\b(INSERT INTO|(?<!FOR )UPDATE|DELETE FROM)\s+(\w+)/.exec(sql) ?? /\b(SELECT)\b.*?\bFROM\s+(\w+)/s.exec(sql) ?? [];
  return `${verb.split(' ')[0] ?? ''} ${table}`.trim();
}
