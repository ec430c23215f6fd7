import type { IncomingMessage, ServerResponse } from 'node:http';
import { resultMessage, type ErrorResponse } from '@clientele/model/metadata';
import { failure } from './failure.ts';
import { RETRY_AFTER } from './limits.ts';
import { isOfProtocolPlane } from './paths.ts';
import { requestId } from './request-id.ts';

const API_BODY = JSON.stringify(failure('overloaded'));
const PROTOCOL_BODY = JSON.stringify({
  error: 'temporarily_unavailable',
  error_description: resultMessage('overloaded'),
} satisfies ErrorResponse);

/**
 * Refuses a request with the error of its plane. Nothing is read, looked up or logged, because a refusal takes its time from the
 * requests in progress.
 */
export function refuse(request: IncomingMessage, response: ServerResponse): void {
  const protocolPlane = isOfProtocolPlane(request.url ?? '');
  const body = protocolPlane ? PROTOCOL_BODY : API_BODY;
  response.writeHead(503, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'retry-after': String(RETRY_AFTER),
    ...responseHeaders(requestId(request)),
    // The origins that the service allows are not looked up. Any page may read that the server is overloaded.
    ...(protocolPlane && {
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Retry-After, X-Request-Id',
    }),
  });
  response.end(body);
}

/** The headers of responses on the main port. Responses contain credentials, so caches must not store them (RFC 7591 section 5). */
export function responseHeaders(requestId: string): Record<string, string> {
  return { 'cache-control': 'no-store', pragma: 'no-cache', 'x-request-id': requestId };
}
