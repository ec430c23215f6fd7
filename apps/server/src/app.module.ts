import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Config } from './config/config.ts';
import { ErrorFilter } from './http/error.filter.ts';
import { RequestGate } from './http/request-gate.ts';
import type { Metrics } from './observability/metrics.ts';
import { ObservabilityModule } from './observability/observability.module.ts';
import { ProtocolModule } from './protocol/protocol.module.ts';
import type { Tracing } from './observability/tracing.ts';
import { PublicUrls } from './services/public-urls.ts';
import { RegistrationModule } from './registration/registration.module.ts';
import { ServiceModule } from './services/services.module.ts';
import type { Database } from './database/database.ts';
import type { SecretEncryption } from './crypto/secret-encryption.ts';
import { StoreModule } from './database/database.module.ts';

/** What was made before the modules. */
interface Parts {
  readonly config: Config;
  readonly database: Database;
  readonly encryption: SecretEncryption;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly gate: RequestGate;
}

/** The one composition root. */
@Module({})
export class AppModule {
  static with({ config, database, encryption, metrics, tracing, gate }: Parts): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [
        StoreModule.on(database, encryption),
        ObservabilityModule.with(metrics, tracing),
        ServiceModule,
        RegistrationModule,
        ProtocolModule,
      ],
      providers: [
        { provide: Config, useValue: config },
        { provide: RequestGate, useValue: gate },
        { provide: PublicUrls, useValue: new PublicUrls(config) },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
      exports: [Config, PublicUrls, RequestGate],
    };
  }
}
