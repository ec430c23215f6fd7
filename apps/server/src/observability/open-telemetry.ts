import { AsyncLocalStorage } from 'node:async_hooks';
import {
  defaultTextMapGetter,
  diag,
  DiagLogLevel,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVICE_NAME,
} from '@opentelemetry/semantic-conventions';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DatabaseConfig } from '../config/config.ts';
import type { Fetched } from '../outbound/document-fetcher.ts';
import type { Database } from '../database/database.ts';
import { HEALTHCHECK_PATH } from '../management/management-endpoints.ts';
import { codeOf, methodOf } from '../http/request-metrics.ts';
import { TracedDatabase } from '../database/traced-database.ts';
import type { TracingConfig } from '../config/tracing-config.ts';
import { Tracing } from './tracing.ts';

/** Milliseconds that sending the last spans may take. */
const FLUSH_LIMIT = 2_000;

/** What is asked every few seconds by machines is not worth a trace. */
const UNTRACED: ReadonlySet<string | undefined> = new Set([
  '/health/live',
  '/health/ready',
  '/metrics',
  HEALTHCHECK_PATH,
]);

/** The exporter and the SDK read their own variables (`OTEL_EXPORTER_OTLP_*`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`...). */
export async function openTelemetry(protocol: TracingConfig, engine: DatabaseConfig['engine']): Promise<Tracing> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OpenTelemetryTracing(new OTLPTraceExporter(), engine);
}

/**
 * Spans of requests, of what they ask of the store, and of the documents that are fetched for them. They say what happened by
 * names from closed sets; no span holds a token, a secret, a body, a path, a header or a value of a statement.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
class OpenTelemetryTracing extends Tracing {
  private readonly logger = new Logger('Tracing');
  private readonly provider: BasicTracerProvider;
  private readonly tracer: Tracer;
  private readonly propagator = new W3CTraceContextPropagator();
  private readonly current = new AsyncLocalStorage<Span>();

  constructor(
    exporter: SpanExporter,
    private readonly engine: DatabaseConfig['engine'],
  ) {
    super();
    const resource = defaultResource()
      .merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: 'clientele' }))
      .merge(detectResources({ detectors: [envDetector] }));
    this.provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
    this.tracer = this.provider.getTracer('clientele');
    const warn = (message: string) => {
      this.logger.warn(message);
    };
    const ignore = () => undefined;
    // A collector that cannot be reached is told to the log, and to nobody who calls.
    diag.setLogger(
      { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
  }

  override readonly logFields = (): Readonly<Record<string, string>> => {
    const context = this.current.getStore()?.spanContext();
    return context === undefined ? {} : { trace_id: context.traceId, span_id: context.spanId };
  };

  override addTo(fastify: FastifyInstance): void {
    const spans = new WeakMap<FastifyRequest, Span>();
    const within = (request: FastifyRequest, next: () => void): void => {
      const span = spans.get(request);
      if (span === undefined) next();
      else this.current.run(span, next);
    };
    fastify.addHook('onRequest', (request, reply, done) => {
      if (UNTRACED.has(request.routeOptions.url)) {
        done();
        return;
      }
      const span = this.startRequest(request);
      spans.set(request, span);
      // It comes where the caller has gone too, which onResponse does not.
      reply.raw.once('close', () => {
        const { statusCode } = reply;
        span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, statusCode);
        if (statusCode >= 500) {
          span.setAttribute(ATTR_ERROR_TYPE, String(statusCode));
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      });
      within(request, done);
    });
    // What comes after the body is called by its arrival, which knows nothing of the request that it belongs to.
    fastify.addHook('preValidation', (request, _reply, done) => {
      within(request, done);
    });
    fastify.addHook('preSerialization', (request, reply, payload, done) => {
      spans.get(request)?.setAttributes(outcomeOf(request, reply.statusCode, payload));
      done(null, payload);
    });
    fastify.addHook('onResponse', (request, _reply, done) => {
      within(request, done);
    });
  }

  override observe(database: Database): Database {
    return new TracedDatabase(database, this.engine, (name, attributes) => {
      const parent = this.current.getStore();
      // The server's own look after the store is nobody's request.
      if (parent === undefined) return undefined;
      return this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, contextOf(parent));
    });
  }

  override noteFetch({ outcome, seconds }: Fetched): void {
    const parent = this.current.getStore();
    if (parent === undefined) return;
    const ended = Date.now();
    const span = this.tracer.startSpan(
      'fetch document',
      {
        kind: SpanKind.CLIENT,
        startTime: ended - seconds * 1000,
        attributes: { 'clientele.fetch.outcome': outcome },
      },
      contextOf(parent),
    );
    if (outcome !== 'fetched') {
      span.setAttribute(ATTR_ERROR_TYPE, outcome);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(ended);
  }

  override async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => {
        resolve(`The last spans could not be sent within ${FLUSH_LIMIT} ms.`);
      }, FLUSH_LIMIT);
    });
    const failure = await Promise.race([this.provider.shutdown().catch(String), late]);
    clearTimeout(timer);
    if (failure !== undefined) this.logger.warn(failure);
    diag.disable();
  }

  /**
   * An authorization server's trace goes on in ours. A stranger's does not: whoever calls the protocol plane could make the
   * server keep traces that its sampler would not, or put them into somebody else's; there it is a link.
   *
   * @see https://www.w3.org/TR/trace-context/#security-considerations
   */
  private startRequest(request: FastifyRequest): Span {
    const { url: route } = request.routeOptions;
    const method = methodOf(request);
    const incoming = this.propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
    const isOfPlane = route?.startsWith('/api/') === true;
    return this.tracer.startSpan(
      route === undefined ? method : `${method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: { [ATTR_HTTP_REQUEST_METHOD]: method, ...(route !== undefined && { [ATTR_HTTP_ROUTE]: route }) },
        links: isOfPlane ? [] : linksTo(incoming),
      },
      isOfPlane ? incoming : ROOT_CONTEXT,
    );
  }
}

function contextOf(parent: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, parent);
}

function linksTo(context: Context): Link[] {
  const linked = trace.getSpanContext(context);
  return linked !== undefined && isSpanContextValid(linked) ? [{ context: linked }] : [];
}

/** Result code and action on the API plane, the OAuth error on the protocol plane. */
function outcomeOf(request: FastifyRequest, status: number, payload: unknown): Attributes {
  const code = codeOf(request, status, payload);
  if (request.routeOptions.url?.startsWith('/api/') !== true)
    return code === undefined ? {} : { 'clientele.error': code };
  const { action } = payload as { action?: string };
  return {
    ...(code !== undefined && { 'clientele.result_code': code }),
    ...(action !== undefined && { 'clientele.action': action }),
  };
}
