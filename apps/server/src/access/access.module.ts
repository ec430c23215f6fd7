import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { HttpModule } from '../http/http.module.ts';
import type { ServerAdapter } from '../http/server-adapter.ts';
import { ServicesModule } from '../services/services.module.ts';
import { ApiAccessTokenStore } from './api-access-token-store.ts';
import { ApiAccessTokens } from './api-access-tokens.ts';
import { ApiAuthentication } from './api-authentication.ts';
import { InitialAccessTokenStore } from './initial-access-token-store.ts';
import { InitialAccessTokens } from './initial-access-tokens.ts';

/** Authenticates callers of the API, and provides the tokens by which callers and clients are admitted. */
@Module({
  imports: [HttpModule, ServicesModule],
  providers: [ApiAccessTokenStore, ApiAccessTokens, ApiAuthentication, InitialAccessTokenStore, InitialAccessTokens],
  exports: [ServicesModule, ApiAccessTokenStore, ApiAccessTokens, InitialAccessTokens, InitialAccessTokenStore],
})
export class AccessModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<ServerAdapter>,
    private readonly authentication: ApiAuthentication,
  ) {}

  /** Authenticates before the body is read, because a stranger must not make the server parse one. Guards would be too late. */
  onModuleInit(): void {
    this.host.httpAdapter.getInstance<FastifyInstance>().addHook('onRequest', async (request) => {
      if (request.routeOptions.config.description?.security === 'apiAccessToken')
        await this.authentication.authenticate(request);
    });
  }
}
