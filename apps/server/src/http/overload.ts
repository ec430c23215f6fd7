import type { IncomingMessage, ServerResponse } from 'node:http';
import { resultMessage, type ErrorResponse } from '@clientele/model/metadata';
import { HEALTHCHECK_PATH } from '../management/management-endpoints.ts';
import { failure } from './failure.ts';
import { RETRY_AFTER } from './limits.ts';
import { requestId } from './request-id.ts';

/** What an orchestrator asks is answered however much there is to do: a server that is busy is not one to be ended. */
const ALWAYS_ANSWERED = /^(?:\/health\/|\/metrics(?:\?|$))/;

const PROTOCOL_PLANE = /^\/(?:connect|\.well-known)\//;

const API_BODY = JSON.stringify(failure('overloaded'));
const PROTOCOL_BODY = JSON.stringify({
  error: 'temporarily_unavailable',
  error_description: resultMessage('overloaded'),
} satisfies ErrorResponse);

/** Whether a request may be refused when there are too many. */
export function mayBeRefused({ url = '' }: IncomingMessage): boolean {
  return !ALWAYS_ANSWERED.test(url) && !url.startsWith(HEALTHCHECK_PATH);
}

/**
 * Answers that there are too many requests, in the terms of the plane, before anything is read, looked up or logged: what is
 * refused takes its time from what is not.
 */
export function refuse(request: IncomingMessage, response: ServerResponse): void {
  const protocolPlane = PROTOCOL_PLANE.test(request.url ?? '');
  const body = protocolPlane ? PROTOCOL_BODY : API_BODY;
  response.writeHead(503, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'retry-after': String(RETRY_AFTER),
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'x-request-id': requestId(request),
    // Which pages may read the answers of a service is not known yet; that there are too many requests any page may.
    ...(protocolPlane && {
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Retry-After, X-Request-Id',
    }),
  });
  response.end(body);
}
