import 'reflect-metadata';
import { resultOf, type ApiErrorResponse, type ErrorResponse } from '@clientele/model/metadata';
import { LogController, type FastifyReply, type FastifyRequest } from 'fastify';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.ts';
import type { Config } from './config/config.ts';
import { loadEncryptionKeys } from './crypto/encryption-key-file.ts';
import { answerUnreadable } from './http/connections.ts';
import { BODY_LIMIT, SHUTDOWN_GRACE } from './http/limits.ts';
import { readBodies } from './http/body-parsers.ts';
import { RequestGate } from './http/request-gate.ts';
import { sendJsonText } from './http/json-text.ts';
import { requestId } from './http/request-id.ts';
import { pinoNestLogger } from './http/pino-nest-logger.ts';
import { logOptions } from './observability/log-options.ts';
import { addHealthcheck, HEALTHCHECK_PATH, managementEndpoints } from './management/management-endpoints.ts';
import { MeasuredDatabase } from './database/measured-database.ts';
import { Metrics } from './observability/metrics.ts';
import { Readiness } from './management/readiness.ts';
import { measureRequests } from './http/request-metrics.ts';
import { openTracing } from './observability/tracing.ts';
import { openApiEndpoints } from './openapi/openapi-endpoints.ts';
import { IdempotentRegistrations } from './protocol/idempotent-registrations.ts';
import { protocolPlane } from './protocol/protocol-plane.ts';
import { PublicUrls } from './services/public-urls.ts';
import { ClientRegistration } from './registration/client-registration.ts';
import { ApiAuthentication } from './access/api-authentication.ts';
import { ServiceStore } from './services/service-store.ts';
import { checkEncryptionKeys } from './database/encryption-keys.ts';
import { openDatabase } from './database/open-database.ts';
import { SecretEncryption } from './crypto/secret-encryption.ts';

/** The server, ready to listen; tests start the same one. Throws, with a reason for people, when its store cannot be opened. */
export async function createApp(config: Config): Promise<NestFastifyApplication> {
  // The key comes first: a new database is not made without one, and one that cannot be decrypted is not opened.
  const encryption = new SecretEncryption(loadEncryptionKeys(config));
  const metrics = new Metrics();
  const tracing = await openTracing(config);
  const database = tracing.observe(new MeasuredDatabase(await openDatabase(config), metrics));
  try {
    await checkEncryptionKeys(database, encryption);
  } catch (error) {
    await database.close();
    throw error;
  }

  const gate = new RequestGate(config, metrics);
  const adapter = new FastifyAdapter({
    logger: logOptions(config, tracing),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    bodyLimit: BODY_LIMIT,
    clientErrorHandler: answerUnreadable,
    serverFactory: gate.createServer,
    // What comes while the server closes is answered as ever; Fastify adds that the connection is.
    return503OnClosing: false,
    ...(config.trustedProxies.length > 0 && { trustProxy: [...config.trustedProxies] }),
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // A path that cannot be decoded, or has an overlong segment, is refused before any hook or filter runs.
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const body: ApiErrorResponse | ErrorResponse = request.url.startsWith('/connect/')
        ? { error: 'invalid_request', error_description: 'There is nothing at this path.' }
        : resultOf('noSuchApi');
      void reply.status(404).headers(onEveryAnswer(request.id)).send(body);
    },
  });
  const fastify = adapter.getInstance();
  gate.addTo(fastify);
  tracing.addTo(fastify);
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(onEveryAnswer(request.id));
    done();
  });
  // Node closes the connections that are idle when the server is told to stop, and waits for all others.
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
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    request.log.info(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, database, encryption, metrics, tracing, gate }),
    adapter,
    {
      logger: pinoNestLogger(fastify.log),
      abortOnError: false,
    },
  );
  sendJsonText(fastify);
  readBodies(app);
  const authentication = app.get(ApiAuthentication);
  fastify.addHook('onRequest', async (request) => {
    const { url } = request.routeOptions;
    if (url?.startsWith('/api/') === true && url !== HEALTHCHECK_PATH) await authentication.authenticate(request);
  });
  measureRequests(fastify, metrics);
  const readiness = app.get(Readiness);
  addHealthcheck(fastify, readiness);
  fastify.register(openApiEndpoints);
  if (config.managementPort === undefined) fastify.register(managementEndpoints(metrics, readiness));
  fastify.register(
    protocolPlane({
      registration: app.get(ClientRegistration),
      services: app.get(ServiceStore),
      urls: app.get(PublicUrls),
      idempotent: app.get(IdempotentRegistrations),
      rateLimits: config.rateLimits,
    }),
  );
  return app;
}

/** No route has a schema: the table of client metadata and the DTOs judge. What compiles schemas would be a sixth of what is loaded. */
function noSchemas(): never {
  throw new Error('A route has a schema, and nothing compiles it.');
}

/** Answers carry credentials, so nothing may keep them (RFC 7591 section 5). */
function onEveryAnswer(requestId: string): Record<string, string> {
  return { 'cache-control': 'no-store', pragma: 'no-cache', 'x-request-id': requestId };
}
