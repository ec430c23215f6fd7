import { STATUS_OF_ACTION } from '@clientele/model/wire';
import type { DeleteResult, GetResult, RegisterResult, UpdateResult } from './registration-result.ts';

/** An HTTP response of the authorization server. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  /** Absent if the response has no body. */
  body?: string;
}

const NOT_CACHED = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };
const JSON_CONTENT = { 'Content-Type': 'application/json', ...NOT_CACHED };

/**
 * Converts a result to the HTTP response of the authorization server to the client application. A result with an unknown
 * action becomes a server error, because its content may not be meant for the client application.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2
 * @see https://www.rfc-editor.org/rfc/rfc7592.html#section-2
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-3
 */
export function toHttp(result: RegisterResult | GetResult | UpdateResult | DeleteResult): HttpResponse {
  switch (result.action) {
    case 'CREATED':
    case 'OK':
    case 'UPDATED':
    case 'BAD_REQUEST':
    case 'INTERNAL_SERVER_ERROR':
      return { status: STATUS_OF_ACTION[result.action], headers: { ...JSON_CONTENT }, body: result.responseContent };
    case 'UNAUTHORIZED':
      return {
        status: STATUS_OF_ACTION.UNAUTHORIZED,
        headers: { ...JSON_CONTENT, 'WWW-Authenticate': 'Bearer error="invalid_token"' },
        body: result.responseContent,
      };
    case 'DELETED':
      return { status: STATUS_OF_ACTION.DELETED, headers: { ...NOT_CACHED } };
    default:
      return { status: 500, headers: { ...JSON_CONTENT }, body: '{"error":"server_error"}' };
  }
}
