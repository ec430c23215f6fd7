import type { RegistrationSettings } from '../metadata/registration-settings.ts';

/**
 * A service, as the service calls return it. It has further settings, which docs/services.md lists. The names are those of Authlete's
 * `Service`.
 */
export interface ServiceResponse extends RegistrationSettings {
  /** The service ID. */
  readonly apiKey: number;
  /** Sequence number of the service. */
  readonly number: number;
  readonly serviceName: string;
  readonly issuer?: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** The response of `service/get/list`: services from one index to another. */
export interface ServicePage<Service = ServiceResponse> {
  readonly start: number;
  /** Exclusive, and that of the services in the page. */
  readonly end: number;
  /** The number of services that the API access token is for. */
  readonly totalCount: number;
  readonly services: readonly Service[];
}
