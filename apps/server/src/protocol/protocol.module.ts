import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Config } from '../config/config.ts';
import { AccessModule } from '../access/access.module.ts';
import { HttpModule } from '../http/http.module.ts';
import { Routes } from '../http/routes.ts';
import type { ServerAdapter } from '../http/server-adapter.ts';
import { ClientRegistration } from '../registration/client-registration.ts';
import { RegistrationModule } from '../registration/registration.module.ts';
import { PublicUrls } from '../services/public-urls.ts';
import { ServiceStore } from '../services/service-store.ts';
import { ServicesModule } from '../services/services.module.ts';
import { IdempotentRegistrations } from './idempotent-registrations.ts';
import { protocolPlane } from './protocol-plane.ts';

/** Registers the protocol plane as a Fastify plugin (docs/adr/0008-modules-layers-and-the-protocol-plane.md). */
@Module({
  imports: [HttpModule, AccessModule, ServicesModule, RegistrationModule],
  providers: [IdempotentRegistrations],
})
export class ProtocolModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<ServerAdapter>,
    private readonly config: Config,
    private readonly routes: Routes,
    private readonly registration: ClientRegistration,
    private readonly services: ServiceStore,
    private readonly urls: PublicUrls,
    private readonly idempotent: IdempotentRegistrations,
  ) {}

  onModuleInit(): void {
    const { config, routes, registration, services, urls, idempotent } = this;
    const plugin = protocolPlane({ config, routes, registration, services, urls, idempotent });
    // Not awaited: Fastify loads the plugin after Nest has set its error handler.
    this.host.httpAdapter.getInstance<FastifyInstance>().register(plugin);
  }
}
