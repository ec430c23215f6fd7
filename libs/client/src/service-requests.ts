import type { MergePatch } from './client-requests.ts';
import type { ServiceResponse } from './models.ts';

/** The ID of a service: a positive integer, or a string of its decimal digits. */
export type ServiceId = number | string;

/** The settings of a service to set. Members that only the server sets are ignored. */
export type ServiceSettings = Partial<ServiceResponse>;

/** The settings of a service to change. */
export type ServicePatch = MergePatch<ServiceSettings>;

/** The indexes of the page to get. */
export interface ServicePageRequest {
  /** Default: 0. */
  start?: number | undefined;
  /** Exclusive. A page has at most 100 services. Default: 100 after `start`. */
  end?: number | undefined;
}
