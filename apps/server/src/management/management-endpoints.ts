import type { FastifyInstance, FastifyPluginCallback } from 'fastify';
import { HEALTHCHECK_PATH } from '../http/paths.ts';
import type { RouteDescription } from '../http/routes.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Readiness } from './readiness.ts';

/** Options of a route that is called every few seconds, so only warnings are logged. */
const describe = (
  id: string,
  summary: string,
  response: RouteDescription['response'],
  errors: readonly number[] = [],
): { logLevel: 'warn'; config: { description: RouteDescription } } => ({
  logLevel: 'warn',
  config: { description: { id, tag: 'Operation', summary, response, errors } },
});

/** The endpoints for orchestrators and Prometheus. */
export function managementEndpoints(metrics: Metrics, readiness: Readiness): FastifyPluginCallback {
  return (fastify, _options, done) => {
    // Does not read the store, because a restart would not repair it.
    const live = describe('live', 'Whether the process responds', { schema: 'Health' });
    fastify.get('/health/live', live, () => ({ status: 'ok' }));

    const ready = describe('ready', 'Whether to send callers to this server', { schema: 'Health' }, [503]);
    fastify.get('/health/ready', ready, async (_request, reply) => {
      const { ready, reasons } = await readiness.report();
      return reply.status(ready ? 200 : 503).send(ready ? { status: 'ok' } : { status: 'unavailable', reasons });
    });

    fastify.get(
      '/metrics',
      describe('metrics', 'Metrics for Prometheus', { type: 'text/plain' }),
      async (_request, reply) => {
        metrics.ready.set((await readiness.report()).ready ? 1 : 0);
        return reply.type(metrics.registry.contentType).send(await metrics.text());
      },
    );
    done();
  };
}

/** Authlete: 200 or 500, in plain text. `extended=true` adds the reasons. */
export function addHealthcheck(fastify: FastifyInstance, readiness: Readiness): void {
  const options = describe('healthcheck', "Authlete's health check", { type: 'text/plain' }, [500]);
  fastify.get<{ Querystring: { extended?: unknown } }>(HEALTHCHECK_PATH, options, async (request, reply) => {
    const { ready, reasons } = await readiness.report();
    const details = request.query.extended === 'true' ? Object.values(reasons).map((reason) => `\n${reason}`) : [];
    return reply
      .status(ready ? 200 : 500)
      .type('text/plain; charset=utf-8')
      .send([ready ? 'OK' : 'NG', ...details].join(''));
  });
}
