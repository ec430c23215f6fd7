import { createServer, STATUS_CODES, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import { CONNECTIONS_CHECK_INTERVAL, SHUTDOWN_GRACE, UNREAD_TIMEOUT } from './limits.ts';

type Timeouts = Pick<Config, 'headersTimeout' | 'requestTimeout' | 'keepAliveTimeout'>;

/**
 * Creates a server that disconnects a caller that sends a request byte by byte, or that reads nothing of a response for
 * `unreadTimeout` milliseconds.
 */
export function httpServer(
  { headersTimeout, requestTimeout, keepAliveTimeout }: Timeouts,
  listener: RequestListener,
  unreadTimeout = UNREAD_TIMEOUT,
): Server {
  const server = createServer(
    {
      // Node refuses a longer time for the headers than for the whole request.
      headersTimeout: Math.min(headersTimeout, requestTimeout),
      requestTimeout,
      keepAliveTimeout,
      connectionsCheckingInterval: Math.min(headersTimeout, requestTimeout, CONNECTIONS_CHECK_INTERVAL),
    },
    listener,
  );
  server.timeout = unreadTimeout;
  server.on('request', leaveToRequestTimeout);
  return server;
}

/** Without this listener, Node.js disconnects a caller whose body stalls, without the response 408 of `requestTimeout`. */
function leaveToRequestTimeout(request: IncomingMessage): void {
  request.on('timeout', (socket: Socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });
}

/** Closes connections while the server stops: idle ones at once, and all of them after the grace period. */
export function closeConnectionsOnStop(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done) => {
    const { server } = fastify;
    const idle = setInterval(() => {
      server.closeIdleConnections();
    }, 100).unref();
    const deadline = setTimeout(() => {
      server.closeAllConnections();
    }, SHUTDOWN_GRACE).unref();
    server.once('close', () => {
      clearInterval(idle);
      clearTimeout(deadline);
    });
    done();
  });
}

const STATUS_OF: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is not HTTP.',
  408: 'The request took too long to arrive.',
  413: 'The request is too large.',
  431: 'The headers of the request are too large.',
};

/**
 * Responds to bytes that are not an HTTP request, and closes the connection, because the start of the next request is unknown. The
 * plane is unknown too, so the body suits both.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-2.2
 */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
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
