import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { resultMessage, type ApiErrorResponse, type RefusedResponse, type ResultCode } from '@clientele/model/metadata';
import type { FastifyReply } from 'fastify';
import { StoreUnavailableError } from '../store/database.ts';
import { ApiError } from './api-error.ts';
import { BODY_LIMIT } from './limits.ts';

/** Seconds after which a caller may try again when the store is unavailable. */
const RETRY_AFTER = 1;

/** Everything that ends an API call before it has an answer: the caller's mistakes, and ours. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('ErrorFilter');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof StoreUnavailableError) {
      this.logger.error(error);
      void reply.status(503).header('retry-after', RETRY_AFTER).send(failed('A001102'));
      return;
    }
    const refused = asApiError(error);
    if (refused === undefined) {
      this.logger.error(error);
      void reply.status(500).send(failed('A001101'));
      return;
    }
    if (refused.status === 401) void reply.header('www-authenticate', challenge(refused.resultCode));
    const body: ApiErrorResponse = { resultCode: refused.resultCode, resultMessage: refused.message };
    void reply.status(refused.status).send(body);
  }
}

/** Our own failure, in both planes at once: the authorization server can pass the response content on. */
function failed(resultCode: ResultCode): RefusedResponse {
  return {
    resultCode,
    resultMessage: resultMessage(resultCode),
    action: 'INTERNAL_SERVER_ERROR',
    responseContent: JSON.stringify({ error: 'server_error', error_description: resultMessage(resultCode) }),
  };
}

/** The mistakes of a caller that Fastify and Nest find, in our terms; `undefined` for what is not the caller's fault. */
function asApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
  switch (status) {
    case 404:
      return new ApiError(404, 'A001205');
    case 413:
      return new ApiError(413, 'A001206', resultMessage('A001206', { expected: BODY_LIMIT }));
    case 415:
      return new ApiError(415, 'A258201');
    default:
      if (status === undefined || status < 400 || status >= 500) return undefined;
      return new ApiError(
        status,
        'A001204',
        resultMessage('A001204', { expected: 'it is empty, or not what its Content-Type says.' }),
      );
  }
}

/** RFC 6750 section 3.1: no error code where the request carried no credentials at all. */
function challenge(resultCode: ResultCode): string {
  return resultCode === 'A001202' ? 'Bearer' : 'Bearer error="invalid_token"';
}
