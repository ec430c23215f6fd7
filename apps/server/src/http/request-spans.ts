import { SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE, ATTR_HTTP_RESPONSE_STATUS_CODE } from '@opentelemetry/semantic-conventions';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { currentSpan, type Tracing } from '../observability/tracing.ts';
import { isForMonitoring, isOfApiPlane } from './paths.ts';
import { codeOf, methodOf } from './request-metrics.ts';

/** Traces requests, except those of monitoring. */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  const within = (request: FastifyRequest, next: () => void): void => {
    const span = spans.get(request);
    if (span === undefined) next();
    else currentSpan.run(span, next);
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url: route } = request.routeOptions;
    if (isForMonitoring(route)) {
      done();
      return;
    }
    const span = tracing.startRequest({
      method: methodOf(request),
      route,
      headers: request.headers,
      // Only an authorization server is trusted. A stranger could make the server record traces, or add to a trace of others.
      continuesTrace: isOfApiPlane(route),
    });
    spans.set(request, span);
    // Not onResponse, which Fastify does not call if the caller has gone.
    reply.raw.once('close', () => {
      endSpan(span, reply.statusCode);
    });
    within(request, done);
  });
  // The arrival of the body calls the next hooks, outside of the context of the request.
  fastify.addHook('preValidation', (request, _reply, done) => {
    within(request, done);
  });
  fastify.addHook('preSerialization', (request, reply, payload, done) => {
    spans.get(request)?.setAttributes(attributesOf(request, reply.statusCode, payload));
    done(null, payload);
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    within(request, done);
  });
}

function endSpan(span: Span, status: number): void {
  span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
  if (status >= 500) {
    span.setAttribute(ATTR_ERROR_TYPE, String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The result code and action of the API plane, or the OAuth error of the protocol plane. */
function attributesOf(request: FastifyRequest, status: number, payload: unknown): Attributes {
  const code = codeOf(request, status, payload);
  if (!isOfApiPlane(request.routeOptions.url)) return code === undefined ? {} : { 'clientele.error': code };
  const { action } = payload as { action?: string };
  return {
    ...(code !== undefined && { 'clientele.result_code': code }),
    ...(action !== undefined && { 'clientele.action': action }),
  };
}
