import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { hashToken } from '../crypto/token.ts';
import { ApiError } from '../http/api-error.ts';
import { bearerToken } from '../http/bearer.ts';
import type { ServiceSnapshot } from '../services/service-snapshot.ts';
import { ServiceStore } from '../services/service-store.ts';
import { ApiAccessTokenStore, tokenIdOf, type ApiAccessToken } from './api-access-token-store.ts';

/** A request with its API access token and the services as they are now. */
export type AuthenticatedRequest = FastifyRequest & { apiAccessToken?: ApiAccessToken; services?: ServiceSnapshot };

/**
 * Authenticates a request by its API access token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1
 */
@Injectable()
export class ApiAuthentication {
  constructor(
    private readonly services: ServiceStore,
    private readonly tokens: ApiAccessTokenStore,
  ) {}

  async authenticate(request: AuthenticatedRequest): Promise<void> {
    const tokenHash = hashToken(presentedToken(request.headers.authorization));
    const services = await this.services.snapshot();
    const token = await this.tokens.find(services, tokenHash);
    if (token === undefined || hasExpired(token) || !(await isOfExistingService(token, services)))
      throw new ApiError(401, 'apiAccessTokenInvalid');
    await this.tokens.noteUse(token);
    request.services = services;
    request.apiAccessToken = token;
    request.actor = `api_access_token ${tokenIdOf(tokenHash)}`;
  }
}

function hasExpired({ expiresAt = Infinity }: ApiAccessToken): boolean {
  return expiresAt <= Date.now();
}

/** Whether the service of a token exists. The tokens of a deleted service are deleted later. */
async function isOfExistingService({ serviceId }: ApiAccessToken, services: ServiceSnapshot): Promise<boolean> {
  return serviceId === undefined || (await services.find(serviceId)) !== undefined;
}

function presentedToken(authorization: string | undefined): string {
  if (authorization === undefined) throw new ApiError(401, 'authorizationMissing');
  const token = bearerToken(authorization);
  if (token === undefined) throw new ApiError(401, 'authorizationMalformed');
  return token;
}
