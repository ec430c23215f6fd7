import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Metrics } from '../observability/metrics.ts';
import { ObservabilityModule } from '../observability/observability.module.ts';
import { Tracing } from '../observability/tracing.ts';
import { ApiError } from './api-error.ts';
import { ErrorFilter } from './error.filter.ts';
import { responseHeaders } from './overload.ts';
import { RequestGate } from './request-gate.ts';
import { whenRequestsEnd } from './request-end.ts';
import { fieldsOf } from './request-log.ts';
import { countRequest, measureRequests } from './request-metrics.ts';
import { hasFragment } from './request-target.ts';
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
    private readonly routes: Routes,
    private readonly metrics: Metrics,
    @Inject(Tracing) private readonly tracing: Tracing | undefined,
  ) {}

  async onModuleInit(): Promise<void> {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    if (this.tracing !== undefined) await addTracing(fastify, this.tracing);
    addResponseHeaders(fastify);
    measureRequests(fastify, this.metrics);
    whenRequestsEnd(fastify, this.gate, (request, reply, end) => {
      countRequest(request, reply, end, this.metrics);
      request.log.info(fieldsOf(request, reply, end, this.routes), 'request completed');
    });
    refuseUnusable(fastify);
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

/** Refuses requests of callers that have gone, and those whose target has two readings. The log and the metrics have them. */
function refuseUnusable(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.callerAddress === undefined) {
      reply.hijack();
      request.raw.socket.destroy();
    } else if (hasFragment(request.url)) {
      done(new ApiError(400, 'requestTargetInvalid'));
    } else {
      done();
    }
  });
}
