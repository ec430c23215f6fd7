import type { RegistrationSettings } from '../metadata/registration-settings.ts';

/** A service, as the service calls return it. The names are those of Authlete's `Service`. */
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
  /** A further setting; docs/services.md lists them. */
  readonly [setting: string]: unknown;
}

/** The response of `service/get/list`: services from one index to another. */
export interface ServicePage {
  readonly start: number;
  /** Exclusive, and that of the services in the page. */
  readonly end: number;
  /** The number of services that the API access token is for. */
  readonly totalCount: number;
  readonly services: readonly ServiceResponse[];
}
