import { Module } from '@nestjs/common';
import { Config } from '../config/config.ts';
import { InitialAccessTokenModule } from '../access/access.module.ts';
import { MeasuredRegistration } from '../observability/measured-registration.ts';
import { Metrics } from '../observability/metrics.ts';
import { Tracing } from '../observability/tracing.ts';
import { DocumentFetcher } from '../outbound/document-fetcher.ts';
import { ClientRegistration } from './client-registration.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { RegistrationDecisions } from './registration-decisions.ts';
import { RegistrationExplainer } from './registration-explainer.ts';
import { RegistrationController } from './registration.controller.ts';
import { SectorIdentifier } from './sector-identifier.ts';
import { SoftwareStatements } from './software-statement.ts';

@Module({
  imports: [InitialAccessTokenModule],
  controllers: [RegistrationController],
  providers: [
    { provide: ClientRegistration, useClass: MeasuredRegistration },
    RegistrationDecisions,
    RegistrationExplainer,
    SectorIdentifier,
    SoftwareStatements,
    IssuerKeys,
    {
      provide: DocumentFetcher,
      inject: [Config, Metrics, Tracing],
      useFactory: ({ allowLoopbackFetch }: Config, metrics: Metrics, tracing: Tracing) =>
        new DocumentFetcher(allowLoopbackFetch, (fetched) => {
          metrics.countFetch(fetched);
          tracing.noteFetch(fetched);
        }),
    },
  ],
})
export class RegistrationModule {}
