import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { ClientsModule } from '../clients/clients.module.ts';
import { HttpModule } from '../http/http.module.ts';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { RegistrationModule } from '../registration/registration.module.ts';
import { ClientAdministration } from './clients/client-administration.ts';
import { ClientListController } from './clients/client-list.controller.ts';
import { ClientResponses } from './clients/client-responses.ts';
import { ClientUpdateController } from './clients/client-update.controller.ts';
import { ClientUpdates } from './clients/client-updates.ts';
import { ClientController } from './clients/client.controller.ts';
import { GrantController } from './clients/grant.controller.ts';
import { RequestableScopesController } from './clients/requestable-scopes.controller.ts';
import { SecretAdministration } from './secrets/secret-administration.ts';
import { SecretController } from './secrets/secret.controller.ts';
import { ServiceAdministration } from './services/service-administration.ts';
import { ServiceImpactController } from './services/service-impact.controller.ts';
import { ServiceImpact } from './services/service-impact.ts';
import { ServiceListController } from './services/service-list.controller.ts';
import { ServiceController } from './services/service.controller.ts';
import { InstallationTokenController, ServiceTokenController } from './tokens/api-access-token.controller.ts';
import { InitialAccessTokenController } from './tokens/initial-access-token.controller.ts';

@Module({
  imports: [AccessModule, ClientsModule, HttpModule, OutboundModule, RegistrationModule],
  controllers: [
    ServiceController,
    ServiceImpactController,
    ServiceListController,
    InitialAccessTokenController,
    ServiceTokenController,
    InstallationTokenController,
    ClientListController,
    ClientController,
    ClientUpdateController,
    RequestableScopesController,
    SecretController,
    GrantController,
  ],
  providers: [
    ClientAdministration,
    ClientUpdates,
    ClientResponses,
    SecretAdministration,
    ServiceAdministration,
    ServiceImpact,
  ],
})
export class AdministrationModule {}
