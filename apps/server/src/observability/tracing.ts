import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import type { Fetched } from '../outbound/document-fetcher.ts';
import type { Database } from '../database/database.ts';

/** What becomes of the way of a request through the server. */
export abstract class Tracing {
  /** What a line of the log says of the request that it is about; `undefined` where nothing is traced. */
  abstract readonly logFields: (() => Readonly<Record<string, string>>) | undefined;

  /** Sees requests come and go; to be called before anything that logs or asks the store. */
  abstract addTo(fastify: FastifyInstance): void;

  /** The database, which tells what is asked of it. */
  abstract observe(database: Database): Database;

  /** Tells of a document that was fetched for the request under way. */
  abstract noteFetch(fetched: Fetched): void;

  /** Sends what has not been sent yet. */
  abstract close(): Promise<void>;
}

/** Nothing is traced, and nothing of what could be is loaded. */
class NoTracing extends Tracing {
  override readonly logFields = undefined;
  override addTo(): void {
    // There is nobody to tell.
  }
  override observe(database: Database): Database {
    return database;
  }
  override noteFetch(): void {
    // There is nobody to tell.
  }
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Traces go where the environment says, by the names of OpenTelemetry; nowhere where it says nothing. */
export async function openTracing({ tracing, database }: Pick<Config, 'tracing' | 'database'>): Promise<Tracing> {
  if (tracing === undefined) return new NoTracing();
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry(tracing, database.engine);
}
