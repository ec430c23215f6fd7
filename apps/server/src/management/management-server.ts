import { createServer } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import { Config } from '../config/config.ts';
import { answerUnreadable, connectionOptions } from '../http/connections.ts';
import { managementEndpoints } from './management-endpoints.ts';
import { Metrics } from '../observability/metrics.ts';
import { Readiness } from './readiness.ts';

/** The management endpoints on a port of their own, which a network can keep to itself. */
@Injectable()
export class ManagementServer {
  private server: FastifyInstance | undefined;

  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
    private readonly config: Config,
  ) {}

  /** The URL that it listens at. Throws where the port cannot be had. */
  listen(port: number, host: string): Promise<string> {
    this.server = fastify({
      loggerInstance: this.host.httpAdapter.getInstance().log,
      logController: new LogController({ disableRequestLogging: true }),
      serverFactory: (handler) => createServer(connectionOptions(this.config.connections), handler),
      clientErrorHandler: answerUnreadable,
    });
    this.server.register(managementEndpoints(this.metrics, this.readiness));
    return this.server.listen({ port, host });
  }

  /** Nothing where it does not listen. */
  async close(): Promise<void> {
    this.server?.server.closeAllConnections();
    await this.server?.close();
  }
}
