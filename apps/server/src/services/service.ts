import { ServiceSettingsDto } from './service-settings.dto.ts';

/** The settings as plain data. */
type ServiceSettings = { [P in keyof ServiceSettingsDto]: ServiceSettingsDto[P] };

/** A service: the settings of one authorization server, and the members that the server adds. */
export interface Service extends ServiceSettings {
  /** The service ID. Authlete names it `apiKey`. */
  readonly apiKey: number;
  /** Sequence number of the service. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. It increases with every change. */
  readonly modifiedAt: number;
}

/** A new service: it is open to dynamic registration and supports every value. */
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

/** Replaces all settings of a service. An omitted setting has its default. */
export function withSettings(service: Service, replacement: ServiceSettingsDto): Service {
  const { apiKey, number, createdAt, modifiedAt } = service;
  return { ...settings(replacement), apiKey, number, createdAt, modifiedAt: Math.max(Date.now(), modifiedAt + 1) };
}

/** The settings that are present. */
function settings(dto: ServiceSettingsDto): ServiceSettings {
  const present = Object.entries(dto).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as unknown as ServiceSettings;
}
