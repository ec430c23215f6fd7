import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { hashToken } from '../token.ts';
import { ServiceStore, type ApiAccessToken } from './service-store.ts';

/** A request whose API access token was found. */
export type AuthenticatedRequest = FastifyRequest & { apiAccessToken?: ApiAccessToken };

/** credentials = "Bearer" 1*SP b64token, RFC 6750 section 2.1; the scheme in any case, RFC 9110 section 11.1. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * Finds the API access token of a request before its body is read: strangers cannot make the server parse anything.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1
 */
@Injectable()
export class ApiAuthentication {
  constructor(private readonly services: ServiceStore) {}

  async authenticate(request: AuthenticatedRequest): Promise<void> {
    const token = await this.services.findToken(hashToken(bearerToken(request.headers.authorization)));
    if (token === undefined) throw new ApiError(401, 'A172101');
    request.apiAccessToken = token;
  }
}

function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) throw new ApiError(401, 'A001202');
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw new ApiError(401, 'A001203');
  return token;
}
