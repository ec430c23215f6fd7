import { Module } from '@nestjs/common';
import { Config } from '../config.ts';
import { InitialAccessTokenModule } from '../initial-access-token/initial-access-token.module.ts';
import { DocumentFetcher } from '../outbound/document-fetcher.ts';
import { ClientRegistration } from './client-registration.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { RegistrationController } from './registration.controller.ts';
import { SectorIdentifier } from './sector-identifier.ts';
import { SoftwareStatements } from './software-statement.ts';

@Module({
  imports: [InitialAccessTokenModule],
  controllers: [RegistrationController],
  providers: [
    ClientRegistration,
    SectorIdentifier,
    SoftwareStatements,
    IssuerKeys,
    {
      provide: DocumentFetcher,
      inject: [Config],
      useFactory: (config: Config) => new DocumentFetcher(config.allowLoopbackFetch),
    },
  ],
})
export class RegistrationModule {}
