import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ApiErrorResponse, ResultName } from '@clientele/model/metadata';
import type { FastifyReply } from 'fastify';
import { StoreUnavailableError } from '../database/database.ts';
import { ApiError } from './api-error.ts';
import { challenge } from './bearer.ts';
import { failure } from './failure.ts';
import { BODY_LIMIT, RETRY_AFTER } from './limits.ts';

/** How to authenticate, by what was wrong with the caller's credentials. */
const CHALLENGES: Partial<Record<ResultName, string>> = {
  authorizationMissing: challenge(),
  authorizationMalformed: challenge(),
  apiAccessTokenInvalid: challenge('invalid_token'),
  accessRightMissing: challenge('insufficient_scope'),
};

/** Everything that ends an API call before it has an answer: the caller's mistakes, and ours. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('ErrorFilter');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof StoreUnavailableError) {
      this.logger.error(error);
      void reply
        .status(503)
        .header('retry-after', RETRY_AFTER)
        .send(failure(error.outcomeUnknown ? 'outcomeUnknown' : 'storeUnavailable'));
      return;
    }
    const refused = asApiError(error);
    if (refused === undefined) {
      this.logger.error(error);
      void reply.status(500).send(failure('serverError'));
      return;
    }
    const authenticate = CHALLENGES[refused.result];
    if (authenticate !== undefined) void reply.header('www-authenticate', authenticate);
    const body: ApiErrorResponse = { resultCode: refused.resultCode, resultMessage: refused.message };
    void reply.status(refused.status).send(body);
  }
}

/** The mistakes of a caller that Fastify and Nest find, in our terms; `undefined` for what is not the caller's fault. */
function asApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
  switch (status) {
    case 404:
      return new ApiError(404, 'noSuchApi');
    case 413:
      return new ApiError(413, 'bodyTooLarge', { limit: BODY_LIMIT });
    case 415:
      return new ApiError(415, 'contentTypeUnsupported');
    default:
      if (status === undefined || status < 400 || status >= 500) return undefined;
      return new ApiError(status, 'bodyUnacceptable', { details: 'it is empty, or not what its Content-Type says.' });
  }
}
