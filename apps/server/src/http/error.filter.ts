import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ApiErrorResponse, ResultName } from '@clientele/model/metadata';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClockError } from '../database/clock.ts';
import { StoreUnavailableError } from '../database/database.ts';
import { ApiError } from './api-error.ts';
import { challenge, usesBearer } from './bearer.ts';
import { reportClock } from './clock-failure.ts';
import { failure } from './failure.ts';
import { BODY_LIMIT, RETRY_AFTER } from './limits.ts';
import { OverloadError } from '../shares/overload-error.ts';
import { QuotaError } from './quota-error.ts';
import { Routes } from './routes.ts';

/** The challenge for each fault of the caller's credentials. */
const CHALLENGES: Partial<Record<ResultName, (authorization: string | undefined) => string>> = {
  authorizationMissing: () => challenge(),
  authorizationMalformed: (authorization) => challenge(usesBearer(authorization) ? 'invalid_token' : undefined),
  apiAccessTokenInvalid: () => challenge('invalid_token'),
  accessRightMissing: () => challenge('insufficient_scope'),
  allServicesTokenRequired: () => challenge('insufficient_scope'),
};

/** Responds to every error of the API plane: the faults of the caller, and our own. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly routes: Routes) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    if (error instanceof StoreUnavailableError) {
      // A program must not repeat a request by itself that may have made the change.
      if (!error.outcomeUnknown) void reply.header('retry-after', RETRY_AFTER);
      void reply.status(503).send(failure(error.outcomeUnknown ? 'outcomeUnknown' : 'storeUnavailable'));
      return;
    }
    if (error instanceof ClockError) {
      reportClock(error, request.log);
      void reply.status(503).header('retry-after', RETRY_AFTER).send(failure('clockWrong'));
      return;
    }
    if (error instanceof OverloadError) {
      void reply.status(503).header('retry-after', RETRY_AFTER).send(failure('overloaded'));
      return;
    }
    const refused = this.asApiError(error, request, reply);
    if (refused === undefined) {
      request.log.error(error);
      void reply.status(500).send(failure('serverError'));
      return;
    }
    const authenticate = CHALLENGES[refused.result]?.(request.headers.authorization);
    if (refused instanceof QuotaError) void reply.header('retry-after', refused.retryAfter);
    if (authenticate !== undefined) void reply.header('www-authenticate', authenticate);
    const body: ApiErrorResponse = { resultCode: refused.resultCode, resultMessage: refused.message };
    void reply.status(refused.status).send(body);
  }

  /** The error of a caller, also one that Fastify or Nest found; `undefined` for our own errors. */
  private asApiError(error: unknown, { method, url }: FastifyRequest, reply: FastifyReply): ApiError | undefined {
    if (error instanceof ApiError) return error;
    const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
    switch (status) {
      case 404: {
        const methods = this.routes.methodsAt(url);
        if (this.routes.hasSlashTooMany(url)) return new ApiError(404, 'slashAtEnd');
        if (methods.length === 0 || methods.includes(method)) return new ApiError(404, 'noSuchApi');
        const allow = methods.join(', ');
        void reply.header('allow', allow);
        return new ApiError(405, 'methodNotAllowed', { allow });
      }
      case 413:
        return new ApiError(413, 'bodyTooLarge', { limit: BODY_LIMIT });
      case 415:
        return new ApiError(415, 'contentTypeUnsupported');
      default:
        if (status === undefined || status < 400 || status >= 500) return undefined;
        return new ApiError(status, 'bodyUnacceptable', {
          details: 'it is empty, is not valid JSON, or does not match its Content-Type.',
        });
    }
  }
}
