import type { FastifyReply, FastifyRequest } from 'fastify';
import { ACTION_OF_ERROR, RESULTS, STATUS_OF_ACTION, type ErrorResponse } from '@clientele/model/metadata';
import { ApiError } from '../http/api-error.ts';
import { reportClock } from '../http/clock-failure.ts';
import { challenge, usesBearer } from '../http/bearer.ts';
import { METADATA_BODY_LIMIT, RETRY_AFTER } from '../http/limits.ts';
import { OverloadError } from '../shares/overload-error.ts';
import { QuotaError } from '../http/quota-error.ts';
import { PreconditionFailedError } from '../clients/precondition.ts';
import { RegistrationError } from '../http/registration-error.ts';
import { errorResponse } from '../registration/registration-responses.ts';
import { ClockError } from '../database/clock.ts';
import { StoreUnavailableError } from '../database/database.ts';
import { ProtocolError } from './protocol-error.ts';
import type { ServiceOfRequest } from './protocol-request.ts';

/** Responds to every error of the protocol plane with an HTTP status and an OAuth error. */
export function errorHandler(services: ServiceOfRequest) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<ErrorResponse> => {
    if (error instanceof RegistrationError) {
      request.refusalCode = error.resultCode;
      request.resultCode = error.resultCode;
      const action = ACTION_OF_ERROR[error.code];
      // The keys of an issuer cannot be fetched, so the client may try again.
      const status = action === 'INTERNAL_SERVER_ERROR' ? 503 : STATUS_OF_ACTION[action];
      void reply.status(status);
      if (status === 401) {
        void reply.header(
          'www-authenticate',
          challenge(usesBearer(request.headers.authorization) ? 'invalid_token' : undefined),
        );
      }
      if (status === 503) void reply.header('retry-after', RETRY_AFTER);
      return errorResponse(await services.get(request), error);
    }
    const { status, code, description, headers, resultCode } = asProtocolError(error);
    request.resultCode = resultCode;
    if (error instanceof ClockError) reportClock(error, request.log);
    // The store logs its own outage, and callers could fill the log with refusals because of overload.
    else if (status >= 500 && !(error instanceof StoreUnavailableError || error instanceof OverloadError))
      request.log.error(error);
    void reply.status(status).headers(headers);
    return { error: code, error_description: description };
  };
}

function asProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (error instanceof StoreUnavailableError) {
    // A program must not repeat a request by itself that may have made the change.
    const headers = error.outcomeUnknown ? {} : { 'retry-after': String(RETRY_AFTER) };
    const result = error.outcomeUnknown ? 'outcomeUnknown' : 'storeUnavailable';
    return ProtocolError.of(result, 503, 'temporarily_unavailable', headers);
  }
  if (error instanceof PreconditionFailedError) {
    const description = 'The client does not have the version that If-Match names.';
    return new ProtocolError(412, 'invalid_request', description, {}, RESULTS.preconditionFailed.code);
  }
  if (error instanceof OverloadError || error instanceof ClockError) {
    const result = error instanceof ClockError ? 'clockWrong' : 'overloaded';
    return ProtocolError.of(result, 503, 'temporarily_unavailable', { 'retry-after': String(RETRY_AFTER) });
  }
  if (error instanceof QuotaError) {
    const headers = { 'retry-after': String(error.retryAfter) };
    return new ProtocolError(429, 'temporarily_unavailable', error.message, headers, error.resultCode);
  }
  if (error instanceof ApiError) {
    return new ProtocolError(error.status, 'invalid_request', error.message, {}, error.resultCode);
  }
  const { statusCode } = error as { statusCode?: number };
  if (statusCode === 413) {
    return new ProtocolError(413, 'invalid_request', `The body must have at most ${METADATA_BODY_LIMIT} bytes.`);
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ProtocolError(statusCode, 'invalid_request', 'The request does not match its headers.');
  }
  return ProtocolError.of('serverError', 500, 'server_error');
}
