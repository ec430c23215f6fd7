import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Metrics } from '../observability/metrics.ts';
import { ObservabilityModule } from '../observability/observability.module.ts';
import { Tracing } from '../observability/tracing.ts';
import { ErrorFilter } from './error.filter.ts';
import { responseHeaders } from './overload.ts';
import { RequestGate } from './request-gate.ts';
import { measureRequests } from './request-metrics.ts';
import { Routes } from './routes.ts';
import type { ServerAdapter } from './server-adapter.ts';

/** The parts of HTTP that all routes share: limits, errors, headers, the log, metrics and traces. */
@Module({
  imports: [ObservabilityModule],
  providers: [
    fromAdapter(RequestGate, ({ gate }) => gate),
    fromAdapter(Routes, ({ routes }) => routes),
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
  exports: [RequestGate, Routes],
})
export class HttpModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<ServerAdapter>,
    private readonly gate: RequestGate,
    private readonly metrics: Metrics,
    @Inject(Tracing) private readonly tracing: Tracing | undefined,
  ) {}

  async onModuleInit(): Promise<void> {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    if (this.tracing !== undefined) await addTracing(fastify, this.tracing);
    addResponseHeaders(fastify);
    logResponses(fastify);
    measureRequests(fastify, this.metrics);
    this.metrics.observeLoad(this.gate.load);
  }
}

function fromAdapter<T>(provide: new (...parameters: never[]) => T, of: (adapter: ServerAdapter) => T) {
  return {
    provide,
    inject: [HttpAdapterHost],
    useFactory: (host: HttpAdapterHost<ServerAdapter>) => of(host.httpAdapter),
  };
}

/** Imports OpenTelemetry only if traces are enabled. */
async function addTracing(fastify: FastifyInstance, tracing: Tracing): Promise<void> {
  const { traceRequests } = await import('./request-spans.ts');
  traceRequests(fastify, tracing);
}

function addResponseHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(responseHeaders(request.id));
    done();
  });
}

function logResponses(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    request.log.info(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request completed',
    );
    done();
  });
}
