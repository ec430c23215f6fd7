import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { ClientsModule } from '../clients/clients.module.ts';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { ClientRegistration } from './client-registration.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { RegistrationDecisions } from './registration-decisions.ts';
import { RegistrationExplainer } from './registration-explainer.ts';
import { RegistrationQuotas } from './registration-quotas.ts';
import { RegistrationController } from './registration.controller.ts';
import { SectorIdentifierDocuments } from './sector-identifier.ts';
import { SoftwareStatements } from './software-statement.ts';
import { UnusedRegistrations } from './unused-registrations.ts';

@Module({
  imports: [AccessModule, ClientsModule, OutboundModule],
  controllers: [RegistrationController],
  providers: [
    ClientRegistration,
    RegistrationQuotas,
    UnusedRegistrations,
    RegistrationDecisions,
    RegistrationExplainer,
    SectorIdentifierDocuments,
    SoftwareStatements,
    IssuerKeys,
  ],
  exports: [ClientRegistration, RegistrationDecisions],
})
export class RegistrationModule {}
