import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AdministrationModule } from './administration/administration.module.ts';
import { ChangesModule } from './changes/changes.module.ts';
import { Config } from './config/config.ts';
import { DatabaseModule } from './database/database.module.ts';
import { LookupModule } from './lookup/lookup.module.ts';
import { ManagementModule } from './management/management.module.ts';
import { OpenApiModule } from './openapi/openapi.module.ts';
import { ProtocolModule } from './protocol/protocol.module.ts';
import { RegistrationModule } from './registration/registration.module.ts';
import { SCHEMA } from './schema.ts';

/** The composition root: the configuration for every module, the store, and the modules with routes. */
@Global()
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot(SCHEMA),
        ChangesModule,
        RegistrationModule,
        LookupModule,
        AdministrationModule,
        ProtocolModule,
        ManagementModule,
        OpenApiModule,
      ],
      providers: [{ provide: Config, useValue: config }],
      exports: [Config],
    };
  }
}
