import type { RequestListener, Server } from 'node:http';
import { Server as SocketServer } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import type { HttpLoad } from '../observability/metrics.ts';
import { Admission } from './admission.ts';
import { unacceptable } from './api-error.ts';
import { announcedBytes, BodyBudget } from './body-budget.ts';
import { CallerAddresses } from './caller-addresses.ts';
import { ConnectionLimits } from './connection-limits.ts';
import { httpServer } from './connections.ts';
import { ACCEPT_GRACE, IDLE_GRACE, SHORT_TURN } from './limits.ts';
import { OverloadError } from '../shares/overload-error.ts';
import { refuse } from './overload.ts';
import { HEALTHCHECK_PATH, isForMonitoring } from './paths.ts';
import { normalizedTarget } from './request-target.ts';

/** Milliseconds between two log lines about refusals for the same reason. */
const LOG_INTERVAL = 10_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** The address of the caller; `undefined` if the caller had gone before its address could be read. */
    callerAddress: string | undefined;
  }
}

/**
 * Limits what callers can hold: connections, requests in progress, and bodies that are still arriving. When the server stops, ends
 * connections without losing a request.
 */
export class RequestGate {
  private readonly logger = new Logger('RequestGate');
  private readonly admission: Admission;
  private readonly addresses: CallerAddresses;
  private readonly connections: ConnectionLimits;
  private readonly bodies: BodyBudget;
  private server: Server | undefined;
  private accepting = false;
  private draining = false;
  private refusedRequests = 0;

  constructor(private readonly config: Config) {
    const { maxInFlight, maxConnections, maxConnectionsPerAddress, maxBodyBytes, trustedProxies } = config;
    this.admission = new Admission(maxInFlight || Infinity);
    this.addresses = new CallerAddresses(trustedProxies);
    this.bodies = new BodyBudget(maxBodyBytes);
    const warn = this.warner();
    this.connections = new ConnectionLimits(
      { most: maxConnections, mostPerAddress: maxConnectionsPerAddress },
      this.addresses,
      (caller) => {
        warn(
          `Connections of ${caller} are refused: more than ${maxConnectionsPerAddress} are open (MAX_CONNECTIONS_PER_ADDRESS). ` +
            'If it is a proxy, name it in TRUSTED_PROXIES.',
        );
      },
    );
  }

  /** The current load, for metrics. */
  readonly load: HttpLoad = {
    requests: () => this.admission.count,
    connections: () => this.connections.count,
    refusedRequests: () => this.refusedRequests,
    refusedConnections: () => this.connections.refused,
    closedConnections: () => this.connections.closed,
  };

  /** Creates the server on which Fastify listens. */
  readonly createServer = (handler: RequestListener): Server => {
    const warn = this.warner();
    const server = httpServer(this.config, (request, response) => {
      if (!this.connections.admit(request, response)) return;
      request.url = normalizedTarget(request.url ?? '');
      // Monitoring is not refused, because a busy server must not be restarted.
      const isFull = this.admission.isFull;
      if ((isFull || !this.accepting) && !this.isMonitored(request.url)) {
        if (this.draining) response.shouldKeepAlive = false;
        refuse(request, response);
        if (!isFull) return;
        this.refusedRequests += 1;
        warn(`Requests are refused: more than ${this.config.maxInFlight} are in progress (MAX_IN_FLIGHT).`);
      } else {
        handler(request, response);
      }
    });
    this.connections.limit(server);
    this.server = server;
    return server;
  };

  /** Accepts requests from now on. Until then, all except those for monitoring get 503. */
  accept(): void {
    this.accepting = true;
  }

