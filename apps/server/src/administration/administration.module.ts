import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { ClientsModule } from '../clients/clients.module.ts';
import { HttpModule } from '../http/http.module.ts';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { RegistrationModule } from '../registration/registration.module.ts';
import { InstallationTokenController, ServiceTokenController } from './api-access-token.controller.ts';
import { ClientAdministration } from './client-administration.ts';
import { ClientListController } from './client-list.controller.ts';
import { ClientResponses } from './client-responses.ts';
import { ClientUpdateController } from './client-update.controller.ts';
import { ClientUpdates } from './client-updates.ts';
import { ClientController } from './client.controller.ts';
import { GrantController } from './grant.controller.ts';
import { InitialAccessTokenController } from './initial-access-token.controller.ts';
import { RequestableScopesController } from './requestable-scopes.controller.ts';
import { SecretAdministration } from './secret-administration.ts';
import { SecretController } from './secret.controller.ts';
import { ServiceAdministration } from './service-administration.ts';
import { ServiceListController } from './service-list.controller.ts';
import { ServiceController } from './service.controller.ts';

@Module({
  imports: [AccessModule, ClientsModule, HttpModule, OutboundModule, RegistrationModule],
  controllers: [
    ServiceController,
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
  providers: [ClientAdministration, ClientUpdates, ClientResponses, SecretAdministration, ServiceAdministration],
})
export class AdministrationModule {}
