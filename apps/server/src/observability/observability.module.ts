import { Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.ts';
import { SecretEncryption } from '../crypto/secret-encryption.ts';
import { ManagementServer } from '../management/management-server.ts';
import { Metrics } from './metrics.ts';
import { Readiness } from '../management/readiness.ts';
import { Tracing } from './tracing.ts';

/** What is seen of the server from outside. */
@Module({})
export class ObservabilityModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly readiness: Readiness,
    private readonly management: ManagementServer,
    private readonly tracing: Tracing,
  ) {}

  static with(metrics: Metrics, tracing: Tracing): DynamicModule {
    return {
      module: ObservabilityModule,
      global: true,
      providers: [
        { provide: Metrics, useValue: metrics },
        { provide: Tracing, useValue: tracing },
        {
          provide: Readiness,
          inject: [Database, SecretEncryption],
          useFactory: (database: Database, encryption: SecretEncryption) => new Readiness(database, encryption),
        },
        ManagementServer,
      ],
      exports: [Metrics, Tracing, Readiness, ManagementServer],
    };
  }

  beforeApplicationShutdown(): void {
    this.readiness.stop();
  }

  /** Last of all, so that an orchestrator is told that the server is stopping for as long as it does. */
  async onApplicationShutdown(): Promise<void> {
    await this.tracing.close();
    await this.management.close();
  }
}
