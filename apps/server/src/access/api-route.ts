import { applyDecorators, Controller, HttpCode, RequestMapping, RequestMethod, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { RouteDescription } from '../http/routes.ts';
import type { AccessRight } from './access-right.ts';
import { RightGuard, ServiceGuard } from './service.guard.ts';

/** A controller of routes below `/api/{serviceId}`. */
export function ApiController(path: string): ClassDecorator {
  return applyDecorators(Controller(`api/:serviceId/${path}`), UseGuards(ServiceGuard));
}

/** A controller of routes that belong to no service. */
export function InstallationController(path: string): ClassDecorator {
  return applyDecorators(Controller(`api/${path}`), UseGuards(RightGuard));
}

/**
 * A route of the API plane. Its path, status, access right and description are declared here and nowhere else: routing, the guard,
 * metrics, `Allow` and the OpenAPI document read them.
 */
export function ApiRoute(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  description: RouteDescription & ({ readonly right: AccessRight } | { readonly forAnyToken: true }),
): MethodDecorator {
  return applyDecorators(
    RequestMapping({ method: RequestMethod[method], path }),
    HttpCode(description.response.status ?? 200),
    RouteConfig({ description: { ...description, security: 'apiAccessToken' } satisfies RouteDescription }),
  );
}
