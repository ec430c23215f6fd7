import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { ClientsModule } from '../clients/clients.module.ts';
import { HttpModule } from '../http/http.module.ts';
import { RegistrationModule } from '../registration/registration.module.ts';
import { ClientAdministration } from './client-administration.ts';
import { ClientListController } from './client-list.controller.ts';
import { ClientController } from './client.controller.ts';
import { InitialAccessTokenController } from './initial-access-token.controller.ts';
import { SecretAdministration } from './secret-administration.ts';
import { SecretController } from './secret.controller.ts';
import { ServiceController } from './service.controller.ts';

@Module({
  imports: [AccessModule, ClientsModule, HttpModule, RegistrationModule],
  controllers: [
    ServiceController,
    InitialAccessTokenController,
    ClientListController,
    ClientController,
    SecretController,
  ],
  providers: [ClientAdministration, SecretAdministration],
})
export class AdministrationModule {}
