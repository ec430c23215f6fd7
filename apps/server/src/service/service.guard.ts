import { createParamDecorator, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { parseId } from '@clientele/model';
import { ApiError } from '../http/api-error.ts';
import { allows, type AccessRight } from './access-right.ts';
import type { AuthenticatedRequest } from './api-authentication.ts';
import type { Service } from './service.ts';

type ServiceRequest = AuthenticatedRequest & { params: { serviceId: string }; service?: Service };

/** The access right that a route needs. */
export const Needs = (right: AccessRight) => SetMetadata('accessRight', right);

/** The service that a call is about, as the guard found it. */
export const CurrentService = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<ServiceRequest>().service,
);

/** Lets through calls whose API access token may do what the route needs for the service in the path. */
@Injectable()
export class ServiceGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ServiceRequest>();
    const right = this.reflector.get<AccessRight>('accessRight', context.getHandler());
    const { apiAccessToken: token, services } = request;
    if (token === undefined || services === undefined) throw new ApiError(401, 'authorizationMissing');

    const serviceId = parseId(request.params.serviceId);
    const mayUse = token.serviceId === undefined || token.serviceId === serviceId;
    if (!mayUse || !allows(token.accessRights, right)) throw new ApiError(403, 'accessRightMissing', { right });

    const service = serviceId === undefined ? undefined : await services.find(serviceId);
    if (service === undefined) throw new ApiError(404, 'noSuchService');
    request.service = service;
    return true;
  }
}
