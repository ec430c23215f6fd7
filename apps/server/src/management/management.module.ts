import { Module, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Config } from '../config/config.ts';
import { HttpModule } from '../http/http.module.ts';
import type { ServerAdapter } from '../http/server-adapter.ts';
import { Metrics } from '../observability/metrics.ts';
import { ObservabilityModule } from '../observability/observability.module.ts';
import { addHealthcheck, managementEndpoints } from './management-endpoints.ts';
import { ManagementServer } from './management-server.ts';
import { Readiness } from './readiness.ts';

/** Health and metrics, on the main port or on `MANAGEMENT_PORT`. */
@Module({
  imports: [HttpModule, ObservabilityModule],
  providers: [Readiness, ManagementServer],
})
export class ManagementModule implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly host: HttpAdapterHost<ServerAdapter>,
    private readonly config: Config,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
    private readonly server: ManagementServer,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    addHealthcheck(fastify, this.readiness);
    if (this.config.managementPort === undefined) fastify.register(managementEndpoints(this.metrics, this.readiness));
  }

  async onApplicationBootstrap(): Promise<void> {
    const { managementPort, host } = this.config;
    if (managementPort !== undefined) await this.server.listen(managementPort, host);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server.close();
  }
}
