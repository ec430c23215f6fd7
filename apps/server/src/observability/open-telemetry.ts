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
  ATTR_HTTP_ROUTE,
  ATTR_SERVICE_NAME,
} from '@opentelemetry/semantic-conventions';
import { Logger } from '@nestjs/common';
import type { OtlpProtocol } from '../config/tracing-config.ts';
import { currentSpan, Tracing, type ChildSpan, type TracedRequest } from './tracing.ts';

/** Milliseconds for sending the last spans. */
const FLUSH_LIMIT = 2_000;

/** The exporter and the SDK read their own variables (`OTEL_EXPORTER_OTLP_*`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`...). */
export async function openTelemetry(protocol: OtlpProtocol): Promise<Tracing> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OpenTelemetryTracing(new OTLPTraceExporter());
}

class OpenTelemetryTracing extends Tracing {
  private readonly logger = new Logger('Tracing');
  private readonly provider: BasicTracerProvider;
  private readonly tracer: Tracer;
  private readonly propagator = new W3CTraceContextPropagator();

  constructor(exporter: SpanExporter) {
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
    // Failures of the collector go to the log, and never to a caller.
    diag.setLogger(
      { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
  }

  override startRequest({ method, route, headers, continuesTrace }: TracedRequest): Span {
    const caller = this.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    return this.tracer.startSpan(
      route === undefined ? method : `${method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: { [ATTR_HTTP_REQUEST_METHOD]: method, ...(route !== undefined && { [ATTR_HTTP_ROUTE]: route }) },
        links: continuesTrace ? [] : linksTo(caller),
      },
      continuesTrace ? caller : ROOT_CONTEXT,
    );
  }

  override startSpan(name: string, attributes: Attributes, startTime?: number): ChildSpan | undefined {
    const parent = currentSpan.getStore();
    if (parent === undefined) return undefined;
    const options = { kind: SpanKind.CLIENT, attributes, ...(startTime !== undefined && { startTime }) };
    const span = this.tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent));
    return {
      fail: (errorType) => span.setAttribute(ATTR_ERROR_TYPE, errorType).setStatus({ code: SpanStatusCode.ERROR }),
      end: (time) => {
        span.end(time);
      },
    };
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
}

function linksTo(context: Context): Link[] {
  const linked = trace.getSpanContext(context);
  return linked !== undefined && isSpanContextValid(linked) ? [{ context: linked }] : [];
}
