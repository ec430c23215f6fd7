import { ServiceSettingsDto } from './service-settings.dto.ts';

/** The settings as they are kept: plain data. */
type ServiceSettings = { [P in keyof ServiceSettingsDto]: ServiceSettingsDto[P] };

/** A service, Authlete's tenant: the settings of one authorization server, and what the server adds to them. */
export interface Service extends ServiceSettings {
  /** The service ID. Authlete: `apiKey` by name. */
  readonly apiKey: number;
  /** Sequence number of the service. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970; later with every change. */
  readonly modifiedAt: number;
}

/** What a new service is made of: clients may register dynamically, and everything is supported. */
export function newService(apiKey: number, number: number, now: number): Service {
  return {
    ...settings(new ServiceSettingsDto()),
    serviceName: `Service ${number}`,
    dynamicRegistrationSupported: true,
    unauthorizedOnClientConfigSupported: true,
    apiKey,
    number,
    createdAt: now,
    modifiedAt: now,
  };
}

/** The service with all of its settings replaced: those that are omitted are at their defaults. */
export function withSettings(service: Service, replacement: ServiceSettingsDto): Service {
  const { apiKey, number, createdAt, modifiedAt } = service;
  return { ...settings(replacement), apiKey, number, createdAt, modifiedAt: Math.max(Date.now(), modifiedAt + 1) };
}

/** A plain object without what is `null` or `undefined`: absent settings are omitted wherever they go. */
function settings(dto: ServiceSettingsDto): ServiceSettings {
  const present = Object.entries(dto).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(present) as unknown as ServiceSettings;
}
