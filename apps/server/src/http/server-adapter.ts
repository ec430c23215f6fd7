import { FastifyAdapter } from '@nestjs/platform-fastify';
import { resultOf, type ApiErrorResponse, type ErrorResponse } from '@clientele/model/metadata';
import { LONGEST_IDENTIFIER } from '@clientele/model';
import { LogController, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Config } from '../config/config.ts';
import { logOptions } from '../observability/log-options.ts';
import { readBodies } from './body-parsers.ts';
import { closeConnectionsOnStop, refuseUnreadable } from './connections.ts';
import { sendJsonText } from './json-text.ts';
import { BODY_LIMIT } from './limits.ts';
import { responseHeaders } from './overload.ts';
import { isOfProtocolPlane } from './paths.ts';
import { RequestGate } from './request-gate.ts';
import { requestId } from './request-id.ts';
import { Routes } from './routes.ts';

/** Fastify with the limits, the body parsers and the log of this server. */
export class ServerAdapter extends FastifyAdapter {
  readonly gate: RequestGate;
  readonly routes: Routes;

  constructor(config: Config, json: boolean) {
    const gate = new RequestGate(config);
    super({
      logger: logOptions(config, json),
      logController: new LogController({ disableRequestLogging: true }),
      genReqId: requestId,
      bodyLimit: BODY_LIMIT,
      clientErrorHandler: refuseUnreadable,
      // An identifier of a client may be a URL, of which each character may be encoded.
      routerOptions: { maxParamLength: 3 * LONGEST_IDENTIFIER },
      serverFactory: gate.createServer,
      // While the server stops, requests are served; Fastify adds that the connection closes.
      return503OnClosing: false,
      schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
      frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
        refusePath(request, reply, gate.addressOf(request));
      },
    });
    const fastify = this.getInstance();
    this.gate = gate;
    this.routes = new Routes(fastify);
    gate.addTo(fastify);
    closeConnectionsOnStop(fastify);
    readBodies(fastify);
    sendJsonText(fastify);
  }
}

/** No route has a schema, because DTOs and the table of client metadata check requests. So no compiler of schemas is loaded. */
function noSchemas(): never {
  throw new Error('A route has a schema, and nothing compiles it.');
}

/** Responds to a path that cannot be decoded or has a segment that is too long. Fastify calls no hook for it. */
function refusePath(request: FastifyRequest, reply: FastifyReply, address: string | undefined): void {
  const body: ApiErrorResponse | ErrorResponse = isOfProtocolPlane(request.url)
    ? { error: 'invalid_request', error_description: 'There is nothing at this path.' }
    : resultOf('noSuchApi');
  const ms = Math.round(reply.elapsedTime);
  request.log.info({ method: request.method, path: '*', status: 404, ms, address }, 'request completed');
  void reply.status(404).headers(responseHeaders(request.id)).send(body);
}
