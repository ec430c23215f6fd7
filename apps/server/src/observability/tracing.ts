import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import type { Attributes, Span } from '@opentelemetry/api';

/** A request whose span starts. */
export interface TracedRequest {
  readonly method: string;
  /** The pattern of the path; `undefined` if there is no such path. */
  readonly route: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Whether the trace of the caller continues in the span. A span with a trace of its own has a link to that of the caller. */
  readonly continuesTrace: boolean;
}

/** A span below that of a request. */
export interface ChildSpan {
  /** Marks the span as failed; `errorType` comes from a closed set. */
  readonly fail: (errorType: string) => void;
  /** Ends the span, now or at a time in milliseconds since 1970. */
  readonly end: (time?: number) => void;
}

/**
 * Spans of requests and of what happens during them. Their names and attributes come from closed sets: no span contains a token, a
 * secret, a body, a path, a header or a value of a statement.
 */
export abstract class Tracing {
  /** @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
  abstract startRequest(request: TracedRequest): Span;

  /** Starts a span below that of the current request; `undefined` outside of a request. `startTime` is in milliseconds since 1970. */
  abstract startSpan(name: string, attributes: Attributes, startTime?: number): ChildSpan | undefined;

  /** Sends the remaining spans. */
  abstract close(): Promise<void>;
}

/** The span of the current request. */
export const currentSpan = new AsyncLocalStorage<Span>();

/** The fields of a log line that name the current span. */
export function spanFields(): Readonly<Record<string, string>> {
  const context = currentSpan.getStore()?.spanContext();
  return context === undefined ? {} : { trace_id: context.traceId, span_id: context.spanId };
}
