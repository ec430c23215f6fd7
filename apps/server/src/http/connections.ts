import { STATUS_CODES, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionLimits } from '../config/config.ts';
import { CONNECTIONS_CHECK_INTERVAL } from './limits.ts';

/** How long callers may take: whoever sends a request byte by byte is cut off. */
export function connectionOptions({
  headersTimeout,
  requestTimeout,
  keepAliveTimeout,
}: ConnectionLimits): ServerOptions {
  return {
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    connectionsCheckingInterval: Math.min(headersTimeout, CONNECTIONS_CHECK_INTERVAL),
  };
}

const STATUS_OF: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

/** What is said of a request that could not be read so far that its plane is known: in the terms of both. */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is not HTTP.',
  408: 'The request took too long to arrive.',
  413: 'The request is too large.',
  431: 'The headers of the request are too large.',
};

/**
 * Answers what is no HTTP request, and ends its connection: nothing after it can be told apart from it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-2.2
 */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF[error.code ?? ''] ?? 400;
  const body = JSON.stringify({ error: 'invalid_request', error_description: DESCRIPTIONS[status] });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
