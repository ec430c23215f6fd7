import { areNumbers, areObjects, checked, type Members } from './checked.ts';
import type { JsonWebKeySet, ServicePage, ServiceResponse } from './models.ts';
import type { ApiResponse } from './response.ts';

/** @throws {ApiError} if the response is not a service. */
export function readService(response: ApiResponse): ServiceResponse {
  return checked(response, isService) as ServiceResponse;
}

/** @throws {ApiError} if the response is not a page of services. */
export function readServicePage(response: ApiResponse): ServicePage {
  return checked(
    response,
    ({ end, totalCount, services }) => areNumbers(end, totalCount) && areObjects(services) && services.every(isService),
  ) as ServicePage;
}

/** @throws {ApiError} if the response is not an object. */
export function readConfiguration(response: ApiResponse): Members {
  return checked(response, () => true) as Members;
}

/** @throws {ApiError} if the response is not a JWK Set. */
export function readKeySet(response: ApiResponse): JsonWebKeySet {
  return checked(response, ({ keys }) => areObjects(keys)) as JsonWebKeySet;
}

function isService({ apiKey }: Members): boolean {
  return areNumbers(apiKey);
}
