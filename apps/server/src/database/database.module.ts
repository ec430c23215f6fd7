import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { Metrics } from '../observability/metrics.ts';
import { ObservabilityModule } from '../observability/observability.module.ts';
import { Tracing } from '../observability/tracing.ts';
import { Database } from './database.ts';
import { checkEncryptionKeys, loadEncryption } from './encryption-keys.ts';
import { ExpiredRows } from './expired-rows.ts';
import { MeasuredDatabase } from './measured-database.ts';
import { openDatabase } from './open-database.ts';
import { Schema } from './schema.ts';
import { WriteCheck } from './write-check.ts';

/** Provides the database to every module, and closes it when the server stops. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static forRoot(schema: Schema): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [ObservabilityModule],
      providers: [
        { provide: Schema, useValue: schema },
        {
          provide: SecretEncryption,
          inject: [Config],
          useFactory: loadEncryption,
        },
        ExpiredRows,
        { provide: WriteCheck, useFactory: () => new WriteCheck() },
        // It needs the encryption first: without a key no database is created, and none is opened.
        {
          provide: Database,
          inject: [Config, SecretEncryption, Metrics, WriteCheck, Tracing, Schema],
          useFactory: open,
        },
      ],
      exports: [Schema, SecretEncryption, Database, WriteCheck],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

async function open(
  config: Config,
  encryption: SecretEncryption,
  metrics: Metrics,
  writeCheck: WriteCheck,
  tracing: Tracing | undefined,
  schema: Schema,
): Promise<Database> {
  const database = await openDatabase(config, schema);
  try {
    await checkEncryptionKeys(database, encryption, config);
    const measured = new MeasuredDatabase(database, metrics, writeCheck);
    if (tracing === undefined) return measured;
    const { TracedDatabase } = await import('./traced-database.ts');
    return new TracedDatabase(measured, config.database.engine, tracing);
  } catch (error) {
    await database.close();
    throw error;
  }
}
