import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { bearerToken } from '../http/bearer.ts';
import { hashToken } from '../crypto/token.ts';
import type { ApiAccessToken, ServiceSnapshot } from '../services/service-snapshot.ts';
import { ServiceStore } from '../services/service-store.ts';

/** A request whose API access token was found, and the services as they were then. */
export type AuthenticatedRequest = FastifyRequest & { apiAccessToken?: ApiAccessToken; services?: ServiceSnapshot };

/**
 * Finds the API access token of a request before its body is read: strangers cannot make the server parse anything.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1
 */
@Injectable()
export class ApiAuthentication {
  constructor(private readonly services: ServiceStore) {}

  async authenticate(request: AuthenticatedRequest): Promise<void> {
    const tokenHash = hashToken(presentedToken(request.headers.authorization));
    const services = await this.services.snapshot();
    const token = await services.findToken(tokenHash);
    if (token === undefined) throw new ApiError(401, 'apiAccessTokenInvalid');
    request.services = services;
    request.apiAccessToken = token;
  }
}

function presentedToken(authorization: string | undefined): string {
  if (authorization === undefined) throw new ApiError(401, 'authorizationMissing');
  const token = bearerToken(authorization);
  if (token === undefined) throw new ApiError(401, 'authorizationMalformed');
  return token;
}
