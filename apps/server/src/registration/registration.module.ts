import { Module } from '@nestjs/common';
import { Config } from '../config.ts';
import { DocumentFetcher } from '../outbound/document-fetcher.ts';
import { ClientRegistration } from './client-registration.ts';
import { RegistrationController } from './registration.controller.ts';
import { SectorIdentifier } from './sector-identifier.ts';

@Module({
  controllers: [RegistrationController],
  providers: [
    ClientRegistration,
    SectorIdentifier,
    {
      provide: DocumentFetcher,
      inject: [Config],
      useFactory: (config: Config) => new DocumentFetcher(config.allowLoopbackFetch),
    },
  ],
})
export class RegistrationModule {}
