import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import type { Metrics } from '../observability/metrics.ts';
import type { Readiness } from './readiness.ts';

/** What is asked every few seconds is worth a line of the log only where something is wrong. */
const SELDOM_LOGGED = { logLevel: 'warn' } as const;

/** Authlete: the one path below /api that needs no API access token. */
export const HEALTHCHECK_PATH = '/api/lifecycle/healthcheck';

/** What an orchestrator and Prometheus ask. */
export function managementEndpoints(metrics: Metrics, readiness: Readiness): FastifyPluginCallback {
  return (fastify, _options, done) => {
    // Whether to start the process anew. It never asks the store: a new process would find the same store.
    fastify.get('/health/live', SELDOM_LOGGED, () => ({ status: 'ok' }));

    // Whether to send callers here.
    fastify.get('/health/ready', SELDOM_LOGGED, async (_request, reply) => {
      const { ready, reasons } = await readiness.report();
      return reply.status(ready ? 200 : 503).send(ready ? { status: 'ok' } : { status: 'unavailable', reasons });
    });

    fastify.get('/metrics', SELDOM_LOGGED, async (_request, reply) => {
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    });
    done();
  };
}

/** Authlete: 200 or 500, in plain text; `extended=true` names what is wrong. */
export function addHealthcheck(fastify: FastifyInstance, readiness: Readiness): void {
  fastify.get<{ Querystring: { extended?: unknown } }>(HEALTHCHECK_PATH, SELDOM_LOGGED, async (request, reply) => {
    const { ready, reasons } = await readiness.report();
    const details = request.query.extended === 'true' ? Object.values(reasons).map((reason) => `\n${reason}`) : [];
    return reply
      .status(ready ? 200 : 500)
      .type('text/plain; charset=utf-8')
      .send([ready ? 'OK' : 'NG', ...details].join(''));
  });
}
