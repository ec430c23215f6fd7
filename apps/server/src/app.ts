import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { LogController } from 'fastify';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.ts';
import type { Config } from './config.ts';
import { BODY_LIMIT, REQUEST_TIMEOUT } from './http/limits.ts';
import { pinoNestLogger } from './http/pino-nest-logger.ts';

/** The server, ready to listen. Tests start the same one. Throws `ConfigError` when the store does not go with the configuration. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    logger: { level: config.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
  });
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRequest', (request, reply, done) => {
    // Answers carry credentials (RFC 7591 section 5).
    void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache', 'x-request-id': request.id });
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    request.log.info(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    logger: pinoNestLogger(fastify.log),
    abortOnError: false,
  });
  app.enableShutdownHooks();
  return app;
}
