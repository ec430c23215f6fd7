import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiErrorResponse, ErrorResponse } from '@clientele/model/metadata';
import type { Metrics } from '../observability/metrics.ts';
import { JsonText } from './json-text.ts';
import { isOfApiPlane } from './paths.ts';
import type { RequestEnd } from './request-end.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The route in metrics of a request whose path has none. */
const NO_ROUTE = 'none';

/** The status in metrics of a request whose caller has gone before the whole response was sent. */
const ABORTED = 'aborted';

declare module 'fastify' {
  interface FastifyRequest {
    /** The result code or OAuth error of the response. */
    responseCode: string;
    /** The action in the response; empty if it has none. */
    responseAction: string;
    /** The result code of an error of the protocol plane, whose response has none; empty if there is none. */
    resultCode: string;
    /** The result code of the rule that refused an operation on a registration; empty if none did. */
    refusalCode: string;
    /** Whether the request was authenticated and read, so that its handler ran. */
    isHandled: boolean;
    /** Whether the response is that to an earlier request, so that nothing was registered. */
    isReplay: boolean;
  }
}

/** Prepares the count of requests, and counts operations on registrations. The route is a pattern, so that a path that a stranger chose is never a label. */
export function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.decorateRequest('responseCode', '');
  fastify.decorateRequest('responseAction', '');
  fastify.decorateRequest('resultCode', '');
  fastify.decorateRequest('refusalCode', '');
  fastify.decorateRequest('actor', '');
  fastify.decorateRequest('clientId', 0);
  fastify.decorateRequest('isHandled', false);
  fastify.decorateRequest('isReplay', false);
  fastify.addHook('preHandler', (request, _reply, done) => {
    request.isHandled = true;
    done();
  });
  fastify.addHook('preSerialization', (request, reply, payload, done) => {
    request.responseCode = codeOf(request, reply.statusCode, payload) ?? '';
    if (isOfApiPlane(request.routeOptions.url)) request.responseAction = (payload as { action?: string }).action ?? '';
    if (payload instanceof JsonText) request.clientId = payload.clientId ?? 0;
    done(null, payload);
  });
  // Not onResponse, which Fastify does not call if the caller has gone.
  fastify.addHook('onSend', (request, reply, payload, done) => {
    countRegistration(request, reply.statusCode, metrics);
    done(null, payload);
  });
}

/** Counts and times a request that has ended. */
export function countRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, aborted }: RequestEnd,
  metrics: Metrics,
): void {
  const method = methodOf(request);
  const route = request.routeOptions.url ?? NO_ROUTE;
  const label = aborted ? ABORTED : String(status);
  metrics.requests.inc({ method, route, status: label, code: request.responseCode });
  metrics.requestSeconds.observe({ method, route }, reply.elapsedTime / 1000);
}

/** Counts an operation on a registration. A request that was wrong in itself is not counted, because no rule was applied to it. */
function countRegistration(request: FastifyRequest, status: number, metrics: Metrics): void {
  const { routeOptions, refusalCode, isHandled, isReplay } = request;
  const operation = routeOptions.config.description?.counted;
  if (operation === undefined || !isHandled || isReplay) return;
  const failed = status >= 500;
  if (refusalCode === '' && status >= 400 && !failed) return;
  const outcome = refusalCode !== '' ? 'refused' : failed ? 'failed' : 'success';
  metrics.registrations.inc({ operation, outcome, result_code: refusalCode });
}

/** The method if it is a known one. */
export function methodOf({ method }: FastifyRequest): string {
  return METHODS.has(method) ? method : 'other';
}

/**
 * The result code of a response of the API plane, or the OAuth error of one of the protocol plane. A successful response of the
 * protocol plane has neither, but may have members of these names that the client chose.
 */
export function codeOf({ routeOptions }: FastifyRequest, status: number, payload: unknown): string | undefined {
  if (status < 400 && !isOfApiPlane(routeOptions.url)) return undefined;
  const { resultCode, error } = payload as Partial<ApiErrorResponse & ErrorResponse>;
  return resultCode ?? error;
}
