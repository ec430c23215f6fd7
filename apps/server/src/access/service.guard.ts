import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { parseId } from '@clientele/model';
import { ApiError } from '../http/api-error.ts';
import type { Service } from '../services/service.ts';
import { allows, type AccessRight } from './access-right.ts';
import type { AuthenticatedRequest } from './api-authentication.ts';

type ServiceRequest = AuthenticatedRequest & { params: { serviceId: string }; service?: Service };

/** The service in the path of a call. */
export const CurrentService = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<ServiceRequest>().service,
);

/** Whether the API access token of a call has a right. */
export type Permission = (right: AccessRight) => boolean;

/** The rights of the caller, for a call whose response depends on them. */
export const Permits = createParamDecorator((_data: unknown, context: ExecutionContext): Permission => {
  const { apiAccessToken } = context.switchToHttp().getRequest<ServiceRequest>();
  return (right) => apiAccessToken !== undefined && allows(apiAccessToken.accessRights, right);
});

/** The API access token of a call. */
export const CallerToken = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<ServiceRequest>().apiAccessToken,
);

/** Refuses a call unless its API access token has the right of the route (`ApiRoute`). */
@Injectable()
export class RightGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<ServiceRequest>();
    const { apiAccessToken: token } = request;
    if (token === undefined) throw new ApiError(401, 'authorizationMissing');
    const { forAllServices, forAnyToken } = request.routeOptions.config.description ?? {};
    if (forAnyToken) return true;
    const right = rightOf(request);
    if (forAllServices && token.serviceId !== undefined) throw new ApiError(403, 'allServicesTokenRequired', { right });
    if (!allows(token.accessRights, right)) throw new ApiError(403, 'accessRightMissing', { right });
    return true;
  }
}

/** Refuses a call unless its API access token has the right of the route (`ApiRoute`) for the service in the path. */
@Injectable()
export class ServiceGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ServiceRequest>();
    const { apiAccessToken: token, services } = request;
    if (token === undefined || services === undefined) throw new ApiError(401, 'authorizationMissing');

    const right = rightOf(request);
    const serviceId = parseId(request.params.serviceId);
    const mayUse = token.serviceId === undefined || token.serviceId === serviceId;
    if (!mayUse || !allows(token.accessRights, right)) throw new ApiError(403, 'accessRightMissing', { right });

    const service = serviceId === undefined ? undefined : await services.find(serviceId);
    if (service === undefined) throw new ApiError(404, 'noSuchService');
    request.service = service;
    return true;
  }
}

/** The right that the route of a request requires (`ApiRoute`). */
function rightOf({ routeOptions }: ServiceRequest): AccessRight {
  return routeOptions.config.description?.right as AccessRight;
}
