import type { RequestListener, Server } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { resultOf } from '@clientele/model/metadata';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import { Config } from '../config/config.ts';
import { CallerAddresses } from '../http/caller-addresses.ts';
import { ConnectionLimits } from '../http/connection-limits.ts';
import { httpServer, refuseUnreadable } from '../http/connections.ts';
import { MANAGEMENT_BODY_LIMIT, MANAGEMENT_CONNECTIONS } from '../http/limits.ts';
import type { ServerAdapter } from '../http/server-adapter.ts';
import { Metrics } from '../observability/metrics.ts';
import { managementEndpoints } from './management-endpoints.ts';
import { Readiness } from './readiness.ts';

/** The management endpoints on their own port, which a firewall can protect. */
@Injectable()
export class ManagementServer {
  private server: FastifyInstance | undefined;
  /** The URL of the server; `undefined` while it does not listen. */
  url: string | undefined;

  constructor(
    private readonly host: HttpAdapterHost<ServerAdapter>,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
    private readonly config: Config,
  ) {}

  /** Listens on a port. Throws if the port is taken. */
  async listen(port: number, host: string): Promise<void> {
    this.server = fastify({
      loggerInstance: this.host.httpAdapter.getInstance<FastifyInstance>().log,
      logController: new LogController({ disableRequestLogging: true }),
      serverFactory: (handler) => this.createServer(handler),
      bodyLimit: MANAGEMENT_BODY_LIMIT,
      clientErrorHandler: refuseUnreadable,
    });
    this.server.setNotFoundHandler((_request, reply) => reply.status(404).send(resultOf('noSuchApi')));
    this.server.register(managementEndpoints(this.metrics, this.readiness));
    this.url = await this.server.listen({ port, host });
  }

  private createServer(handler: RequestListener): Server {
    const limits = new ConnectionLimits(MANAGEMENT_CONNECTIONS, new CallerAddresses(this.config.trustedProxies));
    const server = httpServer(this.config, (request, response) => {
      if (limits.admit(request, response)) handler(request, response);
    });
    limits.limit(server);
    return server;
  }

  /** Does nothing if the server does not listen. */
  async close(): Promise<void> {
    this.server?.server.closeAllConnections();
    await this.server?.close();
  }
}
