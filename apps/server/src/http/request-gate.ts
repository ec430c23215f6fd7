import { createServer, type RequestListener, type Server } from 'node:http';
import { Server as SocketServer } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import type { HttpLoad } from '../observability/metrics.ts';
import { Admission } from './admission.ts';
import { connectionOptions } from './connections.ts';
import { IDLE_GRACE } from './limits.ts';
import { refuse } from './overload.ts';
import { isForMonitoring } from './paths.ts';

/** Milliseconds between two log lines about refused requests. */
const LOG_INTERVAL = 10_000;

/**
 * Limits connections and requests in progress, before Fastify gets a request. When the server stops, ends connections without
 * losing a request.
 */
export class RequestGate {
  private readonly logger = new Logger('RequestGate');
  private readonly admission: Admission;
  private server: Server | undefined;
  private draining = false;
  private nextLog = 0;
  private refusedRequests = 0;
  private refusedConnections = 0;

  constructor(private readonly config: Config) {
    this.admission = new Admission(config.maxInFlight || Infinity);
  }

  /** The current load, for metrics. */
  readonly load: HttpLoad = {
    requests: () => this.admission.count(),
    connections: () => this.countConnections(),
    refusedRequests: () => this.refusedRequests,
    refusedConnections: () => this.refusedConnections,
  };

  /** Creates the server on which Fastify listens. */
  readonly createServer = (handler: RequestListener): Server => {
    const server = createServer(connectionOptions(this.config), (request, response) => {
      // Monitoring is not refused, because a busy server must not be restarted.
      if (this.admission.isFull && !isForMonitoring(request.url)) {
        if (this.draining) response.shouldKeepAlive = false;
        refuse(request, response);
        this.countRefusal();
      } else {
        handler(request, response);
      }
    });
    if (this.config.maxConnections > 0) server.maxConnections = this.config.maxConnections;
    server.on('drop', () => {
      this.refusedConnections += 1;
    });
    this.server = server;
    return server;
  };

  /** Counts requests in progress. Its hooks must be the first ones. */
  addTo(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      this.admission.enter(request.raw);
      done();
    });
    // Not onResponse, which Fastify does not call if the caller has gone.
    fastify.addHook('onSend', (request, reply, payload, done) => {
      this.admission.leave(request.raw);
      if (this.draining) void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /**
   * Ends all connections without losing a request. Goes on as before for `SHUTDOWN_DELAY`, then accepts no more connections and
   * closes each one with its next response. An idle connection may bring one more request, which may already be on its way.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-9.6
   */
  async drain(): Promise<void> {
    await setTimeout(this.config.shutdownDelay);
    // Accepts the connections that wait, because the end of listening resets them.
    await setImmediate();
    this.draining = true;
    const { server } = this;
    if (server === undefined) return;
    // The close of http.Server would also close idle connections.
    const closed = new Promise<void>((resolve) => {
      SocketServer.prototype.close.call(server, () => {
        resolve();
      });
    });
    const waiting = new AbortController();
    await Promise.race([closed, setTimeout(IDLE_GRACE, undefined, waiting).catch(() => undefined)]);
    waiting.abort();
  }

  private countConnections(): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.server === undefined) resolve(0);
      else
        this.server.getConnections((error, count) => {
          if (error === null) resolve(count);
          else reject(error);
        });
    });
  }

  private countRefusal(): void {
    this.refusedRequests += 1;
    const now = performance.now();
    if (now < this.nextLog) return;
    this.nextLog = now + LOG_INTERVAL;
    this.logger.warn(`Requests are refused: more than ${this.config.maxInFlight} are in progress (MAX_IN_FLIGHT).`);
  }
}
