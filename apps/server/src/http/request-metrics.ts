import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiErrorResponse, ErrorResponse } from '@clientele/model/metadata';
import type { Metrics } from '../observability/metrics.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The route of requests that are for none. */
const NO_ROUTE = 'none';

type MeasuredRequest = FastifyRequest & { answeredCode?: string };

/** Counts and times every request. Routes are counted by their pattern: what a stranger asks for is no label. */
export function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.decorateRequest('answeredCode', '');
  fastify.addHook('preSerialization', (request: MeasuredRequest, reply, payload, done) => {
    request.answeredCode = codeOf(request, reply.statusCode, payload) ?? '';
    done(null, payload);
  });
  fastify.addHook('onResponse', (request: MeasuredRequest, reply, done) => {
    const method = methodOf(request);
    const route = request.routeOptions.url ?? NO_ROUTE;
    const status = String(reply.statusCode);
    metrics.requests.inc({ method, route, status, code: request.answeredCode ?? '' });
    metrics.requestSeconds.observe({ method, route }, reply.elapsedTime / 1000);
    done();
  });
}

/** The method, where it is a known one. */
export function methodOf({ method }: FastifyRequest): string {
  return METHODS.has(method) ? method : 'other';
}

/**
 * The result code of an answer of the API plane, the OAuth error of one of the protocol plane. What a client is told of itself
 * there has neither, though it may have members of these names that the client chose.
 */
export function codeOf({ routeOptions }: FastifyRequest, status: number, payload: unknown): string | undefined {
  if (status < 400 && routeOptions.url?.startsWith('/api/') !== true) return undefined;
  const { resultCode, error } = payload as Partial<ApiErrorResponse & ErrorResponse>;
  return resultCode ?? error;
}