  /** Counts requests in progress, and the bodies that arrive. Its hooks must be the first ones. */
  addTo(fastify: FastifyInstance): void {
    fastify.decorateRequest('callerAddress', undefined);
    fastify.addHook('onRequest', (request, _reply, done) => {
      request.callerAddress = this.addressOf(request);
      // A request of a caller that has gone gets no response.
      if (request.callerAddress !== undefined) this.enter(request);
      done();
    });
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      const { raw, callerAddress } = request;
      const bytes = announcedBytes(request);
      if (bytes > 0 && raw.destroyed) {
        // The body never arrives, so no later hook would be called.
        done(unacceptable('the connection was closed before it arrived.'));
        return;
      }
      if (bytes > 0) {
        this.leave(request);
        if (!this.bodies.take(raw, callerAddress, bytes)) {
          // The rest of the body is not read.
          void reply.header('connection', 'close');
          done(new OverloadError());
          return;
        }
      }
      done(null, payload);
    });
    fastify.addHook('preValidation', (request, _reply, done) => {
      this.bodies.giveBack(request.raw);
      this.enter(request);
      done();
    });
    // Not onResponse, which Fastify does not call if the caller has gone.
    fastify.addHook('onSend', (request, reply, payload, done) => {
      this.bodies.giveBack(request.raw);
      this.leave(request, payload);
      if (typeof payload === 'string' || Buffer.isBuffer(payload))
        this.connections.send(request.raw, reply.raw, payload.length);
      if (this.draining) void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /** The address of the caller of a request; `undefined` if the caller has gone. */
  addressOf({ raw }: FastifyRequest): string | undefined {
    return this.addresses.addressOf(raw);
  }

  /** Calls the listener once, when the response was sent or the caller has gone. */
  whenEnded(request: FastifyRequest, reply: FastifyReply, listener: () => void): void {
    this.connections.whenEnded(request.raw, reply.raw, listener);
  }

  /** Whether the server works on the request, also for a caller that has gone. */
  isInProgress(request: FastifyRequest): boolean {
    return this.admission.includes(request.raw);
  }

  /**
   * Ends all connections without losing a request. Goes on as before for `SHUTDOWN_DELAY`, then accepts no more connections and
   * closes each one with its next response. An idle connection may bring one more request, which may already be on its way.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-9.6
   */
  async drain(): Promise<void> {
    await setTimeout(this.config.shutdownDelay);
    const { server } = this;
    if (server === undefined) return;
    await this.acceptWaiting(server);
    this.draining = true;
    // The close of http.Server would also close idle connections.
    const closed = new Promise<void>((resolve) => {
      SocketServer.prototype.close.call(server, () => {
        resolve();
      });
    });
    this.connections.resume();
    const waiting = new AbortController();
    await Promise.race([closed, setTimeout(IDLE_GRACE, undefined, waiting).catch(() => undefined)]);
    waiting.abort();
  }

  /**
   * Accepts the connections that wait, because the end of listening resets them, with requests that callers may have sent already.
   * Node.js accepts one connection in each turn of the event loop. After a short turn without one, none waits. Turns become short
   * because no requests are read meanwhile.
   */
  private async acceptWaiting(server: Server): Promise<void> {
    let accepted = 0;
    const note = (): void => {
      accepted += 1;
    };
    server.on('connection', note);
    const deadline = performance.now() + ACCEPT_GRACE;
    let turn: number;
    let before: number;
    do {
      before = accepted;
      // In each turn, because Node.js resumes a connection after its response.
      this.connections.pause();
      const start = performance.now();
      await setImmediate();
      turn = performance.now() - start;
    } while ((accepted > before || turn > SHORT_TURN) && performance.now() < deadline);
    server.off('connection', note);
  }

  private enter({ raw }: FastifyRequest): void {
    if (this.admission.enter(raw)) this.connections.startWork(raw);
  }

  /** The work of a connection ends with the response, which may be a stream. */
  private leave({ raw }: FastifyRequest, response?: unknown): void {
    if (!this.admission.leave(raw)) return;
    const end = (): void => {
      this.connections.endWork(raw);
    };
    if (response instanceof Readable) response.once('close', end);
    else end();
  }

  /** With `MANAGEMENT_PORT`, only Authlete's health check is on this port. */
  private isMonitored(url: string): boolean {
    return isForMonitoring(url) && (this.config.managementPort === undefined || url.startsWith(HEALTHCHECK_PATH));
  }

  /** Returns a function that logs a warning, at most one in an interval. */
  private warner(): (message: string) => void {
    let next = 0;
    return (message) => {
      const now = performance.now();
      if (now < next) return;
      next = now + LOG_INTERVAL;
      this.logger.warn(message);
    };
  }
}
