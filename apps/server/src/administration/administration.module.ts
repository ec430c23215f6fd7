import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.ts';
import { InitialAccessTokenController } from './initial-access-token.controller.ts';
import { ServiceController } from './service.controller.ts';

@Module({ imports: [AccessModule], controllers: [ServiceController, InitialAccessTokenController] })
export class AdministrationModule {}
