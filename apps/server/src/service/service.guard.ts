import { createParamDecorator, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { parseClientId, resultMessage } from '@clientele/model';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { hashToken } from '../token.ts';
import { allows, type AccessRight } from './access-right.ts';
import type { Service } from './service.ts';
import { ServiceStore } from './service-store.ts';

type ServiceRequest = FastifyRequest<{ Params: { serviceId: string } }> & { service?: Service };

/** The access right that a route needs. */
export const Needs = (right: AccessRight) => SetMetadata('accessRight', right);

/** The service that a call is about, as the guard found it. */
export const CurrentService = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<ServiceRequest>().service,
);

/** credentials = "Bearer" 1*SP b64token, RFC 6750 section 2.1; the scheme in any case, RFC 9110 section 11.1. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * Lets through calls whose API access token may do what the route needs for the service in the path.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1
 */
@Injectable()
export class ServiceGuard implements CanActivate {
  constructor(
    private readonly services: ServiceStore,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ServiceRequest>();
    const right = this.reflector.get<AccessRight>('accessRight', context.getHandler());

    const token = await this.services.findToken(hashToken(bearerToken(request.headers.authorization)));
    if (token === undefined) throw new ApiError(401, 'A172101');

    const serviceId = parseClientId(request.params.serviceId);
    const mayUse = token.serviceId === undefined || token.serviceId === serviceId;
    if (!mayUse || !allows(token.accessRights, right))
      throw new ApiError(403, 'A457101', resultMessage('A457101', { right }));

    const service = serviceId === undefined ? undefined : await this.services.find(serviceId);
    if (service === undefined) throw new ApiError(404, 'A003201');
    request.service = service;
    return true;
  }
}

function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined) throw new ApiError(401, 'A001202');
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw new ApiError(401, 'A001203');
  return token;
}
