import { SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import {
  ATTR_DB_OPERATION_BATCH_SIZE,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
} from '@opentelemetry/semantic-conventions';
import type { DatabaseConfig } from '../config/config.ts';
import { Database, type Row, type SchemaSession, type Statement } from './database.ts';

/** Begins a span; `undefined` where nobody is to be told. */
type StartSpan = (name: string, attributes: Attributes) => Span | undefined;

/** A database whose reads and writes are spans: of a write until it is durable. Neither statements nor values are in them. */
export class TracedDatabase extends Database {
  constructor(
    private readonly database: Database,
    private readonly engine: DatabaseConfig['engine'],
    private readonly startSpan: StartSpan,
  ) {
    super();
  }

  override read(statement: Statement): Promise<readonly Row[]> {
    return this.traced('read', [statement], () => this.database.read(statement));
  }

  override write(...statements: readonly Statement[]): Promise<readonly number[]> {
    return this.traced('write', statements, () => this.database.write(...statements));
  }

  override changeSchema<T>(change: (session: SchemaSession) => Promise<T>): Promise<T> {
    return this.database.changeSchema(change);
  }

  override close(): Promise<void> {
    return this.database.close();
  }

  private traced<T>(operation: string, statements: readonly Statement[], ask: () => Promise<T>): Promise<T> {
    const span = this.startSpan(`store ${operation}`, {
      [ATTR_DB_SYSTEM_NAME]: this.engine,
      [ATTR_DB_QUERY_SUMMARY]: statements.map(({ sql }) => summaryOf(sql)).join('; '),
      ...(statements.length > 1 && { [ATTR_DB_OPERATION_BATCH_SIZE]: statements.length }),
    });
    const answer = ask();
    if (span === undefined) return answer;
    answer.then(
      () => {
        span.end();
      },
      (error: unknown) => {
        // Its message may repeat what was to be written.
        span.setAttribute(ATTR_ERROR_TYPE, error instanceof Error ? error.name : 'unknown');
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    );
    return answer;
  }
}

/** `UPDATE client` */
function summaryOf(sql: string): string {
  const [, verb = ''] = /^\s*(\w+)/.exec(sql) ?? [];
  const [, table = ''] = /\b(?:FROM|INTO|UPDATE)\s+(\w+)/i.exec(sql) ?? [];
  return `${verb.toUpperCase()} ${table}`.trim();
}
