import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { ClientsModule } from '../clients/clients.module.ts';
import { LookupController } from './lookup.controller.ts';
import { ClientResolver } from './resolve-client.ts';
import { SecretVerifier } from './verify-secret.ts';

@Module({
  imports: [AccessModule, ClientsModule],
  controllers: [LookupController],
  providers: [ClientResolver, SecretVerifier],
})
export class LookupModule {}
