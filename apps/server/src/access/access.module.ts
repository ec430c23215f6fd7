import { Module } from '@nestjs/common';
import { InitialAccessTokenController } from '../administration/initial-access-token.controller.ts';
import { InitialAccessTokenStore } from './initial-access-token-store.ts';
import { InitialAccessTokens } from './initial-access-tokens.ts';

@Module({
  controllers: [InitialAccessTokenController],
  providers: [InitialAccessTokenStore, InitialAccessTokens],
  exports: [InitialAccessTokens],
})
export class InitialAccessTokenModule {}
