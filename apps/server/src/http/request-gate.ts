import { createServer, type RequestListener, type Server } from 'node:http';
import { Server as SocketServer } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/config.ts';
import type { Metrics } from '../observability/metrics.ts';
import { Admission } from './admission.ts';
import { connectionOptions } from './connections.ts';
import { IDLE_GRACE } from './limits.ts';
import { mayBeRefused, refuse } from './overload.ts';

/** Milliseconds between two lines of the log that say that requests are refused. */
const LOG_INTERVAL = 10_000;

/** What every connection and every request passes first: how many there may be, and the end of all of them. */
export class RequestGate {
  private readonly logger = new Logger('RequestGate');
  private readonly admission: Admission;
  private server: Server | undefined;
  private draining = false;
  private nextLog = 0;

  constructor(
    private readonly config: Pick<Config, 'connections' | 'maxInFlight' | 'shutdownDelay'>,
    private readonly metrics: Metrics,
  ) {
    this.admission = new Admission(config.maxInFlight);
    metrics.observeLoad({
      requests: () => this.admission.count(),
      connections: () => this.countConnections(),
    });
  }

  /** The server that Fastify is to listen with. */
  readonly createServer = (handler: RequestListener): Server => {
    const { most } = this.config.connections;
    const server = createServer(connectionOptions(this.config.connections), (request, response) => {
      if (this.admission.isFull && mayBeRefused(request)) {
        if (this.draining) response.shouldKeepAlive = false;
        refuse(request, response);
        this.noteRefusal();
      } else {
        handler(request, response);
      }
    });
    if (most !== Infinity) server.maxConnections = most;
    server.on('drop', () => {
      this.metrics.connectionsRefused.inc();
    });
    this.server = server;
    return server;
  };

  /** Sees requests come and go; to be called before anything else that looks at them. */
  addTo(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      this.admission.enter(request.raw);
      done();
    });
    // Not onResponse, which does not come where the caller has gone.
    fastify.addHook('onSend', (request, reply, payload, done) => {
      this.admission.leave(request.raw);
      if (this.draining) void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  /**
   * Sends the callers away without cutting one off. Goes on as before for as long as the configuration says, then accepts no
   * more connections, and ends each with its next answer. Those between two requests may bring one more: to close them at
   * once would be to lose what is on its way.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9112.html#section-9.6
   */
  async drain(): Promise<void> {
    await setTimeout(this.config.shutdownDelay);
    // Right after connections that wait were accepted: those that still wait when it ends are reset.
    await setImmediate();
    this.draining = true;
    const { server } = this;
    if (server === undefined) return;
    // That of http.Server closes what is idle too.
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

  private noteRefusal(): void {
    this.metrics.requestsRefused.inc();
    const now = performance.now();
    if (now < this.nextLog) return;
    this.nextLog = now + LOG_INTERVAL;
    this.logger.warn(`Requests are refused: more than ${this.config.maxInFlight} are in flight (MAX_IN_FLIGHT).`);
  }
}
